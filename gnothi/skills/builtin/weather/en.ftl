# What the weather skill says.

weather-sky = { $sky ->
    [clear] clear
    [partly] partly cloudy
    [cloudy] cloudy
    [fog] foggy
    [drizzle] drizzly
    [rain] rainy
    [snow] snowy
    [thunder] stormy, with thunder
   *[other] changeable
  }
weather-now = { $variant ->
    [0] { $place }: { weather-sky }, { $temperature } degrees.
    [1] It's { $temperature } degrees and { weather-sky } in { $place }.
   *[other] Right now it is { weather-sky } in { $place }, { $temperature } degrees.
  }
weather-day = { $variant ->
    [0] { $place }, { $when }: { weather-sky }, { $low } to { $high } degrees.
   *[other] It will be { weather-sky } in { $place } { $when }, with { $low } to { $high } degrees.
  }
weather-day-rain = The chance of rain is { $chance } percent.
weather-span = { $place }, { $when } to { $last }: { $low } to { $high } degrees, { $wet ->
    [0] and no rain in sight.
    [1] with rain on one day.
   *[other] with rain on { $wet } days.
  }
weather-rain = { $answer ->
    [yes] Yes, it will probably rain in { $place } { $when }: { $chance } percent.
    [maybe] Perhaps: the chance of rain in { $place } { $when } is { $chance } percent.
   *[no] No, rain is unlikely in { $place } { $when }: { $chance } percent.
  }
weather-rain-now = { $answer ->
    [yes] Yes, it's raining in { $place }.
   *[no] No, it's dry in { $place } at the moment. The chance of rain later today is { $chance } percent.
  }
weather-umbrella = { $answer ->
    [yes] Yes, take an umbrella: { $chance } percent chance of rain in { $place } { $when }.
    [maybe] An umbrella would not hurt: { $chance } percent chance of rain in { $place } { $when }.
   *[no] No umbrella needed: { $chance } percent chance of rain in { $place } { $when }.
  }
weather-snow = { $answer ->
    [yes] Yes, snow is on its way in { $place } { $when }, about { $amount } centimetres.
   *[no] No snow is expected in { $place } { $when }.
  }
weather-speed = { $imperial ->
    [yes] miles per hour
   *[no] kilometres per hour
  }
weather-wind-now = The wind in { $place } blows at { $wind } { weather-speed }.
weather-wind = The wind in { $place } { $when } reaches { $wind } { weather-speed }.
weather-humidity = The humidity in { $place } is { $humidity } percent.
weather-temperature-now = { $variant ->
    [0] { $temperature } degrees in { $place }.
   *[other] It's { $temperature } degrees in { $place }, and feels like { $feels }.
  }
weather-outside = { $variant ->
    [0] It is { $temperature } degrees outside.
   *[other] The thermometer outside says { $temperature } degrees.
  }
weather-temperature = Between { $low } and { $high } degrees in { $place } { $when }.
weather-jacket = { $answer ->
    [yes] Yes, dress warmly: { $low } to { $high } degrees in { $place } { $when }.
    [maybe] A light jacket will do: { $low } to { $high } degrees in { $place } { $when }.
   *[no] No jacket needed: { $low } to { $high } degrees in { $place } { $when }.
  }
weather-sunrise = The sun rises at { $sunrise } in { $place } { $when }.
weather-sunset = The sun sets at { $sunset } in { $place } { $when }.
weather-stale = That's from { $age } ago, because the weather service can't be reached.
weather-offline = I can't reach the weather service, so I don't know.
weather-unknown-place = I don't know a place called { $place }.
weather-too-far = The forecast doesn't reach that far: only until { $last }.
weather-past = I only know the weather from today on.
weather-nowhere = I don't know where your home is. Tell me a place.
