"""Things that a household teaches its camera: examples → candidate → gate → registry."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock

import numpy as np

from gnothi.core.acting import Act
from gnothi.core.clock import Clock
from gnothi.core.errors import InputError
from gnothi.core.seeing import Pixels, Sighting, require_picture
from gnothi.learning.among import elsewhere_of, without_teacher
from gnothi.learning.gate import Ruling, Verdict
from gnothi.learning.renewing import renewed
from gnothi.learning.teaching import (
    CUTS,
    LEAST_HELD,
    OWN_BETTER,
    OWN_WORSE,
    UNTRIED,
    Demonstration,
    Taught,
    compared_with_own,
    judged,
    taught_by,
)
from gnothi.learning.versions import OwnVersions
from gnothi.registry.registry import Registry
from gnothi.vision.boxes import Boxes
from gnothi.vision.finding.networks import SightNetworks
from gnothi.vision.teaching.examples import Shown, identity, see
from gnothi.vision.teaching.learner import Found
from gnothi.vision.teaching.looking import Look, look
from gnothi.vision.teaching.names import checked_name
from gnothi.vision.teaching.own import read_own
from gnothi.vision.teaching.proposing import alike, common
from gnothi.vision.teaching.things import (
    ARRAYS,
    NAME,
    TOLD,
    Thing,
    Things,
    cut,
    packed,
    unpacked,
)

_OTHERWISE = "use gnothi see teach, or the page"


@dataclass(frozen=True, slots=True)
class LabelledEyes:
    """The frozen networks through which things are seen, and their label."""

    networks: SightNetworks
    label: str
    bank: tuple[Look, ...] = ()
    """Other things, that came with them."""


class TaughtThings:
    """What one household taught, in its registry; see :class:`gnothi.core.seeing.KnownThings`."""

    def __init__(
        self,
        registry: Registry,
        eyes: Callable[[], LabelledEyes],
        clock: Clock,
        *,
        learns: bool = True,
    ) -> None:
        """Keep things in *registry*; *eyes* are opened when something is to be seen.

        What only answers never *learns*.
        """
        self._versions = OwnVersions(registry, NAME, clock, learns=learns)
        self._open = eyes
        self._eyes: LabelledEyes | None = None
        self._read: tuple[str, Things] | None = None
        self._last: tuple[str, Things] | None = None
        self._seen: tuple[Pixels, Look] | None = None
        self._opening = Lock()

    @property
    def names(self) -> tuple[str, ...]:
        """What was taught, as people call it; without what other eyes saw."""
        return tuple(one.name for one in self.things().things if self.sees(one))

    @property
    def unseen(self) -> tuple[str, ...]:
        """What was shown to other eyes than those that look now, and has to be shown again."""
        return tuple(one.name for one in self.things().things if not self.sees(one))

    def things(self) -> Things:
        """Return what is known now.

        Raises:
            ArtifactError: what is kept is damaged.
        """
        version = self._versions.serving
        if version is None:
            return Things()
        if self._read is None or self._read[0] != version:
            self._read = version, unpacked(self._versions.read(version, (TOLD, ARRAYS)))
        return self._read[1]

    def find(self, name: str, pixels: Pixels) -> tuple[Sighting, ...]:
        """Return where the thing called *name* is in *pixels*, surest first.

        Raises:
            InputError: nothing is called so, this is no picture, or it must be shown again.
        """
        require_picture(pixels)
        thing = self._known(name)
        if thing.own:
            return tuple(_sightings(thing.name, thing.own.find(pixels)))
        found = thing.learned.judge.find(self._look(pixels), thing.learned.threshold)
        return tuple(_sightings(thing.name, found))

    def propose(self, pictures: Sequence[Pixels], drawn: Boxes) -> list[Boxes]:
        """Return boxes (n, 4) for each of *pictures*: what looks like the box *drawn* in the first.

        Where none is drawn (no rows): what all pictures share, or what stands out in a single one.
        """
        looks = [self._look(require_picture(one)) for one in pictures]
        if not len(drawn):
            return common(looks, [(one.shape[1], one.shape[0]) for one in pictures])
        return [drawn, *(one.boxes[:1] for one in alike(looks[0], drawn[0], looks[1:]))]

    def teach(
        self,
        name: str,
        examples: Sequence[Demonstration],
        *,
        keep_pictures: bool = False,
        tell: Callable[[Demonstration], None] = lambda example: None,
    ) -> Taught:
        """Learn the thing called *name* from *examples*, besides those that are known of it.

        Small cuts of the pictures are kept only with *keep_pictures*. *tell* hears of each example
        that was looked at.

        Raises:
            InputError: the name can't be used, or the thing is in none of the pictures.
        """
        name = checked_name(name)
        eyes = self._opened()
        fresh: list[Shown] = []
        for one in examples:
            fresh.append(_seen(eyes, one))
            tell(one)
        cuts = [cut(one.pixels, box) for one in examples for box in one.boxes if keep_pictures]
        with self._versions.changing(_OTHERWISE):
            before = self.things()
            elsewhere = elsewhere_of(before, name, eyes.label, eyes.bank, fresh)
            taught = taught_by(
                name, before.find(name), eyes.label, fresh, tuple(cuts[:CUTS]), elsewhere
            )
            version = self._keep(before.with_thing(taught.thing), reason="taught")
            self._last = version, before
        return taught

    def take_back(self) -> None:
        """Take back what was taught last.

        Raises:
            InputError: something else was done since.
        """
        with self._versions.changing(_OTHERWISE):
            if self._last is None or self._last[0] != self._versions.serving:
                raise InputError("That can't be taken back any more.")
            self._keep(self._last[1], "taken back")

    def add_network(self, name: str, folder: Path, examples: Sequence[Demonstration]) -> Taught:
        """Let the network that was trained for *name* in *folder* find it, if it does no worse.

        Both are tried on those of the *examples* that neither learned from; where there are none,
        it is not used. The network knows its pictures by their identity, as files of that name.

        Raises:
            InputError: nothing is called so.
            ArtifactError: there is no such network.
        """
        own, names = read_own(folder, name)
        by_identity = {identity(one.pixels): one.pixels for one in examples}
        held = {
            key: by_identity[key] for key in {Path(one).stem for one in names} & set(by_identity)
        }
        with self._versions.changing(_OTHERWISE):
            thing = self._known(name)
            elsewhere = elsewhere_of(self.things(), name, thing.eyes, self._bank(thing))
            tried = compared_with_own(thing, own, held, elsewhere)
            verdict = judged(tried, Act(OWN_BETTER), worse=OWN_WORSE, fewer=OWN_WORSE)
            turns = tried.evidence.turns
            if verdict.ruling is Ruling.APPROVE and turns < LEAST_HELD:
                verdict = Verdict(Ruling.WAIT, (Act(UNTRIED, {"pictures": turns}),))
            if verdict.ruling is Ruling.APPROVE:
                thing = replace(thing, own=own)
                self._keep(self.things().with_thing(thing), reason="trained")
        return Taught(thing, verdict, tried.evidence)

    def forget(self, name: str) -> None:
        """Forget the thing called *name*, its examples, and every version that knew it.

        Raises:
            InputError: nothing is called so.
        """
        with self._versions.changing(_OTHERWISE):
            self._keep(self.things().without(name), "forgotten")
            self._versions.forget_earlier()

    def unlearn(self, person: str) -> None:
        """Forget what *person* showed, and learn anew from what others did.

        Cuts and networks of their own are given up with it: nobody knows whose pictures they hold.
        """
        with self._versions.changing(_OTHERWISE):
            before = self.things()
            things = before
            for one in before.things:
                if any(shown.teacher == person for shown in (*one.shown, *one.waiting)):
                    things = without_teacher(things, one, person, self._bank(one))
            if things is not before:
                self._keep(things, "unlearned")
            self._versions.forget_earlier()  # they may know what was taken back since

    def renew(self) -> tuple[str, ...]:
        """Learn anew, from cuts that were kept, what was shown to other eyes; return its names.

        What several people showed is left: nobody knows whose picture a cut is of, and who is
        erased takes theirs along.
        """
        if not any(one.cuts for one in self.things().things):
            return ()
        eyes = self._opened()
        with self._versions.changing(_OTHERWISE):
            things = before = self.things()
            for one in before.things:
                if one.eyes != eyes.label and one.cuts:
                    elsewhere = elsewhere_of(things, one.name, eyes.label, eyes.bank)
                    things = things.with_thing(
                        renewed(one, eyes.networks, eyes.label, elsewhere) or one
                    )
            if all(one is before.find(one.name) for one in things.things):
                things = before
            if things is not before:
                self._keep(things, "new eyes")
        return tuple(
            one.name
            for one in things.things
            if (old := before.find(one.name)) and old.eyes != one.eyes
        )

    def sees(self, thing: Thing) -> bool:
        """Whether *thing* was shown to the eyes that look now, or has a network of its own.

        Else it must be shown again.
        """
        if thing.own:
            return True
        try:
            return thing.eyes == self._opened().label
        except InputError:  # there are none
            return False

    def _bank(self, thing: Thing) -> Sequence[Look]:
        """Return what came with the eyes that saw *thing*, where they are those of today."""
        try:
            eyes = self._opened()
        except InputError:  # there are none
            return ()
        return eyes.bank if eyes.label == thing.eyes else ()

    def _known(self, name: str) -> Thing:
        thing = self.things().find(name)
        if thing is None:
            raise InputError(f"I know no thing called {name!r}.")
        if not self.sees(thing):
            raise InputError(f"My eyes have changed: show me {thing.name} again, please.")
        return thing

    def _look(self, pixels: Pixels) -> Look:
        """Return what is seen in *pixels*; many names are looked for in one picture in turn."""
        last = self._seen
        if last is None or last[0] is not pixels:
            last = self._seen = pixels, look(self._opened().networks, pixels)
        return last[1]

    def _opened(self) -> LabelledEyes:
        with self._opening:
            self._eyes = self._eyes or self._open()
            return self._eyes

    def _keep(self, things: Things, reason: str) -> str:
        """Keep *things* as the version that answers; return which one that is."""
        return self._versions.keep(
            packed(things),
            reason,
            command="gnothi see teach",
            data="pictures that were shown",
            parents=tuple(sorted({one.eyes for one in things.things})),
            figures=dict(_figures(things)),
        )


def _seen(eyes: LabelledEyes, one: Demonstration) -> Shown:
    return see(
        eyes.networks,
        identity(one.pixels),
        one.pixels,
        one.boxes,
        one.wrong,
        whole=one.whole,
        teacher=one.teacher,
    )


def _figures(things: Things) -> Iterator[tuple[str, float]]:
    yield "things", float(len(things.things))
    told = [one.learned.expectation for one in things.things if one.learned.expectation.there]
    if told:
        yield "hits", float(np.mean([one.hits / one.there for one in told]))


def _sightings(name: str, found: Found) -> Iterator[Sighting]:
    for box, score in zip(found.boxes, found.scores, strict=True):
        left, top, right, bottom = box.tolist()
        yield Sighting(name, (left, top, right, bottom), float(score))
