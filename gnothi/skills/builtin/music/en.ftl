# What the music skill says.

music-playing-track = { $has_artist ->
    [yes] { $variant ->
        [0] { $title }, by { $artist }.
       *[other] Playing { $title } by { $artist }.
      }
   *[no] Playing { $title }.
  }
music-playing-artist = Playing { $amount ->
    [1] one track
   *[other] { $amount } tracks
  } by { $name }.
music-playing-album = Playing the album { $name }.
music-playing-genre = Here is some { $name }.
music-playing-all = { $variant ->
    [0] Here is some of your music.
   *[other] Playing your music.
  }
music-playing-favourites = Here are your favourites.
music-no-favourites = You have no favourites yet. Say “I like this song” while one plays.
music-not-found = I find nothing like “{ $query }” in your music.
music-no-files = There is no music yet. Put files in the folder { $folder }.
music-no-folder = No music folder is set up.
music-paused = { $variant ->
    [0] Paused.
   *[other] Okay.
  }
music-resumed = { $variant ->
    [0] Here it goes on.
   *[other] Okay.
  }
music-stopped = { $variant ->
    [0] Stopped.
   *[other] Okay.
  }
music-next = { $has_artist ->
    [yes] Next: { $title }, by { $artist }.
   *[no] Next: { $title }.
  }
music-end = That was the last one.
music-silent = { $variant ->
    [0] Nothing is playing.
   *[other] There is nothing playing right now.
  }
music-now = { $has_artist ->
    [yes] This is { $title } by { $artist }.
   *[no] This is { $title }.
  }
music-on-device = { $has_title ->
    [yes] { $device } plays { $title }.
   *[no] { $device } is playing, but it doesn't tell me what.
  }
music-by = { $has_artist ->
    [yes] It's by { $artist }.
   *[no] I don't know who made it.
  }
music-on = { $has_album ->
    [yes] It's on { $album }.
   *[no] I don't know the album.
  }
music-liked = { $variant ->
    [0] Noted: you like { $title }.
   *[other] { $title } is one of your favourites now.
  }
music-disliked = Okay, I'll leave { $title } out from now on.
music-shuffled = Shuffled.
music-no-repeat = I can't repeat tracks yet.
music-no-radio = I can't play radio stations yet. I can play your own music files.
