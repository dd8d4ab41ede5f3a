# What the timers skill says.

timers-ask-duration = { $variant ->
    [0] For how long?
    [1] How long should it run?
   *[other] How long?
  }
timers-no-length = A timer has to run for more than no time, so I set none.
timers-ask-more = How much time shall I add?
timers-ask-less = How much time shall I take off?
timers-ask-which = You have { $amount } timers: { $choices }. Which one?
timers-none = There is no timer running.
timers-set = { $named ->
    [yes] { $variant ->
        [0] { $length } on the { $name } timer, starting now.
       *[other] The { $name } timer is set for { $length }.
      }
   *[no] { $variant ->
        [0] { $length }, starting now.
        [1] { $length } on the clock.
       *[other] Timer set for { $length }.
      }
  }
timers-left = { $named ->
    [yes] { $left } left on the { $name } timer.
   *[no] { $amount ->
        [1] { $left } left.
       *[other] { $left } left on the timer for { $length }.
      }
  }
timers-paused-left = { $named ->
    [yes] The { $name } timer is paused, with { $left } left.
   *[no] The timer for { $length } is paused, with { $left } left.
  }
timers-rings = { $named ->
    [yes] The { $name } timer has run out.
   *[no] The timer for { $length } has run out.
  }
timers-cancelled = { $amount ->
    [1] { $named ->
        [yes] The { $name } timer is cancelled.
       *[no] Timer cancelled.
      }
   *[other] { $amount } timers cancelled.
  }
timers-paused = { $amount ->
    [1] { $named ->
        [yes] The { $name } timer is paused with { $left } left.
       *[no] Paused with { $left } left.
      }
   *[other] { $amount } timers paused.
  }
timers-already-paused = { $named ->
    [yes] The { $name } timer is paused already.
   *[no] The timer is paused already.
  }
timers-not-paused = No timer is paused.
timers-resumed = { $amount ->
    [1] { $named ->
        [yes] The { $name } timer runs again, { $left } left.
       *[no] Running again, { $left } left.
      }
   *[other] { $amount } timers running again.
  }
timers-added = { $named ->
    [yes] Added { $by } to the { $name } timer: { $left } left.
   *[no] Added { $by }: { $left } left.
  }
timers-taken = { $named ->
    [yes] Took { $by } off the { $name } timer: { $left } left.
   *[no] Took { $by } off: { $left } left.
  }
timers-taken-all = That's more than is left. The timer ends now.
timers-restored = { $amount ->
    [1] The timer is back as it was.
   *[other] The timers are back as they were.
  }
