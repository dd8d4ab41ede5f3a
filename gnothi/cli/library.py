"""``gnothi library``: what the household has to play, and what its people listened to."""

import os
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from gnothi.core.errors import InputError

if TYPE_CHECKING:
    from gnothi.journal.journal import Journal
    from gnothi.recommend.library.history import History
    from gnothi.recommend.library.sources import Sources

T = TypeVar("T")

PASSWORD = "GNOTHI_SUBSONIC_PASSWORD"  # noqa: S105 - where it is, not what it is
TOKEN = "GNOTHI_LISTENBRAINZ_TOKEN"  # noqa: S105 - where it is, not what it is
SOURCES_FOLDER = "library"
_MOST = 5
_PERSON = "Id of the person who listened; gnothi library show names them."


@click.group()
def library() -> None:
    """Say what there is to play, and take in what people listened to elsewhere."""


@library.command()
@click.argument("folder", type=click.Path(path_type=Path))
def add(folder: Path) -> None:
    """Read the tags of the audio files in FOLDER; only files that changed are read again."""
    from gnothi.recommend.library.files import apart
    from gnothi.recommend.library.sources import FILES, performers, songs
    from gnothi.skills.builtin.music.library import scan

    if not folder.is_dir():
        raise InputError(f"{folder} is no folder.")
    with _opened() as rooms:
        store = rooms.journal.store(f"library.files.{folder.resolve()}")
        found = scan(folder, store, watched=lambda files: _watched(files, "library-reading"))
        good, bad = apart(found.tracks, folder)
        if not good:
            damaged = f" (but {len(bad)} that are empty or damaged)" if bad else ""
            raise InputError(f"There are no audio files in {folder}{damaged}.")
        made = songs(good)
        rooms.sources.keep(FILES, made)
    _say("library-added", songs=len(made), artists=len(performers(made)))
    if bad:
        more = " …" if len(bad) > _MOST else ""
        names = ", ".join(one.uri for one in bad[:_MOST]) + more
        _say("library-left-out", files=len(bad), names=names)
    if rooms.music is None or rooms.music.resolve() != folder.resolve():
        _say("library-to-play", folder=str(folder))


@library.command()
def show() -> None:
    """Show where the library came from, and what each person listens to."""
    with _opened() as rooms:
        _show_sources(rooms)
        for person in rooms.people:
            _show_history(person, rooms.history(person))


@library.group("import")
def import_from() -> None:
    """Take in what a music server has, or what somebody listened to."""


@import_from.command()
@click.argument("address")
@click.option("--name", required=True, help="Your name on the music server.")
@click.option("--user", help=f"Keep how often albums were played, too. {_PERSON}")
def subsonic(address: str, name: str, user: str | None) -> None:
    """Take in the albums of a music server (Navidrome, Gonic, Airsonic …) at ADDRESS.

    The password is asked for, or taken from GNOTHI_SUBSONIC_PASSWORD. It is not kept.
    """
    from gnothi.recommend.library.asking import Server
    from gnothi.recommend.library.sources import SUBSONIC, albums, performers
    from gnothi.recommend.library.subsonic import Subsonic, account, listens

    with _opened() as rooms:
        history = rooms.history(user) if user else None
        server = Subsonic(Server(_address(address), address), name, _password(name))
        server.ping()
        found = list(_watched(server.albums(), "library-fetching-albums"))
        if not found:
            raise InputError(f"{address} has no albums.")
        made = albums((a.id, a.title, a.artist, a.genre, a.year, a.songs) for a in found)
        rooms.sources.keep(SUBSONIC, made)
        _say("library-imported", albums=len(made), artists=len(performers(made)))
        if history and user:
            # Once, the plays of whichever account came last were kept under the name of the source.
            source = account(address, name)
            plays = history.replace(source, listens(found), formerly=SUBSONIC)
            _say("library-heard", plays=plays, person=user)


@import_from.command()
@click.argument("name")
@click.option("--user", required=True, help=_PERSON)
@click.option("--address", default=None, help="A server that speaks ListenBrainz' API.")
def listenbrainz(name: str, user: str, address: str | None) -> None:
    """Take in what NAME listened to, from ListenBrainz; later imports fetch what is new.

    Private listens need a token, taken from GNOTHI_LISTENBRAINZ_TOKEN. It is not kept.
    """
    from gnothi.recommend.library import listenbrainz as api
    from gnothi.recommend.library.asking import Server

    token = os.environ.get(TOKEN)
    headers = {"Authorization": f"Token {token}"} if token else {}
    place = _address(address or api.ADDRESS)
    source = f"listenbrainz/{place}/{name}"
    with _opened() as rooms:
        history = rooms.history(user)
        server = Server(place, "ListenBrainz", headers=headers)
        fetched = api.listens(server, name, history.until(source))
        found = list(_watched(fetched, "library-fetching-listens"))
        plays = history.add(found)
        if moments := [one.at for one in found if one.at]:
            history.mark(source, max(moments))
    _say("library-heard", plays=plays, person=user)


