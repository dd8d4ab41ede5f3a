"""Music and volume: the household's files on the page, and the media players of the home."""

import wave
from dataclasses import replace
from pathlib import Path

import pytest

from gnothi.core.protocols import Track
from gnothi.journal.memory import MemoryStore
from gnothi.skills.builtin.music.library import Library, scan
from gnothi.testing.talk import Talk

TRACKS = [
    Track("1", "Back in Black", "AC/DC", "Back in Black", "Rock", 250, "a/1.mp3"),
    Track("2", "Hells Bells", "AC/DC", "Back in Black", "Rock", 312, "a/2.mp3"),
    Track("3", "My Heart Will Go On", "Céline Dion", "Titanic", "Pop", 280, "b/1.mp3"),
    Track("4", "So What", "Miles Davis", "Kind of Blue", "Jazz", 545, "c/1.mp3"),
    Track("5", "Blue in Green", "Miles Davis", "Kind of Blue", "Jazz", 337, "c/2.mp3"),
]


def sound(path: Path) -> None:
    """Write a short silence."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(b"\0" * 1600)


@pytest.fixture
def music(talk: Talk, tmp_path: Path) -> Talk:
    """A conversation in a household with some music."""
    folder = tmp_path / "music"
    store = MemoryStore()
    for track in TRACKS:
        sound(folder / track.uri)
        changed = (folder / track.uri).stat().st_mtime
        entry = {name: getattr(track, name) for name in ("id", "title", "artist", "album")}
        entry |= {"genre": track.genre, "seconds": track.seconds, "uri": track.uri}
        store.put(f"file/{track.uri}", {"changed": changed, "track": entry})
    talk.stage.stores["music"] = store
    talk.stage.settings = replace(talk.stage.settings, music=folder)
    return talk


@pytest.mark.parametrize(
    ("query", "artist", "kind", "ids"),
    [
        ("hells bells", "", "title", ["2"]),
        ("helz bels", "", "title", ["2"]),
        ("", "ac/dc", "artist", ["1", "2"]),
        ("celine dion", "", "artist", ["3"]),
        ("kind of blue", "", "album", ["4", "5"]),
        ("jazz", "", "genre", ["4", "5"]),
        ("so what", "miles davis", "title", ["4"]),
    ],
)
def test_search(query: str, artist: str, kind: str, ids: list[str]) -> None:
    """Music is found by title, artist, album and genre, also misspelt or without accents."""
    found = Library(TRACKS).search(query, artist)
    assert found is not None
    assert (found.kind, [track.id for track in found.tracks]) == (kind, ids)


def test_what_is_not_there_is_not_found() -> None:
    """Nothing is played for a name that nothing has."""
    assert Library(TRACKS).search("quarterly report") is None
    assert Library(TRACKS).search("so what", "celine dion") is None


def test_files_are_scanned_once(tmp_path: Path) -> None:
    """New files come in under their names, lost ones go, unchanged ones are not read again."""
    store = MemoryStore()
    sound(tmp_path / "Somebody" / "07 - Some Song.wav")
    (tmp_path / "notes.txt").write_text("no music")
    (tmp_path / "broken.mp3").write_bytes(b"not sound")
    titles = {track.title for track in scan(tmp_path, store).tracks}
    assert titles == {"Some Song", "broken"}
    (tmp_path / "broken.mp3").unlink()
    (track,) = scan(tmp_path, store).tracks
    assert track.uri == "Somebody/07 - Some Song.wav"
    assert track.seconds == 0.1


@pytest.mark.parametrize(
    ("text", "keys", "ids"),
    [
        ("play back in black by ac/dc", "music-playing-track", ["1"]),
        ("play {song_name: so what}", "music-playing-track", ["4"]),
        ("play something by {artist_name: miles davis}", "music-playing-artist", ["4", "5"]),
        ("play the album kind of blue please", "music-playing-album", ["4", "5"]),
        ("play some jazz", "music-playing-genre", ["4", "5"]),
        ("play my music", "music-playing-all", ["1", "2", "3", "4", "5"]),
        ("play bohemian rhapsody", "music-not-found", []),
        ("play my favorites", "music-no-favourites", []),
    ],
)
async def test_playing(music: Talk, text: str, keys: str, ids: list[str]) -> None:
    """What is asked for is played on the page, or it is said that it isn't there."""
    assert await music(text, "play_music") == keys
    assert sorted(track.id for track in music.stage.player.queue) == ids


