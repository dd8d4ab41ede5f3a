# What the alarms skill says.

alarms-ask-due = { $variant ->
    [0] For what time?
    [1] What time shall it ring?
   *[other] For when?
  }
alarms-ask-due-day = At what time { $day }?
alarms-ask-which = You have { $amount } alarms: { $choices }. Which one?
alarms-none = { $variant ->
    [0] No alarm is set.
   *[other] There is no alarm set.
  }
alarms-none-then = There is no alarm set for { $day }.
alarms-none-rings = Nothing is ringing.
alarms-no-time = There is no { $said } on the clock, so I set nothing.
alarms-past = That time has passed already.
alarms-set = { $recurring ->
    [yes] { $variant ->
        [0] Alarm set { skills-every }, first { $due }.
       *[other] Your alarm will ring { skills-every } at { $clock }.
      }
   *[no] { $variant ->
        [0] Alarm set for { $due }.
        [1] Okay, { $due }.
       *[other] I set an alarm for { $due }.
      }
  }
alarms-set-several = { $recurring ->
    [yes] Your alarms will ring { skills-every } at { $clocks }.
   *[no] { $variant ->
        [0] Alarms set for { $dues }.
       *[other] I set { $amount } alarms: { $dues }.
      }
  }
alarms-one = { $recurring ->
    [yes] You have an alarm { skills-every } at { $clock }, next { $due }.
   *[no] { $variant ->
        [0] One alarm, { $due }.
       *[other] Your alarm is set for { $due }.
      }
  }
alarms-several = You have { $amount } alarms: { $dues }.
alarms-next = Your next alarm is set for { $due }.
alarms-ringing = An alarm is ringing right now.
alarms-missed = The alarm for { $due } did not ring, because I was off.
alarms-removed = { $amount ->
    [1] { $recurring ->
        [yes] The alarm { skills-every } is removed.
       *[no] { $variant ->
            [0] Alarm for { $due } removed.
           *[other] The alarm for { $due } is gone.
          }
      }
   *[other] { $amount } alarms removed.
  }
alarms-snoozed = { $variant ->
    [0] Okay, { $by } more.
   *[other] I'll ring again in { $by }.
  }
alarms-stopped = { $variant ->
    [0] Okay.
   *[other] Stopped.
  }
alarms-restored = { $amount ->
    [1] The alarm for { $due } is back.
   *[other] The alarms are back.
  }
