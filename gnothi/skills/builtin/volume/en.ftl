# What the volume skill says.

volume-ask = { $variant ->
    [0] How loud?
   *[other] To how many percent?
  }
volume-beyond = I can set the volume only between 0 and 100 percent.
volume-set = { $variant ->
    [0] Volume at { $percent } percent.
   *[other] { $percent } percent.
  }
volume-muted = { $variant ->
    [0] Muted.
   *[other] Okay, quiet.
  }
volume-unmuted = { $variant ->
    [0] The sound is back.
   *[other] Sound on.
  }
