# What `gnothi library` says.
library-reading = Reading tags
library-fetching-albums = Fetching albums
library-fetching-listens = Fetching listens
library-added = { $songs ->
    [one] One song
   *[other] { $songs } songs
  } by { $artists ->
    [0] nobody who is named
    [one] one artist
   *[other] { $artists } artists
  } { $songs ->
    [one] is
   *[other] are
  } in the library now.
library-left-out = { $files ->
    [one] One file is left out, it is empty or damaged: { $names }
   *[other] { $files } files are left out, they are empty or damaged: { $names }
  }
library-to-play = To play them, too, set GNOTHI_MUSIC to { $folder }.
library-imported = { $albums ->
    [one] One album
   *[other] { $albums } albums
  } by { $artists ->
    [0] nobody who is named
    [one] one artist
   *[other] { $artists } artists
  } { $albums ->
    [one] is
   *[other] are
  } in the library now.
library-heard = { $plays ->
    [0] No new plays for { $person }.
    [one] One play is in the listening history of { $person } now.
   *[other] { $plays } plays are in the listening history of { $person } now.
  }
library-empty = The library is empty. Fill it with: gnothi library add FOLDER
library-source = { $name }: { $pieces } { $kind ->
    [album] { $pieces ->
        [one] album
       *[other] albums
      }
   *[other] { $pieces ->
        [one] song
       *[other] songs
      }
  }
library-artists = { $artists ->
    [one] One artist
   *[other] { $artists } artists
  }; of { $known } our own catalogue knows moods and countries.
library-genres = Most: { $genres }
library-history = { $person }: { $plays ->
    [one] one play
   *[other] { $plays } plays
  } of { $artists ->
    [one] one artist
   *[other] { $artists } artists
  }; most: { $most }
library-no-history = Nothing is known of what { $person } listens to.
library-forgotten = What came from { $name } is forgotten.
library-history-forgotten = { $artists ->
    [0] Nothing was known of what { $person } listens to.
    [one] One artist is forgotten from the listening history of { $person }.
   *[other] { $artists } artists are forgotten from the listening history of { $person }.
  }
library-password = Password of { $name }
