# What the calculator says.

calculation-ask = What shall I calculate?
calculation-result = { $variant ->
    [0] { $result }.
    [1] That's { $result }.
   *[other] That makes { $result }.
  }
calculation-yes = Yes, { $result } times.
calculation-no = No, there is a remainder of { $rest }.
calculation-converted = { $source } { $exact ->
    [yes] is
   *[no] is about
  } { $target }.
calculation-not-understood = I can't calculate that.
calculation-by-zero = Nothing can be divided by zero.
calculation-undefined = That has no real answer.
calculation-too-large = That number is too large for me.
calculation-different = These measure different things: { $source } and { $target }.
