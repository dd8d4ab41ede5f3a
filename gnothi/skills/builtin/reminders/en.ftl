# What the reminders skill says.

reminders-ask-text = { $variant ->
    [0] What shall I remind you of?
   *[other] What is it about?
  }
reminders-ask-due = { $variant ->
    [0] When shall I remind you?
   *[other] When?
  }
reminders-ask-which = You have { $amount } reminders: { $choices }. Which one?
reminders-no-time = There is no { $said } on the clock, so I set nothing.
reminders-past = That has passed already.
reminders-none = You have no reminders.
reminders-none-then = You have no reminders for { $day }.
reminders-set = { $recurring ->
    [yes] I'll remind { $whom ->
        [me] you
       *[other] { $whom }
      } { skills-every } at { $clock }: { $text }.
   *[no] { $variant ->
        [0] Okay: { $text }, { $due }.
       *[other] I'll remind { $whom ->
            [me] you
           *[other] { $whom }
          } { $today ->
            [yes] at { $due }
           *[no] { $due }
          }: { $text }.
      }
  }
reminders-one = One reminder: { $text }, { $due }.
reminders-several = You have { $amount } reminders: { $texts }.
reminders-next = The next one: { $text }, { $due }.
reminders-missed = This came due while I was off: { $text }, { $due }.
reminders-removed = { $amount ->
    [1] I won't remind you of “{ $text }”.
   *[other] { $amount } reminders removed.
  }
reminders-restored = { $amount ->
    [1] The reminder “{ $text }” is back.
   *[other] The reminders are back.
  }
