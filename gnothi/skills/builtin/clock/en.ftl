# What the clock says.

clock-time = { $variant ->
    [0] It's { $time }.
    [1] { $time }.
   *[other] It is { $time }.
  }
clock-time-there = { $same_day ->
    [yes] In { $place } it's { $time }.
   *[no] In { $place } it's { $time }, { $day }.
  }
clock-date = { $is_today ->
    [yes] Today is { $date }.
   *[no] That is { $date }.
  }
clock-weekday = { $is_today ->
    [yes] Today is { $weekday }.
   *[no] That's a { $weekday }.
  }
clock-month = It's { $month }.
clock-year = It's { $year }.
clock-week = This is week { $week } of { $year }.
clock-week-of = That's in week { $week } of { $year }.
clock-unknown-day = I don't know which day you mean.
clock-until = { $days ->
    [0] That's today.
    [1] That's tomorrow.
   *[other] { $days } days, until { $date }.
  }
clock-weeks = { $past ->
    [yes] That was { $weeks } { $weeks ->
        [1] week
       *[other] weeks
      }{ $rest ->
        [0] {""}
        [1] {" "}and one day
       *[other] {" "}and { $rest } days
      } ago, on { $date }.
   *[no] { $weeks } { $weeks ->
        [1] week
       *[other] weeks
      }{ $rest ->
        [0] {""}
        [1] {" "}and one day
       *[other] {" "}and { $rest } days
      }, until { $date }.
  }
clock-until-time = { $left }, until { $due }.
clock-guess = { $right ->
    [yes] Yes, { $is_today ->
        [yes] today
       *[no] tomorrow
      } is { $date }.
   *[no] No, { $is_today ->
        [yes] today
       *[no] tomorrow
      } is { $date }.
  }
clock-since = { $days ->
    [1] That was yesterday.
   *[other] That was { $days } days ago, on { $date }.
  }
clock-zone = { $place } is in the time zone { $zone }, { $offset_sign ->
    [ahead] { $offset } ahead of
    [behind] { $offset } behind
   *[same] the same as
  } UTC.
clock-here = Here it's { $zone }, { $offset_sign ->
    [ahead] { $offset } ahead of
    [behind] { $offset } behind
   *[same] the same as
  } UTC.
clock-unknown-place = I don't know what time it is in { $place }.
clock-converted = { $time } in { $source } is { $converted } in { $target }{ $days ->
    [0] .
    [-1] {", the day before."}
   *[other] {", the day after."}
  }
clock-converted-from-here = { $time } here is { $converted } in { $target }{ $days ->
    [0] .
    [-1] {", the day before."}
   *[other] {", the day after."}
  }
clock-converted-here = { $time } in { $source } is { $converted } here{ $days ->
    [0] .
    [-1] {", the day before."}
   *[other] {", the day after."}
  }
clock-ahead = { $here ->
    [yes] { $target } is { $offset } ahead of us.
   *[no] { $target } is { $offset } ahead of { $source }.
  }
clock-behind = { $here ->
    [yes] { $target } is { $offset } behind us.
   *[no] { $target } is { $offset } behind { $source }.
  }
clock-same = { $here ->
    [yes] { $target } has the same time as we have.
   *[no] { $target } and { $source } have the same time.
  }
clock-ask-place = Which place do you mean?
