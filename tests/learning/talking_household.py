"""A simulated household that is helped to choose, evening after evening; its journal."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np

from gnothi.core.acting import Action, Call, Decided, Reply, Status
from gnothi.core.interaction import Interaction
from gnothi.core.risk import Risk
from gnothi.core.understanding import Understanding, Utterance
from gnothi.recommend.acts import Ask
from gnothi.recommend.conversation import End
from gnothi.recommend.decisions import Decision
from gnothi.recommend.features import NAMES
from gnothi.recommend.journalled import END, GO_ON, PROMPT, SKILL, START, write_decision, write_end
from gnothi.recommend.policies.learned import Learned

FIRST = datetime(2026, 1, 5, 18, tzinfo=UTC)
PEOPLE = ("ana", "ben", "cleo")
SLOTS = ("suggest.1", "suggest.2", "choice.1", "choice.2", "sample.1", "sample.2")
ASKS = [Ask.SUGGEST, Ask.SUGGEST, Ask.CHOICE, Ask.CHOICE, Ask.SAMPLE, Ask.SAMPLE]
GAIN = NAMES.index("gain")
STEPS = 2
RULES = "rules"


@dataclass
class Household:
    """What a prompt promises is what it brings; whoever leads may know that, or the opposite."""

    is_bad: bool = True
    """Whether the rules take what promises least."""
    use: float = 1.0
    """How much prompts change how a talk ends; at 0 all is luck."""
    tried: float = 0.8
    """Share of talks that try other things: more than at home, to be quick."""
    seed: int = 0
    learned: Learned | None = None
    label: str = ""
    """Of what was learned, once it leads."""
    share: float = 0.0
    """Share of talks that it leads."""
    is_reversed: bool = False
    """Whether what was learned takes what promises least."""
    turns: list[Interaction] = field(default_factory=list[Interaction])
    talked: int = 0

    def talk(self, count: int) -> None:
        """Let so many more evenings pass."""
        for _ in range(count):
            rng = np.random.default_rng([self.seed, self.talked])
            self.turns += self._evening(rng)
            self.talked += 1

    @property
    def now(self) -> datetime:
        """The evening of the next talk."""
        return FIRST + timedelta(days=self.talked)

    def forget(self, person: str) -> None:
        """Drop everything that a person said."""
        self.turns = [turn for turn in self.turns if turn.user != person]

    def _evening(self, rng: np.random.Generator) -> Iterator[Interaction]:
        tries, leads = bool(rng.random() < self.tried), bool(rng.random() < self.share)
        label = self.label if leads else RULES
        promised: list[float] = []
        for step in range(STEPS):
            made = self._choose(step, rng, tries=tries, leads=leads)
            promised.append(float(made.features[SLOTS.index(made.action), GAIN]))
            record = write_decision(made, kind="recipe", turn=step, policy=label, tries=tries)
            yield self._turn(step, GO_ON if step else START, Decided(PROMPT, 0.0, record), made)
        chance = 0.5 + self.use * (float(np.mean(promised)) - 0.5)
        end = End.PLAYED if rng.random() < chance else End.LEFT
        rises = [self.use * one for one in promised] if end is End.PLAYED else []
        yield self._turn(STEPS, GO_ON, Decided(END, 1.0, write_end(end, rises, kind="recipe")))

    def _choose(self, step: int, rng: np.random.Generator, *, tries: bool, leads: bool) -> Decision:
        features = rng.normal(0, 0.1, (len(SLOTS), len(NAMES))).astype(np.float32)
        features[:, GAIN] = rng.random(len(SLOTS))
        usual = self._usual(features, leads=leads)
        others = np.full(len(SLOTS), 1 / len(SLOTS))
        chances = 0.5 * usual + 0.5 * others if tries else usual
        place = int(rng.choice(len(SLOTS), p=chances))
        return Decision(
            step=step,
            action=SLOTS[place],
            act=ASKS[place].value,
            propensity=float(chances[place]),
            slots=SLOTS,
            chances=tuple(chances.tolist()),
            features=features,
            usual=tuple(usual.tolist()) if tries else (),
        )

    def _usual(self, features: np.ndarray, *, leads: bool) -> np.ndarray:
        is_worst = self.is_reversed if leads else self.is_bad
        worth = features[:, GAIN] * (-1 if is_worst else 1)
        if leads and self.learned is not None:
            worth = self.learned.predict(features.astype(np.float64), ASKS)
        chances = np.zeros(len(SLOTS))
        chances[int(np.argmax(worth))] = 1.0
        return chances

    def _turn(
        self, turn: int, api: str, decided: Decided, made: Decision | None = None
    ) -> Interaction:
        who = PEOPLE[self.talked % len(PEOPLE)]
        if made is not None:
            decided = Decided(decided.what, made.propensity, decided.record)
        return Interaction(
            id=f"{self.talked:024x}{turn:08x}",
            at=FIRST + timedelta(days=self.talked, seconds=10 * turn),
            session=f"{who}/kitchen",
            user=who,
            utterance=Utterance("words that nobody must read", speaker=who),
            understanding=Understanding("", ()),
            actions=(Action(Call(SKILL, api), Status.DONE, Risk.FREE, ""),),
            reply=Reply(""),
            decisions=(decided,),
        )
