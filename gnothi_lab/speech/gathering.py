"""What rules for the end of speech are replayed over: pauses and ends, as everybody saw them.

Hearing takes minutes: what was heard stays in ``build/endpoint`` for the next run.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from gnothi.core.hearing import NO_HINTS, Hints
from gnothi.core.protocols import Name
from gnothi.language.understand import NeuralUnderstander
from gnothi.serve.hearing import hints
from gnothi.serve.wholeness import Wholeness
from gnothi.skills.skillset import SkillSet
from gnothi.speech import wording
from gnothi.speech.endpoint.arbitrator import Arbitrator
from gnothi.speech.endpoint.pointer import EndPointer
from gnothi.speech.endpoint.shipped import Latest
from gnothi.speech.endpoint.stopping import Whole
from gnothi.speech.streaming import SHIPPED, StreamingModel, StreamingRecogniser
from gnothi.speech.voice import VoiceDetector
from gnothi_lab.peers.smart_turn import SmartTurn
from gnothi_lab.progress import watched
from gnothi_lab.speech import perceived, recordings
from gnothi_lab.speech.coffee import write_skill
from gnothi_lab.speech.ends import Heard
from gnothi_train.endpoint import cases, kept
from gnothi_train.endpoint.cases import Case
from gnothi_train.endpoint.listen import Listened, listen
from gnothi_train.endpoint.trainer import drawn, encoder, hear

STORE = Path("build/endpoint")
_AROUND_S = (2.0, 2.3)
"""So long is nobody heard before and after a synthetic command."""


def people(part: str, data: Path, seed: int, peer: SmartTurn | None) -> list[Heard]:
    """Return the pauses and ends of real people in the *part* called so.

    A skill that takes orders for coffee says what a whole order is; reading has no whole requests.
    """
    listened = hear(part, data, seed=seed, store=STORE)
    path = STORE / f"{part}-{perceived.key(seed, peer is not None)}.npz"
    if not path.exists():
        _perceive(list(drawn(part, data, VoiceDetector(), seed=seed)), peer, path)
    return _joined(listened, path, orders(data)(NO_HINTS))


def orders(data: Path) -> Wholeness:
    """Return the judge of whole requests in a home that takes orders for coffee."""
    with TemporaryDirectory() as folder:
        write_skill(data, Path(folder) / "coffee")
        return Wholeness(NeuralUnderstander(), SkillSet.load(Path(folder)))


def at_home(part: str, data: Path, seed: int, peer: SmartTurn | None, count: int) -> list[Heard]:
    """Return the pauses and ends of *count* synthetic commands to a home that has all their names.

    All groups of voices take turns, none of which the arbitrator ever heard; hesitations are put in
    as into commands of real people.
    """
    rng = np.random.default_rng((seed, 8))
    home = recordings.spoken_commands(part, data, rng, count, around_s=_AROUND_S)
    found = list(_cases(home, rng))
    told = hints(_Names(home.names), SkillSet.load(), nods=True)
    here = kept.key(encoder(SHIPPED), seed, count, Path(recordings.__file__).read_bytes())
    path = STORE / f"home-{part}-{here}.npz"
    if not path.exists():
        kept.write(_listened(found, told), path)
    others = STORE / f"home-{part}-{here}-{peer is not None}.npz"
    if not others.exists():
        _perceive(found, peer, others)
    whole = Wholeness(NeuralUnderstander(), SkillSet.load())(told)
    return _joined(list(kept.read(path)), others, whole)


@dataclass(frozen=True, slots=True)
class _Names:
    found: tuple[Name, ...]

    def names(self) -> tuple[Name, ...]:
        """Return the names that the home has."""
        return self.found


def _cases(home: recordings.Home, rng: np.random.Generator) -> Iterator[Case]:
    detector = VoiceDetector()
    for at, one in enumerate(home.recordings):
        chances = np.array(detector.open().accept(one.samples), np.float32)
        recording = cases.Recording(f"home-{at}", one.group, "synthetic", one.samples, chances)
        if found := cases.case(recording, rng):
            yield found


def _listened(found: Sequence[Case], told: Hints) -> list[Listened]:
    recogniser = StreamingRecogniser(StreamingModel(SHIPPED), wording.shipped)
    known = encoder(SHIPPED)
    pointer = EndPointer(Arbitrator((), (), known), Latest(), encoder=known)
    detector = VoiceDetector()
    return [
        one
        for case in watched(found, "Commands at home")
        for one in listen(case, lambda _: (told, recogniser, pointer), detector)
    ]


def _perceive(found: Sequence[Case], peer: SmartTurn | None, path: Path) -> None:
    detector = VoiceDetector()
    seen: list[perceived.Perceived] = []
    for case in watched(found, "Others"):
        seen += perceived.perceive(case, detector, peer)
    perceived.write(seen, path)


def _joined(listened: Sequence[Listened], others: Path, whole: Whole) -> list[Heard]:
    by_pause = {(one.clip, round(one.pause.at_s, 3)): one for one in perceived.read(others)}
    found: list[Heard] = []
    for one in listened:
        other = by_pause[one.clip, round(one.pause.at_s, 3)]
        words = None if one.kind == "read" else np.array([*map(whole, one.texts)], np.float32)
        found.append(Heard(one, other.at_s, other.loudness, other.turn, words))
    return found
