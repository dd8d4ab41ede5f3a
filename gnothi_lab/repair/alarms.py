"""Complete requests that are taken for cut off: each is a question too many."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gnothi.core.acting import Status
from gnothi.core.interaction import Interaction
from gnothi.core.understanding import Utterance
from gnothi_lab.homes.build import Json
from gnothi_lab.progress import watched
from gnothi_lab.subjects import Gnothi
from gnothi_train.language.examples import read_set

CUT = "dialogue-cut"


@dataclass(frozen=True, slots=True)
class Alarm:
    """A complete request that was asked about, and the question."""

    text: str
    question: str


def false_alarms(gnothi: Gnothi, texts: Sequence[str], home: Json, what: str) -> list[Alarm | None]:
    """Return for each of *texts*, said to *home* by itself, whether it was taken for cut off."""
    found: list[Alarm | None] = []
    for text in watched(texts, what):
        with gnothi.conversation(home) as talk:
            turn = talk.say(Utterance(text), None)
        found.append(Alarm(text, turn.reply.text) if was_mended(turn) else None)
    return found


def was_mended(turn: Interaction) -> bool:
    """Whether something was asked, or added, because the request of *turn* seemed cut off.

    Where a skill asks for a value anyway, nothing is different for the person.
    """
    asked = any(act.key.startswith(CUT) for act in turn.reply.acts)
    added = any(stage.stage == "repair" and stage.note.endswith("fits") for stage in turn.trace)
    skill = any(action.status is Status.NEEDS_VALUE for action in turn.actions)
    return asked or (added and not skill)


def home_of(path: Path) -> Json:
    """Return the home in the file at *path*."""
    return json.loads(path.read_text(encoding="utf-8"))


def complete_requests(data: Path) -> list[str]:
    """Return the requests of MASSIVE's development part, typed without a full stop."""
    return [example.text for example in read_set(data, "massive_en", "dev")]
