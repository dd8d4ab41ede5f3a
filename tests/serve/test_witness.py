"""What happens after a turn is told to the journal as signals of the turn."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta
from time import sleep
from types import MappingProxyType
from typing import Any

import pytest
from starlette.testclient import TestClient

from gnothi.core.acting import Reply
from gnothi.core.interaction import Interaction
from gnothi.core.protocols import Track
from gnothi.core.understanding import Understanding, Utterance
from gnothi.serve import witness as module
from gnothi.serve.witness import Witness
from tests.serve.conftest import NOON, Household

LAMP = "light.kitchen"
SONGS = (Track("one", "Song"), Track("two", "Other"))


class Scene:
    """A household in which somebody speaks, and other things happen."""

    def __init__(self, household: Household) -> None:
        self.household, self.witness = household, Witness(household)
        self._count = 0

    async def says(
        self,
        text: str,
        does: Callable[[], Coroutine[Any, Any, None]] | None = None,
        *,
        session: str = "ana/one",
        interrupts: bool = False,
    ) -> str:
        """Say *text*, which does something; return the id of the turn."""
        self._count += 1
        before = self.household.house.snapshot()
        with self.witness.hearing(session) as heard:
            if does:
                await does()
        turn = Interaction(
            id=f"{self._count:032x}",
            at=NOON,
            session=session,
            user="ana",
            utterance=Utterance(text),
            understanding=Understanding(text),
            actions=(),
            reply=Reply("Okay."),
            changes=self.household.house.changes_since(before),
        )
        self.household.journal.append(turn)
        self.witness.answered(heard, turn, interrupts=interrupts)
        return turn.id

    async def signals(self, turn: str) -> list[tuple[str, str | None]]:
        """Return names of the signals of *turn*, each with who did it."""
        await self.witness.settle()
        told = self.household.journal.get(turn).signals
        return [(one.name, one.detail.get("by")) for one in told]

    async def calls(self, service: str) -> None:
        """Somebody presses something on the page, or on the lamp."""
        await self.household.house.call(service, [LAMP], MappingProxyType({}))

    def waits(self, seconds: float) -> None:
        """Time goes by."""
        clock = self.household.clock
        clock.moment = clock.now() + timedelta(seconds=seconds)


@pytest.fixture
def scene(household: Household) -> Scene:
    """A scene at noon."""
    return Scene(household)


def test_taken_back_by_hand(scene: Scene) -> None:
    """Within seconds, and to where the device was before: an undo, once."""

    async def play() -> None:
        await scene.calls("light.turn_off")
        turn = await scene.says("light", lambda: scene.calls("light.turn_on"))
        scene.waits(5)
        await scene.calls("light.turn_off")
        await scene.calls("light.turn_on")
        await scene.calls("light.turn_off")
        assert await scene.signals(turn) == [("undo", "hand")]

    asyncio.run(play())


def test_not_taken_back(scene: Scene) -> None:
    """Minutes later it is another wish; in words it is told by the conversation."""

    async def play() -> None:
        await scene.calls("light.turn_off")
        turn = await scene.says("light", lambda: scene.calls("light.turn_on"))
        await scene.says("no", lambda: scene.calls("light.turn_off"))
        other = await scene.says("light", lambda: scene.calls("light.turn_on"))
        scene.waits(120)
        await scene.calls("light.turn_off")
        assert await scene.signals(turn) == []
        assert await scene.signals(other) == []

    asyncio.run(play())


def test_music_to_its_end(scene: Scene) -> None:
    """The first track of what was asked for tells; the next ones and other pages add nothing."""
    player = scene.household.player

    async def play() -> None:
        turn = await scene.says("play", lambda: player.play(SONGS))
        await player.command("ended", track="one")
        await player.command("ended", track="one")
        assert player.state()["place"] == 1
        await player.command("stop")
        assert await scene.signals(turn) == [("completed-play", None)]

    asyncio.run(play())


@pytest.mark.parametrize("by", ["hand", "word"])
def test_music_stopped(scene: Scene, by: str) -> None:
    """By a button or by a word, before its end."""
    player = scene.household.player

    async def play() -> None:
        turn = await scene.says("play", lambda: player.play(SONGS))
        await player.command("pause")
        await player.command("resume")
        if by == "hand":
            await player.command("stop")
        else:
            await scene.says("stop", lambda: player.command("stop"))
        assert await scene.signals(turn) == [("stop", by)]

    asyncio.run(play())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("that's wrong", ["complaint"]),
        ("you stupid thing", ["complaint"]),
        ("thanks, great", ["praise"]),
        ("play Stupid Girl", []),
        ("what is wrong with the lamp", []),
    ],
)
def test_tones(scene: Scene, text: str, told: list[str]) -> None:
    """What is said next may scold or praise; what asks for something does neither."""

    async def play() -> None:
        turn = await scene.says("light")
        await scene.says(text, session="ben/one")
        assert await scene.signals(turn) == []
        await scene.says(text)
        assert [name for name, _ in await scene.signals(turn)] == told
        late = await scene.says("light")
        scene.waits(600)
        await scene.says(text, interrupts=True)
        assert await scene.signals(late) == []

    asyncio.run(play())


def test_interrupted(scene: Scene) -> None:
    """Whoever knows that an answer could still be heard says so."""

    async def play() -> None:
        turn = await scene.says("light")
        await scene.says("no", interrupts=True)
        assert await scene.signals(turn) == [("barge-in", None)]

    asyncio.run(play())


def test_silence(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody says anything more, and no music plays."""
    monkeypatch.setattr(module, "QUIET", timedelta(milliseconds=20))

    async def play() -> None:
        answered = await scene.says("light")
        last = await scene.says("light")
        await asyncio.sleep(0.05)
        assert await scene.signals(answered) == []
        assert await scene.signals(last) == [("silence", None)]
        music = await scene.says("play", lambda: scene.household.player.play(SONGS))
        await asyncio.sleep(0.05)
        assert await scene.signals(music) == []

    asyncio.run(play())


def test_the_erased_are_left_alone(scene: Scene) -> None:
    """A signal of a turn that is gone is nothing to speak of; another home ends all watching."""

    async def play() -> None:
        await scene.says("light")
        scene.household.journal.erase("ana")
        await scene.says("that's wrong")
        await scene.witness.settle()
        scene.witness.follow()
        turn = await scene.says("that's wrong")
        await scene.witness.stop()
        await scene.says("that's wrong")
        assert await scene.signals(turn) == []

    asyncio.run(play())


def test_over_http(household: Household, here: TestClient) -> None:
    """A client says that it was interrupted, and the page that a song has ended."""

    def says(text: str, **more: bool) -> str:
        body = {"text": text, "user": "ana", "session": "one", **more}
        return here.post("/api/turn", json=body).json()["id"]

    first = says("hello")
    says("that's wrong", interrupts=True)
    for _ in range(100):
        names = {one.name for one in household.journal.get(first).signals}
        if len(names) > 1:
            break
        sleep(0.02)
    assert names == {"barge-in", "complaint"}
    asyncio.run(household.player.play(SONGS))
    after = here.post("/api/player", json={"command": "ended", "track": "one"}).json()
    assert after["track"]["id"] == "two"
    again = here.post("/api/player", json={"command": "ended", "track": "one"}).json()
    assert again["track"]["id"] == "two"
