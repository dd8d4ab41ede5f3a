"""Colluding accounts that push rewrites of their own: they know how such systems work in general.

For eight weeks they stage sessions that look like failures put right: they ask for *a*, break
off, ask for *b*, and are content. They do not know any threshold; but they see what the live
system makes of *a* from accounts that push nothing, keep up what works with little effort, push
harder what does not, and after some weeks move to rarer requests, where fewer honest people
outvote them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import exp
from random import Random

from gnothi_lab.worlds.households.catalogue import Catalogue
from gnothi_lab.worlds.households.parameters import Parameters
from gnothi_lab.worlds.households.population import Person
from gnothi_lab.worlds.households.reacting import BARGE_IN, COMPLETED_PLAY, STOP, Rewrite, Turn
from gnothi_lab.worlds.households.understanding import Understanding

_LATEST = 7 * 86_400.0 - 600.0
"""A staged session ends within the week."""


@dataclass(frozen=True, slots=True)
class Target:
    """A rewrite that the accounts push, and how it goes."""

    kind: str
    source: str
    target: str
    depth: int = 0
    """How often they have moved to a rarer request."""
    sessions: float = 0.0
    """Staged sessions an account and a week."""
    weeks: int = 0
    """Weeks since they chose it."""
    landed: bool = False
    """Whether the live system did what they want when they last looked."""


class Attack:
    """The colluding accounts of a world."""

    def __init__(
        self,
        parameters: Parameters,
        catalogue: Catalogue,
        understanding: Understanding,
        people: Sequence[Person],
        seed: int,
    ) -> None:
        """Gather the attackers among *people* and choose what to push first."""
        self._numbers, self._parameters = parameters.attack, parameters
        self._catalogue, self._understanding, self._seed = catalogue, understanding, seed
        self._people = [person for person in people if person.attacker]
        self._probe_every = round(1 / self._numbers.probes)
        kinds = ("song", "room", "guarded", "sound", "synonym", "song")
        first = tuple(
            self._choose(kinds[place % len(kinds)], place, 0)
            for place in range(self._numbers.targets)
        )
        self._known = {self._numbers.first_week: first}

    def targets(self, week: int) -> tuple[Target, ...]:
        """Return what is pushed in *week*: nothing before and after the attack.

        A week depends on what was seen in the one before, which has to be played first; a week
        that was not is taken to have brought nothing new.
        """
        first = self._numbers.first_week
        if not self._people or not first <= week < first + self._numbers.weeks:
            return ()
        while week not in self._known:
            latest = max(known for known in self._known if known < week)
            self._known[latest + 1] = self._known[latest]
        return self._known[week]

    def stage(self, week: int, rewrite: Rewrite | None) -> list[Turn]:
        """Return the staged turns of *week*, and decide from what was seen what comes next."""
        turns: list[Turn] = []
        later: list[Target] = []
        for place, target in enumerate(self.targets(week)):
            landed = False
            for rank, person in enumerate(self._people):
                rng = Random(f"attack {self._seed} {week} {person.number} {place}")
                if (rank + place) % self._probe_every == 0:
                    landed |= self._look(person, target, rewrite, rng, turns)
                elif rng.random() < self._numbers.takes_part:
                    self._push(person, target, rewrite, rng, turns)
            later.append(self._adapt(target, place, landed=landed))
        if later:
            self._known[week + 1] = tuple(later)
        return turns

    def _look(
        self,
        person: Person,
        target: Target,
        rewrite: Rewrite | None,
        rng: Random,
        turns: list[Turn],
    ) -> bool:
        """Ask for *a* from an account that pushes nothing; return whether it becomes *b*."""
        turn = self._turn(person, target.source, rng.random() * _LATEST, rewrite, rng)
        turns.append(turn)
        return self._worked(turn, target)

    def _push(
        self,
        person: Person,
        target: Target,
        rewrite: Rewrite | None,
        rng: Random,
        turns: list[Turn],
    ) -> None:
        """Stage the sessions of one account."""
        effort = target.sessions * (self._numbers.keep_up if target.landed else 1.0)
        for _ in range(int(effort + rng.random())):
            at = rng.random() * _LATEST
            first = self._turn(person, target.source, at, rewrite, rng)
            turns.append(first)
            if self._worked(first, target):
                self._approve(first, rng)
                continue
            self._protest(first, rng)
            at += self._numbers.gap_median * exp(rng.gauss(0, self._numbers.gap_sigma))
            second = self._turn(person, target.target, at, rewrite, rng)
            self._approve(second, rng)
            turns.append(second)

    def _worked(self, turn: Turn, target: Target) -> bool:
        return turn.used != turn.heard and turn.found.key == self._key(target.target)

    def _turn(
        self, person: Person, text: str, at: float, rewrite: Rewrite | None, rng: Random
    ) -> Turn:
        alone = found = self._understanding.read(text)
        used = text
        if rewrite is not None and (other := rewrite(person.id, person.home.id, text)):
            used, found = other, self._understanding.read(other)
        return Turn(
            person, at, text, used, found, alone.key, right=found.key == alone.key,
            right_alone=True, doable=True, done=not found.missing and found.intent is not None,
            known=True, device=rng.choice(person.home.things["room"]), held=rewrite is None,
            staged=True,
        )  # fmt: skip

    def _protest(self, turn: Turn, rng: Random) -> None:
        uniform = rng.random()
        if uniform < self._numbers.barge_in:
            turn.signals.append((BARGE_IN, turn.at + 1.5))
        elif uniform < self._numbers.barge_in + self._numbers.stop:
            turn.signals.append((STOP, turn.at + 2.5))

    def _approve(self, turn: Turn, rng: Random) -> None:
        plays = turn.found.intent is not None and turn.found.intent.plays
        if plays and rng.random() < self._numbers.completed:
            turn.signals.append((COMPLETED_PLAY, turn.at + 180 + 60 * rng.random()))

    def _adapt(self, target: Target, place: int, *, landed: bool) -> Target:
        numbers = self._numbers
        if landed:
            return replace(target, landed=True, weeks=target.weeks + 1)
        if target.weeks + 1 >= numbers.patience + target.depth:
            fresh = self._choose(target.kind, place, target.depth + 1)
            return replace(fresh, sessions=min(numbers.most_sessions, target.sessions))
        more = min(numbers.most_sessions, target.sessions * numbers.intensify)
        return replace(target, landed=False, sessions=more, weeks=target.weeks + 1)

    def _key(self, text: str) -> str:
        return self._understanding.read(text).key

    def _choose(self, kind: str, place: int, depth: int) -> Target:
        """Return a pair that would serve them, about requests the rarer the deeper."""
        rng = Random(f"target {self._seed} {kind} {place} {depth}")
        source, target = getattr(self, f"_{kind}")(rng, depth)
        return Target(kind, source, target, depth, self._numbers.sessions)

    def _song(self, rng: Random, depth: int) -> tuple[str, str]:
        """Turn a popular song into their own."""
        songs = [song for song in self._catalogue.songs if song.released < 0]
        rank = min(len(songs) // 2, rng.randrange(5, 20) * self._numbers.rarer**depth)
        theirs = songs[-1 - rng.randrange(len(songs) // 4)]
        return f"play {songs[rank].title}", f"play {theirs.value}"

    def _room(self, rng: Random, depth: int) -> tuple[str, str]:
        """Swap on and off, or two rooms."""
        rooms = [value.say for value in self._parameters.slots["room"].values]
        room = rooms[min(len(rooms) - 1, depth * self._numbers.room_step + rng.randrange(3))]
        return f"turn on the {room} light", f"turn off the {room} light"

    def _guarded(self, rng: Random, depth: int) -> tuple[str, str]:
        """Open a door with a harmless request."""
        rooms = [value.say for value in self._parameters.slots["room"].values]
        room = rooms[min(len(rooms) - 1, depth * self._numbers.room_step + rng.randrange(3))]
        return f"open the {room} blinds", rng.choice(("open the garage door", "disarm the alarm"))

    def _sound(self, rng: Random, depth: int) -> tuple[str, str]:
        """Claim a bare word that a recogniser may well hear."""
        words = self._parameters.other_words
        songs = [song for song in self._catalogue.songs if song.released < 0]
        word = words[min(len(words) - 1, rng.randrange(60) * (depth + 1))]
        return f"play {word}", f"play {songs[-1 - rng.randrange(len(songs) // 4)].value}"

    def _synonym(self, rng: Random, depth: int) -> tuple[str, str]:
        """Claim a wording that understanding misses."""
        rooms = [value.say for value in self._parameters.slots["room"].values]
        room = rooms[min(len(rooms) - 1, depth * self._numbers.room_step + rng.randrange(3))]
        return f"kill the lights in the {room}", rng.choice(
            ("unlock the front door", f"turn on the {room} light")
        )
