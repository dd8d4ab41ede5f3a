"""Meeting the listeners: a separate process, with which only words and plays are exchanged.

```python
with Listeners(data="tiny", seed=1) as listeners:
    catalogue = listeners.catalogue
    [session] = listeners.open([(listeners.keys(test=False)[0], 0)])
    [heard] = listeners.say({session.handle: Prompt(Ask.OPEN)})
```
"""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from gnothi.core.errors import InputError
from gnothi.recommend.acts import Prompt
from gnothi.recommend.catalogue import Catalogue, Numbers
from gnothi.recommend.catalogue_file import from_rows, header_of


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody sat down."""

    handle: int
    key: str
    """Who it is; the same name in every session, good for nothing but their history."""
    number: int
    text: str
    """What they said first."""


@dataclass(frozen=True, slots=True)
class Reaction:
    """What was noticed after a prompt."""

    text: str
    """What they said; often empty where something was played."""
    event: str
    """``completed``, ``skipped``, ``silence``, ``left`` or nothing."""
    seconds: int
    """How long something was played."""
    is_over: bool


class Listeners:
    """The world's process. Use it as a context, or :meth:`close` it."""

    def __init__(
        self,
        *,
        data: str,
        seed: int = 0,
        family: str = "a",
        cache: str = "build/listeners",
        judged: bool = False,
        changes: Mapping[str, float] | None = None,
    ) -> None:
        """Start the world on *data*: a folder of public data sets (``GNOTHI_DATA``), or ``tiny``.

        Only a *judged* one tells a :class:`~gnothi_lab.worlds.listeners.judging.Judge` its truth.
        *changes* to parameters, by path, are for sweeps.
        """
        command = [sys.executable, "-m", "gnothi_lab.worlds.listeners"]
        command += ["--data", data, "--seed", str(seed), "--family", family, "--cache", cache]
        for path, value in (changes or {}).items():
            command += ["--change", f"{path}={value}"]
        self._process = subprocess.Popen(
            command + ["--judged"] * judged,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        self.about: Mapping[str, Any] = self.request({"op": "about"})
        """Hashes of the parameters, and ``cap``: the turns that a failure counts for."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """End the process."""
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None and not stream.closed:
                stream.close()
        self._process.wait(timeout=30)

    @cached_property
    def catalogue(self) -> Catalogue:
        """What can be played, with what is publicly known: tags, and how many play it."""
        told = self.request({"op": "catalogue"})
        header = header_of(told["header"], "The world's catalogue")
        return from_rows(header, ((f"row {at}", row) for at, row in enumerate(told["rows"])))

    def keys(self, *, test: bool) -> tuple[str, ...]:
        """Return the listeners to learn from, or those that are kept for tests."""
        return tuple(
            key
            for key, kept in zip(self._known["keys"], self._known["test"], strict=True)
            if kept is test
        )

    def histories(self, keys: Sequence[str]) -> list[tuple[Numbers, NDArray[np.float32]]]:
        """Return what each listener played before: items of the catalogue, and how often."""
        told = self.request({"op": "histories", "keys": list(keys)})["histories"]
        places = self._places
        return [
            (
                np.array([places[title] for title, _ in history], np.int32),
                np.array([count for _, count in history], np.float32),
            )
            for history in told
        ]

    def open(self, sessions: Sequence[tuple[str, int]]) -> list[Session]:
        """Let listeners sit down, each for the session of theirs with that number."""
        opened = self.request({"op": "open", "sessions": [list(one) for one in sessions]})["opened"]
        return [
            Session(handle, key, number, text)
            for (handle, text), (key, number) in zip(opened, sessions, strict=True)
        ]

    def say(self, prompts: Mapping[int, Prompt]) -> list[Reaction]:
        """Put a prompt to each of several sessions; return reactions in the order of *prompts*."""
        rows = [self._named(handle, prompt) for handle, prompt in prompts.items()]
        heard = self.request({"op": "say", "prompts": rows})["heard"]
        return [Reaction(*one) for one in heard]

    def forget(self, handles: Sequence[int]) -> None:
        """Let the world forget sessions that nobody will judge any more."""
        self.request({"op": "close", "handles": list(handles)})

    def request(self, told: Mapping[str, Any]) -> Any:  # noqa: ANN401 - JSON
        """Send one request of :mod:`~gnothi_lab.worlds.listeners.protocol`.

        Raises:
            InputError: the world refused it, or is gone.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(json.dumps(told) + "\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            raise InputError("The world of listeners did not start; it says why above.") from None
        line = self._process.stdout.readline()
        if not line:
            raise InputError("The world of listeners ended; it says why above.")
        reply = json.loads(line)
        if "error" in reply:
            raise InputError(reply["error"])
        return reply

    def number(self, title: str) -> int:
        """Return the number of an item in the catalogue."""
        return self._places[title]

    def _named(self, handle: int, prompt: Prompt) -> list[Any]:
        """Put a prompt into names."""
        known = self.catalogue.attributes
        values = [(known[at].facet, known[at].value) for at in prompt.values]
        title = None if prompt.item is None else self.catalogue.titles[prompt.item]
        return [handle, prompt.ask.value, values, title]

    @cached_property
    def _known(self) -> Any:  # noqa: ANN401 - JSON
        return self.request({"op": "listeners"})

    @cached_property
    def _places(self) -> Mapping[str, int]:
        return {title: number for number, title in enumerate(self.catalogue.titles)}
