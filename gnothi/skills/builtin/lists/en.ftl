# What the lists skill says.

lists-ask-items = { $variant ->
    [0] What shall I add to { $list }?
   *[other] What shall I put on { $list }?
  }
lists-ask-name = What shall the list be called?
lists-ask-remove = What shall I take off { $list }?
lists-ask-complete = Which item is done?
lists-added = { $variant ->
    [0] { $items } added to { $list }.
    [1] I've put { $items } on { $list }.
   *[other] Added { $items } to { $list }.
  }
lists-added-new = I made a new list, { $list }, and put { $items } on it.
lists-already = { $items_count ->
    [1] { $items } is on { $list } already.
   *[other] { $items } are on { $list } already.
  }
lists-created = I made the list { $list }.
lists-exists = There is a list { $list } already.
lists-items = { $items_count ->
    [0] There is nothing on { $list }.
    [1] There is one thing on { $list }: { $items }.
   *[other] There are { $items_count } things on { $list }: { $items }.
  }
lists-more = The other { $amount } are on the screen.
lists-yes = Yes, { $item } is on { $list }.
lists-yes-done = { $item } is on { $list }, but it is checked off.
lists-no = No, { $item } is not on { $list }.
lists-names = { $lists_count ->
    [0] There are no lists yet.
    [1] There is one list: { $lists }.
   *[other] You have { $lists_count } lists: { $lists }.
  }
lists-removed = { $variant ->
    [0] I took { $items } off { $list }.
   *[other] Removed { $items } from { $list }.
  }
lists-not-there = { $items_count ->
    [1] { $items } is not on { $list }.
   *[other] { $items } are not on { $list }.
  }
lists-empty = There is nothing on { $list }.
lists-cleared = { $list } is empty now.
lists-deleted = I deleted { $list }.
lists-confirm-delete = Delete the list { $list } with { $amount ->
    [0] nothing
    [1] one thing
   *[other] { $amount } things
  } on it?
lists-completed = { $variant ->
    [0] { $items } checked off.
    [1] Done: { $items }.
   *[other] Checked off { $items }.
  }
lists-none = There are no lists in this home.
lists-unknown = There is no list called { $name }.
lists-restored = { $list } is back as it was.
lists-removed-list = The list { $list } is gone again.
lists-default = your list
