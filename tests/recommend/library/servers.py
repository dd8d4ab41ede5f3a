"""Small servers that speak the formats of Subsonic and ListenBrainz, over real sockets."""

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, unquote, urlsplit

Answer = tuple[int, bytes, dict[str, str]]
Answerer = Callable[[str, dict[str, str], dict[str, str]], Answer]


@contextmanager
def serving(answer: Answerer) -> Iterator[str]:
    """Serve what *answer* makes of path, parameters and headers; yields the address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            told = {name: values[0] for name, values in parse_qs(parts.query).items()}
            status, body, headers = answer(unquote(parts.path), told, dict(self.headers))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Stay quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def told(value: object, status: int = 200, **headers: str) -> Answer:
    """An answer in JSON."""
    return status, json.dumps(value).encode(), headers


class MusicServer:
    """A Navidrome with some albums; knows one user."""

    def __init__(self, albums: list[dict[str, object]], password: str = "sesame") -> None:
        self.albums = albums
        self.password = password
        self.asked: list[tuple[str, dict[str, str]]] = []

    def __call__(self, path: str, asked: dict[str, str], _: dict[str, str]) -> Answer:
        self.asked.append((path, asked))
        proof = hashlib.md5((self.password + asked.get("s", "")).encode()).hexdigest()
        if asked.get("u") != "ana" or asked.get("t") != proof:
            error = {"code": 40, "message": "Wrong username or password"}
            return told({"subsonic-response": {"status": "failed", "error": error}})
        return told(
            {"subsonic-response": {"status": "ok", "version": "1.16.1", **self.find(path, asked)}}
        )

    def find(self, path: str, asked: dict[str, str]) -> dict[str, object]:
        """What the answer holds beside its status."""
        if path == "/rest/getAlbumList2.view":
            first, size = int(asked["offset"]), int(asked["size"])
            return {"albumList2": {"album": self.albums[first : first + size]}}
        if path == "/rest/getGenres.view":
            return {"genres": {"genre": [{"value": "Rock", "songCount": 2}]}}
        if path == "/rest/getArtists.view":
            one = {"id": "1", "name": "ABBA"}
            return {"artists": {"index": [{"name": "A", "artist": one}]}}
        return {}


def album(number: int, **more: object) -> dict[str, object]:
    """An album, as Navidrome tells of it."""
    return {
        "id": f"al-{number}",
        "name": f"Album {number}",
        "artist": f"Artist {number % 7}",
        "genre": "Rock",
        "year": 1994,
        "songCount": 10,
        **more,
    }


class ListenServer:
    """A ListenBrainz with the listens of one user, newest first."""

    def __init__(self, listens: list[tuple[int, str]], user: str = "ana b") -> None:
        self.listens = listens
        self.user = user
        self.asked: list[dict[str, str]] = []
        self.busy = 0

    def __call__(self, path: str, asked: dict[str, str], headers: dict[str, str]) -> Answer:
        self.asked.append({**asked, "authorization": headers.get("Authorization", "")})
        if self.busy:
            self.busy -= 1
            return told({}, 429, **{"X-RateLimit-Reset-In": "7"})
        if path != f"/1/user/{self.user}/listens":
            return told({"code": 404, "error": "Cannot find user"}, 404)
        before = int(asked.get("max_ts", 1 << 40))
        page = [one for one in self.listens if one[0] < before][: int(asked["count"])]
        listens = [
            {"listened_at": at, "track_metadata": {"artist_name": artist, "track_name": "Song"}}
            for at, artist in page
        ]
        return told({"payload": {"count": len(page), "listens": listens, "user_id": self.user}})
