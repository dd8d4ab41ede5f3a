# What the home skill says.

home-kinds = { $kind ->
    [light] { $devices_count ->
        [1] light
       *[other] lights
      }
    [switch] { $devices_count ->
        [1] switch
       *[other] switches
      }
    [cover] { $devices_count ->
        [1] blind
       *[other] blinds
      }
    [lock] { $devices_count ->
        [1] lock
       *[other] locks
      }
    [fan] { $devices_count ->
        [1] fan
       *[other] fans
      }
    [media_player] { $devices_count ->
        [1] player
       *[other] players
      }
    [climate] { $devices_count ->
        [1] thermostat
       *[other] thermostats
      }
   *[other] { $devices_count ->
        [1] device
       *[other] devices
      }
  }
home-targets = { $scope ->
    [area] the { home-kinds } in { $area }
    [many] { $devices_count } { home-kinds }
   *[named] { $devices }
  }
home-amount = { $unit ->
    [percent] { $value } percent
    [degrees] { $value } degrees
    [kelvin] { $value } kelvin
   *[none] { $value }
  }

home-on = { $variant ->
    [0] { home-targets }: on.
    [1] I turned on { home-targets }.
   *[other] Turned on { home-targets }.
  }
home-off = { $variant ->
    [0] { home-targets }: off.
    [1] I turned off { home-targets }.
   *[other] Turned off { home-targets }.
  }
home-toggle = Switched { home-targets }.
home-open = { $variant ->
    [0] Opening { home-targets }.
   *[other] Opened { home-targets }.
  }
home-close = { $variant ->
    [0] Closing { home-targets }.
   *[other] Closed { home-targets }.
  }
home-stop = Stopped { home-targets }.
home-lock = Locked { home-targets }.
home-unlock = Unlocked { home-targets }.
home-arm = Armed { home-targets }.
home-disarm = Disarmed { home-targets }.
home-brightness = Set { home-targets } to { home-amount }.
home-color = Changed the colour of { home-targets }.
home-color_temp = Set { home-targets } to { home-amount }.
home-temperature = Set { home-targets } to { home-amount }.
home-mode = Set { home-targets } to { $value }.
home-speed = Set { home-targets } to { home-amount }.
home-position = Set { home-targets } to { home-amount }.
home-humidity = Set { home-targets } to { home-amount }.
home-volume = Set the volume of { home-targets } to { home-amount }.
home-mute = Muted { home-targets }.
home-unmute = The sound of { home-targets } is back.
home-play = { home-targets } { $number ->
    [1] is
   *[other] are
  } playing.
home-pause = Paused { home-targets }.
home-halt = Stopped { home-targets }.
home-next = Next on { home-targets }.
home-previous = Previous on { home-targets }.
home-clean = { home-targets } { $number ->
    [1] is
   *[other] are
  } at work.
home-dock = { home-targets } { $number ->
    [1] is going
   *[other] are going
  } back to base.
home-activate = { $devices }: done.
home-changed-up = Turned up { home-targets }.
home-changed-down = Turned down { home-targets }.

home-already = { home-targets } { $number ->
    [1] is
   *[other] are
  } already { $state ->
    [on] on
    [off] off
    [open] open
    [closed] closed
    [locked] locked
    [unlocked] unlocked
    [armed] armed
    [disarmed] disarmed
    [playing] playing
    [paused] paused
    [cleaning] at work
    [docked] at the base
    [returning] on the way back
   *[other] set that way
  }.
home-failed = { home-targets } did not obey: { $reason }
home-restored = { home-targets } { $number ->
    [1] is
   *[other] are
  } as before.

home-confirm = { $operation ->
    [unlock] Unlock { home-targets }?
    [open] Open { home-targets }?
    [position] Open { home-targets }?
    [disarm] Disarm { home-targets }?
    [off] Switch off { home-targets }?
    [toggle] Switch { home-targets }?
    [on] Switch on { home-targets }?
    [activate] Run { home-targets }?
   *[other] Shall I really do that to { home-targets }?
  }
home-confirm-several = { $unlock_count ->
    [0] {""}
   *[other] unlock { $unlock },
  } { $open_count ->
    [0] {""}
   *[other] open { $open },
  } { $disarm_count ->
    [0] {""}
   *[other] disarm { $disarm },
  } { $off_count ->
    [0] {""}
   *[other] switch off { $off },
  } { $on_count ->
    [0] {""}
   *[other] switch on { $on },
  } { $toggle_count ->
    [0] {""}
   *[other] switch { $toggle },
  } { $activate_count ->
    [0] {""}
   *[other] run { $activate },
  } { $other_count ->
    [0] {""}
   *[other] change { $other },
  } all of that?
