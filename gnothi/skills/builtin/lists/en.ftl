# What the lists skill says.

lists-called = { $is_list ->
    [yes] the { $list }
   *[no] the list “{ $list }”
  }

lists-ask-items = { $variant ->
    [0] What shall I add to { lists-called }?
   *[other] What shall I put on { lists-called }?
  }
lists-ask-name = What shall the list be called?
lists-ask-remove = What shall I take off { lists-called }?
lists-ask-complete = Which item is done?
lists-added = { $variant ->
    [0] Okay, { $items } { $items_count ->
        [1] is
       *[other] are
      } on { lists-called }.
    [1] I've put { $items } on { lists-called }.
   *[other] Added { $items } to { lists-called }.
  }
lists-added-new = I made { lists-called } and put { $items } on it.
lists-already = { lists-called } has { $items } on it already.
lists-created = I made { lists-called }.
lists-exists = There is { lists-called } already.
lists-items = { $items_count ->
    [0] There is nothing on { lists-called }.
    [1] There is one thing on { lists-called }: { $items }.
   *[other] There are { $items_count } things on { lists-called }: { $items }.
  }
lists-more = The other { $amount } are on the screen.
lists-yes = Yes, { $item } is on { lists-called }.
lists-yes-done = You checked off { $item } on { lists-called }.
lists-no = No, { $item } is not on { lists-called }.
lists-names = { $lists_count ->
    [0] There are no lists yet.
    [1] There is one list: { $lists }.
   *[other] You have { $lists_count } lists: { $lists }.
  }
lists-removed = { $variant ->
    [0] I took { $items } off { lists-called }.
   *[other] Removed { $items } from { lists-called }.
  }
lists-not-there = { $items_count ->
    [1] I don't see { $items } on { lists-called }.
   *[other] I don't see { $items } on { lists-called }.
  }
lists-empty = There is nothing on { lists-called }.
lists-cleared = I emptied { lists-called }.
lists-deleted = I deleted { lists-called }.
lists-confirm-delete = Delete { lists-called } with { $amount ->
    [0] nothing
    [1] one thing
   *[other] { $amount } things
  } on it?
lists-completed = { $variant ->
    [0] Okay, { $items } checked off.
    [1] Done: { $items }.
   *[other] Checked off { $items }.
  }
lists-none = There are no lists in this home.
lists-unknown = There is no list called { $name }.
lists-restored = I put { lists-called } back as it was.
lists-removed-list = I took { lists-called } away again.
