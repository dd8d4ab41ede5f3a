"""A server of files on this machine that goes on where it broke off, and misbehaves when told."""

import threading
from collections.abc import Generator
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from gnothi.speech.catalogue import Download


class Shop:
    """What is on offer, what was asked for, and what goes wrong."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.moved: dict[str, str] = {}
        """Where it sends on to."""
        self.asked: list[tuple[str, str | None]] = []
        """Path and range of every request."""
        self.breaks: list[int] = []
        """After how many bytes the next answers end."""
        self.busy = 0
        """How often it answers that it can't now."""
        self.is_done = False
        """Whether it always answers that there is no such part (416)."""
        self.knows_ranges = True
        self.knows_versions = True
        self.tells_sizes = True
        self.address = ""

    def offer(self, path: str, content: bytes, *, is_known: bool = True) -> Download:
        """Put *content* on offer, and return what a catalogue would say of it."""
        self.files[f"/{path}"] = content
        size, digest = (len(content), sha256(content).hexdigest()) if is_known else (None, None)
        return Download(f"{self.address}/{path}", size, digest)


class _Handler(BaseHTTPRequestHandler):
    shop: Shop

    def do_GET(self) -> None:
        self.shop.asked.append((self.path, self.headers.get("Range")))
        content = self.shop.files.get(self.path)
        if self.path in self.shop.moved:
            self.send_response(302)
            self.send_header("Location", self.shop.moved[self.path])
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif content is None:
            self.send_error(404)
        elif self.shop.busy:
            self.shop.busy -= 1
            self.send_error(503)
        else:
            self._send(content)

    def _send(self, content: bytes) -> None:
        version = f'"{sha256(content).hexdigest()[:8]}"'
        begin = self._begin(content, version)
        if begin >= len(content) > 0 or self.shop.is_done:
            self.send_response(416)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.send_response(206 if begin else 200)
        if begin:
            self.send_header("Content-Range", f"bytes {begin}-{len(content) - 1}/{len(content)}")
        if self.shop.knows_versions:
            self.send_header("ETag", version)
        if self.shop.tells_sizes:
            self.send_header("Content-Length", str(len(content) - begin))
        self.end_headers()
        part = content[begin:]
        if self.shop.breaks:
            part = part[: self.shop.breaks.pop(0)]
            self.close_connection = True
        self.wfile.write(part)

    def _begin(self, content: bytes, version: str) -> int:
        wanted = self.headers.get("Range")
        if wanted is None or not self.shop.knows_ranges:
            return 0
        if self.headers.get("If-Range", version) != version:
            return 0
        return int(wanted.removeprefix("bytes=").rstrip("-"))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        pass


@contextmanager
def open_shop() -> Generator[Shop]:
    """Serve on a free port of this machine."""
    shop = Shop()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"shop": shop}))
    shop.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield shop
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