home-which = Which one: { $choices }?
home-which-many = Which one do you mean? I know { $amount } that fit.
home-ask-value = { $operation ->
    [temperature] To what temperature?
    [brightness] How bright?
    [color] Which colour?
    [volume] How loud?
    [position] How far?
    [speed] How fast?
    [humidity] To what humidity?
   *[other] To what?
  }
home-no-such = I know no { $words } in this home.
home-later = I can only do that right away, not later. I could remind you.
home-no-thermostat = There is no thermostat there that I could set.
home-awhile = I can do that now, but not for a while only. I could set a timer to remind you.
home-none-there = There is nothing like that there.
home-cannot = { home-targets } can't do that.
home-beyond = I can set { home-targets } only between { $low } and { $high } { $unit ->
    [degrees] degrees
   *[other] percent
  }.
home-unclear = I don't know which device you mean.

# Answers from the state

home-state = { $state ->
    [on] on
    [off] off
    [open] open
    [closed] closed
    [opening] opening
    [closing] closing
    [locked] locked
    [unlocked] unlocked
    [armed] armed
    [armed_home] armed for home
    [armed_away] armed
    [armed_night] armed for the night
    [disarmed] disarmed
    [playing] playing
    [paused] paused
    [idle] idle
    [cleaning] at work
    [docked] at the base
    [returning] on its way to the base
    [heat] heating
    [cool] cooling
    [auto] on automatic
    [detected] detecting something
    [clear] quiet
    [jammed] jammed
    [home] at home
    [not_home] away
   *[other] { $state }
  }
home-states = { $number ->
    [1] is { home-state }
   *[other] are { home-state }
  }
home-check-yes = Yes, { $devices } { home-states }.
home-check-no = No, { $devices } { home-states }.
home-unknown = I don't know the state of { $devices }.
home-unreachable = I can't reach { $devices } right now.
home-any-yes = Yes: { $devices } { home-states }.
home-any-no = No, none of them { home-is-state }.
home-is-state = is { home-state }
home-all-yes = { $devices_count ->
    [1] Yes, { $devices } { home-states }.
    [2] Yes, both are { home-state }.
   *[other] Yes, all { $devices_count } are { home-state }.
  }
home-all-no = No: { $devices } { $number ->
    [1] is not.
   *[other] are not.
  }
home-which-these = { $devices } { home-states }.
home-which-none = None of them { home-is-state }.
home-count = { $devices_count ->
    [0] None of { $total } { home-is-state }.
    [1] One of { $total } is { home-state }: { $devices }.
   *[other] { $devices_count } of { $total } are { home-state }: { $devices }.
  }
home-status = { $devices } { home-states }.
home-status-level = { $devices } { home-states }, at { home-amount }.
home-value-temperature = { $place ->
    [none] { $devices }: { $value } degrees.
   *[other] It is { $value } degrees in { $place }.
  }
home-value-setpoint = { $devices } { $number ->
    [1] is
   *[other] are
  } set to { home-amount }.
home-value-humidity = { $devices }: { $value } percent humidity.
home-value-battery = The battery of { $devices } is at { $value } percent.
home-value-battery-low = The battery of { $devices } is low.
home-value-battery-fine = The battery of { $devices } is fine.
home-value-brightness = { $devices } is at { $value } percent.
home-value-volume = The volume of { $devices } is { $value } percent.
home-value-color = The colour of { $devices } is { $value }.
home-value-speed = { $devices } runs at { $value } percent.
home-value-position = { $devices } is { $value } percent open.
home-value-mode = { $devices } is set to { $value }.
home-value-media = { $value } is playing on { $devices }.
home-sensor-percent = { $devices }: { $value } percent.
home-value-power = { $devices }: { $value }.
home-value-none = I can't tell that of { $devices }.
home-how-long = { $devices } { $number ->
    [1] has
   *[other] have
  } been { home-state } for { $duration }.
home-how-long-not = { $devices } { home-states }.
home-how-long-unknown = { $devices } { home-states }, but I don't know since when.
home-when = { $devices } { $number ->
    [1] was
   *[other] were
  } last { home-state } { $moment }.
home-when-never = I have not seen that happen to { $devices }.
home-presence-home = { $number ->
    [1] { $devices } is at home.
   *[other] { $devices } are at home.
  }
home-presence-nobody = Nobody seems to be at home.
home-presence-motion = There was movement: { $devices }.
home-presence-unknown = I can't tell who is at home.