@library.command()
@click.argument("source", required=False)
@click.option("--user", help=f"Forget a listening history. {_PERSON}")
@click.option("--yes", is_flag=True, help="Do not ask.")
def forget(source: str | None, user: str | None, *, yes: bool) -> None:
    """Forget what came from SOURCE (files, subsonic), or what a person listened to."""
    if bool(source) == bool(user):
        raise click.UsageError("Name a SOURCE, or a person with --user.")
    if not yes:
        click.confirm(f"Forget {source or f'the listening history of {user}'}?", abort=True)
    with _opened() as rooms:
        if user:
            forgotten = rooms.history(user).forget()
            _say("library-history-forgotten", artists=forgotten, person=user)
        elif source:
            rooms.sources.forget(source)
            _say("library-forgotten", name=source)


@dataclass(frozen=True, slots=True)
class _Rooms:
    """Where the library keeps things."""

    journal: "Journal"
    sources: "Sources"
    people: tuple[str, ...]
    music: Path | None

    def history(self, person: str) -> "History":
        """Return the listening history of somebody who lives here."""
        from gnothi.recommend.library.history import NAMESPACE, History

        if person not in self.people:
            known = ", ".join(self.people)
            raise InputError(f"Nobody called {person!r} lives here. There are: {known}")
        return History(self.journal.store(NAMESPACE, person=person))


@contextmanager
def _opened() -> "Generator[_Rooms]":
    from gnothi.core.settings import Settings
    from gnothi.home.house import STARTER
    from gnothi.home.model import load_home
    from gnothi.journal.journal import Journal
    from gnothi.recommend.library.sources import Sources
    from gnothi.serve.household import HOME_FILE

    settings = Settings.from_environment()
    settings.folder.mkdir(parents=True, exist_ok=True)
    kept = settings.folder / HOME_FILE
    home = load_home(kept if kept.exists() else STARTER)
    people = tuple(person.id for person in home.people)
    with Journal.open(settings.journal_url) as journal:
        sources = Sources(settings.folder / SOURCES_FOLDER)
        yield _Rooms(journal, sources, people, settings.music)


def _show_sources(rooms: _Rooms) -> None:
    from gnothi.recommend.catalogue_file import shipped
    from gnothi.recommend.library.sources import artists, key

    if not rooms.sources.names():
        _say("library-empty")
        return
    for name in rooms.sources.names():
        source = rooms.sources.read(name)
        _say("library-source", name=name, pieces=len(source), kind=source.kind)
    made = artists(rooms.sources.all(), shipped("music"))
    ours = set(map(key, shipped("music").titles))
    _say("library-artists", artists=len(made), known=sum(key(one) in ours for one in made.titles))
    all_genres: list[int] = made.facet("genre").tolist()
    genres = sorted(all_genres, key=lambda one: -made.counts[one])[:_MOST]
    if genres:
        _say("library-genres", genres=", ".join(made.attributes[one].label for one in genres))


def _show_history(person: str, history: "History") -> None:
    heard = history.heard()
    if not heard:
        _say("library-no-history", person=person)
        return
    most = ", ".join(one.artist for one in heard[:_MOST])
    plays = sum(one.plays for one in heard)
    _say("library-history", person=person, plays=plays, artists=len(heard), most=most)


def _address(text: str) -> str:
    """Return *text* as an address of the web.

    Raises:
        InputError: it is none.
    """
    if not text.startswith(("http://", "https://")):
        raise InputError(f"{text} is no address: write it like https://music.example.org")
    return text


def _password(name: str) -> str:
    from gnothi.recommend.library.sentences import sentence

    told = os.environ.get(PASSWORD)
    return told or click.prompt(sentence("library-password", name=name), hide_input=True, err=True)


def _watched(items: Iterable[T], key: str) -> Iterable[T]:
    """Return *items*, showing on the terminal how far one is through them."""
    from rich.console import Console
    from rich.progress import track

    from gnothi.recommend.library.sentences import sentence

    return track(items, description=sentence(key), console=Console(stderr=True), transient=True)


def _say(key: str, **values: str | float) -> None:
    from gnothi.recommend.library.sentences import sentence

    click.echo(sentence(key, **values))