async def test_steering(music: Talk) -> None:
    """Pause, go on, skip, stop; and what is playing."""
    assert await music("pause", "media_pause") == "music-silent"
    await music("play ac/dc", "play_music")
    assert await music("what's playing", "music_query") == "music-now"
    assert await music("who sings this", "music_query") == "music-by"
    assert await music("which album is this on", "music_query") == "music-on"
    assert await music("pause", "media_pause") == "music-paused"
    await music.undo()
    assert music.stage.player.status == "playing"
    assert await music("next song", "media_next") == "music-next"
    assert "Hells Bells" in music.spoken
    assert await music("go back", "media_previous") == "music-next"
    assert await music("skip", "music_settings") == "music-next"
    assert await music("next", "media_next") == "music-end"
    assert await music("shuffle", "music_settings") == "music-shuffled"
    assert await music("repeat this song", "music_settings") == "music-no-repeat"
    assert await music("stop the music", "media_stop") == "music-stopped"


async def test_likes(music: Talk) -> None:
    """Favourites are kept; what is not liked is skipped and left out."""
    await music("play ac/dc", "play_music")
    assert await music("i like this song", "music_likeness") == "music-liked"
    assert await music("i don't like it", "music_dislikeness") == "music-disliked"
    await music("i like this song", "music_likeness")
    await music("play my favorites", "play_music")
    assert [track.id for track in music.stage.player.queue] == ["2"]


async def test_devices_of_the_home(music: Talk) -> None:
    """A media player that is named is meant; without one, the page that plays."""
    await music("play ac/dc", "play_music")
    await music("pause the kitchen speaker", "media_pause")
    assert music.last.proposal.call.skill == "home"
    await music("pause", "media_pause")
    assert music.last.proposal.call.skill == "music"


async def test_the_player_that_plays_is_meant(talk: Talk) -> None:
    """While only the kitchen speaker plays, "pause" and "louder" mean the kitchen speaker."""
    house = talk.stage.house
    await house.call("media_player.media_play", ["media_player.kitchen"], {})
    await talk("turn it up", "audio_volume_up")
    assert house.state("media_player.kitchen").attributes["volume_level"] == pytest.approx(0.5)
    assert await talk("what's playing", "music_query") == "music-on-device"
    await talk("pause", "media_pause")
    assert house.state("media_player.kitchen").state == "paused"


async def test_no_music(talk: Talk, tmp_path: Path) -> None:
    """Without files it says where they belong; radio is refused honestly."""
    talk.stage.settings = replace(talk.stage.settings, music=None)
    assert await talk("play some jazz", "play_music") == "music-no-folder"
    talk.stage.settings = replace(talk.stage.settings, music=tmp_path)
    assert await talk("play some jazz", "play_music") == "music-no-files"
    assert await talk("play the radio", "play_radio") == "music-no-radio"


@pytest.mark.parametrize(
    ("text", "intent", "volume"),
    [
        ("turn it up", "audio_volume_up", 0.6),
        ("a bit louder", "audio_volume_up", 0.55),
        ("much quieter", "audio_volume_down", 0.25),
        ("turn it down by 20 percent", "audio_volume_down", 0.3),
        ("turn the volume up to 80 percent", "audio_volume_up", 0.8),
        ("set the volume to thirty percent", "audio_volume_other", 0.3),
        ("volume 7", "audio_volume_other", 0.7),
        ("volume 45", "audio_volume_other", 0.45),
        ("as loud as possible", "audio_volume_up", 1.0),
    ],
)
async def test_volume(talk: Talk, text: str, intent: str, volume: float) -> None:
    """The volume goes up, down or to a level, and back with undo."""
    assert await talk(text, intent) == "volume-set"
    assert talk.stage.player.volume == pytest.approx(volume)
    await talk.undo()
    assert talk.stage.player.volume == pytest.approx(0.5)


async def test_muting(talk: Talk) -> None:
    """The sound goes and comes back."""
    assert await talk("mute", "audio_volume_mute") == "volume-muted"
    assert talk.stage.player.muted
    assert await talk("unmute", "audio_volume_unmute") == "volume-unmuted"
    assert not talk.stage.player.muted
    await talk.undo()
    assert talk.stage.player.muted
