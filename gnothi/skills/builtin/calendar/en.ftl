# What the calendar says.

calendar-ask-title = { $variant ->
    [0] What shall I call it?
   *[other] What is it?
  }
calendar-ask-start = { $variant ->
    [0] When is it?
   *[other] For when?
  }
calendar-ask-which = There are { $amount }: { $choices }. Which one?
calendar-confirm-clear = Really delete { $amount ->
    [1] “{ $title }”
   *[other] { $amount } events
  } from the calendar?
calendar-added = { $all_day ->
    [yes] { $recurring ->
        [yes] “{ $title }” is in the calendar, { skills-every }.
       *[no] “{ $title }” is in the calendar for { $day }.
      }
   *[no] { $recurring ->
        [yes] “{ $title }” is in the calendar, { skills-every } at { $clock }.
       *[no] { $variant ->
            [0] “{ $title }” is in the calendar, { calendar-then }.
           *[other] I put “{ $title }” in the calendar, { calendar-then }.
          }
      }
  }
calendar-then = { $today ->
    [yes] today at { $start }
   *[no] { $start }
  }
calendar-moved = { $all_day ->
    [yes] “{ $title }” is now { $day }.
   *[no] “{ $title }” is now { calendar-then }.
  }
calendar-cant-move = “{ $title }” repeats, and I can't move a single time of it yet.
calendar-conflict = At that time there is also “{ $other }”.
calendar-none = There is nothing in the calendar.
calendar-none-on = There is nothing in the calendar { $is_span ->
    [yes] from { $start } to { $last }
   *[no] { $start }
  }.
calendar-none-called = I find nothing called “{ $title }” in the calendar.
calendar-count = { $amount ->
    [1] One thing:
   *[other] { $amount } things:
  }
calendar-event = { $all_day ->
    [yes] { $title }, { $day }.
   *[no] { $has_place ->
        [yes] { $title }, { $start }, { $place }.
       *[no] { $title }, { $start }.
      }
  }
calendar-when = { $all_day ->
    [yes] “{ $title }” is { $day }.
   *[no] { $today ->
        [yes] “{ $title }” is at { $start }.
       *[no] “{ $title }” is { $start }.
      }
  }
calendar-where = { $has_place ->
    [yes] “{ $title }” is at { $place }.
   *[no] The calendar doesn't say where “{ $title }” is.
  }
calendar-next = { $all_day ->
    [yes] Next is “{ $title }”, { $day }.
   *[no] Next is “{ $title }”, { $start }.
  }
calendar-more = And { $amount } more.
calendar-free = You are free { $start }.
calendar-busy = { $amount ->
    [1] There is one thing { $start }: { $titles }.
   *[other] There are { $amount } things { $start }: { $titles }.
  }
calendar-removed = { $amount ->
    [1] { $recurring ->
        [yes] I took “{ $title }” off the calendar, with all its repetitions.
       *[no] I took “{ $title }” off the calendar.
      }
   *[other] I took { $amount } events off the calendar.
  }
calendar-restored = { $amount ->
    [1] The event is back in the calendar.
   *[other] { $amount } events are back in the calendar.
  }
