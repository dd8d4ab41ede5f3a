"""One round of retraining the heads: journal → labels → candidate → gate → registry.

A round with new labels retrains the heads; the candidate then answers unheard beside the live
ones. Later rounds judge it by what has been said since, let it in, go on waiting, or drop it. Once
it is live it is compared with the heads before it, and withdrawn when it does worse.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC
from hashlib import sha256
from typing import TypeAlias

from gnothi.core.acting import Act
from gnothi.core.artifact import Card
from gnothi.core.understanding import Understanding
from gnothi.language.heads import FILE, NAME, AdjustedUnderstander, Heads, no_heads
from gnothi.language.understand import NeuralUnderstander
from gnothi.learning.evidence import Comparison, Evidence, Outcome
from gnothi.learning.gate import Limits
from gnothi.learning.heads import Kept, Lesson, Recipe, decision, fit
from gnothi.learning.labels import HOUSEHOLD as ENOUGH
from gnothi.learning.labels import Label, RiskOf, load_labels, parse_key, read_labels, write_labels
from gnothi.learning.labels import Limits as LabelLimits
from gnothi.learning.outcomes import Turn, conversations, reached, read_turns
from gnothi.learning.rollout import Decision, Phase, Plan, State, advance, apply
from gnothi.learning.turns import (
    Log,
    as_understood,
    interpretation_key,
)
from gnothi.learning.workshop import Track, UnderWay, Workshop
from gnothi.text.encoder import Reading
from gnothi.text.tokenise import request_key, tokenise

Read: TypeAlias = Callable[[str], str]
"""Tells how a text is understood, as a key."""

HOUSEHOLD = Plan(
    limits=Limits(
        alpha=0.1,
        support=20,
        people=1,
        negative_flips=0.1,
        relative_negative_flips=0.5,
        slice_negative_flips=0.2,
        change=0.5,
    ),
    shares=(),
)
"""For a single home, as that of rewrites, but more careful: retrained heads reach further."""
TAUGHT = "labels.json"
"""What they were taught, beside the adjustments in the artifact."""


@dataclass(frozen=True, slots=True)
class Retraining:
    """What a round did."""

    turns: int
    """Turns in the journal."""
    reason: Act
    """Why things stand as they do."""
    labels: tuple[Label, ...] = ()
    """What a candidate was taught in this round."""
    evidence: Evidence | None = None
    """What the gate has seen of it so far, where it was asked."""


class HeadsCycle:
    """Retrains heads from one journal into one registry. Only one may run at a time."""

    def __init__(
        self,
        workshop: Workshop,
        *,
        network: Callable[[], NeuralUnderstander],
        plan: Plan = HOUSEHOLD,
        enough: LabelLimits = ENOUGH,
        recipe: Recipe | None = None,
    ) -> None:
        """Work in *workshop*, whose ``risk_of`` also tells the class of an intent alone.

        *network* returns what understands without any adjustment.
        """
        self._shop, self._network, self._plan, self._enough = workshop, network, plan, enough
        self._recipe = recipe or Recipe()
        self._track = Track(workshop.folder / "heads.json")

    @property
    def name(self) -> str:
        """The artifact that is learned."""
        return NAME

    def run(self) -> Act:
        """Do one round; return why things stand as they do.

        Raises:
            StorageError: journal, folder or registry can't be read or written.
        """
        return self.learn().reason

    def learn(self) -> Retraining:
        """Do one round.

        Raises:
            StorageError: journal, folder or registry can't be read or written.
        """
        log = self._shop.log()
        known = sum(day.turns for day in log.days.values())
        turns = _turns(log)
        under_way = self._track.read()
        if under_way and self._goes_on(under_way):
            ruled, evidence = self._judged(under_way, turns)
            if under_way.waits or ruled.state.phase is not Phase.LIVE:
                return Retraining(known, ruled.reason, evidence=evidence)
        return self._propose(turns, known, under_way.lessons if under_way else "")

    def unlearn(self) -> None:
        """Keep only what would have been learned from the journal as it is now.

        For an erase: versions that knew more are gone afterwards.
        """
        self._track.forget()
        if self._shop.registry.serving(NAME) is None:
            return
        turns = _turns(self._shop.log())
        known = {(request_key(label.text), label.intent) for label in self.taught()}
        labels = [one for one in self.labels(turns) if (request_key(one.text), one.intent) in known]
        heads, taught = self._learn(labels, turns)
        self._shop.registry.make_live(NAME, self._put(heads, taught), reason="a person was erased")
        self._shop.registry.discard_earlier(NAME)

    def taught(self) -> list[Label]:
        """Return the labels that the live adjustments were taught."""
        version = self._shop.registry.serving(NAME)
        return (
            load_labels(self._shop.registry.get(NAME, version).folder / TAUGHT) if version else []
        )

    def live(self) -> Heads | None:
        """Return the adjustments that serve; ``None`` while none do."""
        version = self._shop.registry.serving(NAME)
        return self._heads(version) if version else None

    def labels(self, turns: Sequence[Turn] | None = None) -> list[Label]:
        """Return the labels that the journal holds now, or those of *turns*."""
        given = _turns(self._shop.log()) if turns is None else turns
        return read_labels(given, self._enough, risk_of=self._shop.risk_of)

    def _propose(self, turns: Sequence[Turn], known: int, tried: str) -> Retraining:
        """Retrain, and put the candidate under way, if there is anything new to teach."""
        labels = self.labels(turns)
        heads, taught = self._learn(labels, turns)
        digest = self._digest(taught)
        if not taught or digest == tried:
            return Retraining(known, Act("learning-heads-nothing-new"))
        if self._shop.registry.serving(NAME) is None:
            empty = self._put(no_heads(self._label()), ())
            self._shop.registry.make_live(NAME, empty, reason="nothing learned yet")
        version = self._put(heads, taught, turns)
        self._track.keep(UnderWay(State(version), self._shop.clock.now(), digest))
        reason = Act("learning-heads-candidate", {"number": len(taught)})
        return Retraining(known, reason, tuple(taught))

    def _learn(self, labels: Sequence[Label], turns: Sequence[Turn]) -> tuple[Heads, list[Label]]:
        """Return retrained heads, and which of *labels* they were taught."""
        lessons = self._lessons(labels)
        if not lessons:
            return no_heads(self._label()), []
        needed = {lesson.text for lesson in lessons}
        return self._fit(lessons, turns), [label for label in labels if label.text in needed]

    def _lessons(self, labels: Sequence[Label]) -> list[Lesson]:
        """Return the labels that the network knows and would get wrong by itself."""
        network = self._network()
        names = network.labels
        numbers = {name: number for number, name in enumerate(names.intents)}
        found = [
            Lesson(label.text, reading, numbers[label.intent])
            for label in labels
            if label.intent in numbers and (reading := _read(network, label.text))
        ]
        return [
            one
            for one in found
            if one.reading.scope > names.scope_threshold
            or int(decision(one.reading, names).argmax()) != one.intent
        ]

    def _fit(self, lessons: Sequence[Lesson], turns: Sequence[Turn]) -> Heads:
        names = self._network().labels
        return fit(
            lessons,
            list(self._kept(turns, lessons)),
            names,
            network=self._label(),
            ranks={name: self._shop.risk_of(name).rank for name in names.intents},
            recipe=self._recipe,
        )

    def _kept(self, turns: Iterable[Turn], lessons: Sequence[Lesson]) -> Iterator[Kept]:
        """Yield wordings of single requests that are to be read as they are.

        What works only because heads were adjusted is not held to what the network alone would
        make of it.
        """
        network = self._network()
        names = network.labels
        said = _wordings(turns, {request_key(lesson.text) for lesson in lessons})
        for turn in sorted(said, key=lambda turn: sha256(turn.heard.encode()).digest())[
            : self._recipe.kept
        ]:
            reading = _read(network, turn.heard)
            if reading is None:
                continue
            likeliest = names.intents[int(decision(reading, names).argmax())]
            if turn.failed or likeliest == parse_key(turn.interpretation)[0]:
                yield Kept(turn.heard, reading, worked=not turn.failed)

    def _goes_on(self, under_way: UnderWay) -> bool:
        """Tell whether there is anything to watch: not what people have taken back themselves."""
        live = self._shop.registry.serving(NAME) == under_way.state.version
        return under_way.waits or (live and under_way.state.phase is Phase.LIVE)

    def _judged(self, under_way: UnderWay, turns: Sequence[Turn]) -> tuple[Decision, Evidence]:
        """Let the gate rule by what happened since the phase began."""
        since = under_way.since.astimezone(UTC).replace(tzinfo=None)
        fresh = [turn for turn in turns if turn.at >= since]
        evidence = self._evidence(under_way.state, fresh)
        ruled = advance(under_way.state, evidence, self._plan)
        apply(self._shop.registry, NAME, ruled, wording=self._shop.wording)
        self._follow(under_way, ruled)
        return ruled, evidence

    def _evidence(self, state: State, turns: Sequence[Turn]) -> Evidence:
        comparison = Comparison(NAME, alpha=self._plan.limits.alpha)
        tried = self._reader(self._heads(state.version))
        if state.phase is Phase.LIVE:
            found = compare(
                turns, self._reader(self._before()), tried, self._shop.risk_of, served=True
            )
        else:
            found = compare(turns, self._reader(self.live()), tried, self._shop.risk_of)
        comparison.add(found)
        return comparison.evidence()

    def _reader(self, heads: Heads | None) -> Read:
        network = self._network()
        if heads is not None and heads.network == self._label():
            network = AdjustedUnderstander(network, heads, label=NAME)
        return lambda text: key_of(network.understand(text))

    def _before(self) -> Heads | None:
        earlier = self._shop.registry.assignment(NAME).earlier
        return self._heads(earlier[-1]) if earlier and earlier[-1] else None

    def _follow(self, under_way: UnderWay, ruled: Decision) -> None:
        begun = ruled.state.phase is not ruled.before
        since = self._shop.clock.now() if begun else under_way.since
        self._track.keep(replace(under_way, state=ruled.state, since=since))

    def _heads(self, version: str) -> Heads:
        return Heads.load(self._shop.registry.get(NAME, version).folder)

    def _label(self) -> str:
        return self._network().encoder.card.label

    def _digest(self, taught: Iterable[Label]) -> str:
        lessons = sorted((request_key(label.text), label.intent) for label in taught)
        return sha256(json.dumps([self._label(), lessons]).encode()).hexdigest()

    def _put(self, heads: Heads, taught: Sequence[Label], turns: Sequence[Turn] = ()) -> str:
        """Keep *heads* as an artifact; the same heads are the same version."""
        files = {FILE: heads.write(), TAUGHT: write_labels(taught)}
        hashes = {name: sha256(content).hexdigest() for name, content in files.items()}
        version = f"1.{sha256(''.join(hashes.values()).encode()).hexdigest()[:12]}"
        data = {"name": "journal", "sha256": _fingerprint(turns), "licence": "private"}
        card = Card(
            NAME,
            version,
            "npz",
            hashes,
            parents=(heads.network,),
            command="gnothi learn now",
            data=(data,) if turns else (),
            figures={"lessons": float(len(heads))},
            licence="private",
        )
        if version not in {known.version for known in self._shop.registry.versions(NAME)}:
            self._shop.registry.put(files, card)
        return version


def compare(
    turns: Sequence[Turn], live: Read, candidate: Read, risk_of: RiskOf, *, served: bool = False
) -> Iterator[Outcome]:
    """Yield what the live heads made of each turn, and what those of *candidate* would have.

    With *served* the candidate answered, and the live heads ran along unheard. The one that did
    not answer is right where it reads what the person came to ask for in the end, or, where it
    reads the same, as often as the other one. Turns whose reading lay in something else (a
    rewrite, what was said before) tell nothing.
    """
    heard: dict[str, tuple[str, str]] = {}
    for number, talk in enumerate(conversations(turns)):
        for place, turn in enumerate(talk):
            if turn.heard not in heard:
                heard[turn.heard] = live(turn.heard), candidate(turn.heard)
            today, then = heard[turn.heard]
            answered, other = (then, today) if served else (today, then)
            same = as_understood(turn.interpretation) == answered
            changed = today != then and not turn.rewritten and same
            right = not turn.failed
            would = reached(talk[place:]) == other if changed else right
            yield Outcome(
                live_right=would if served else right,
                candidate_right=right if served else would,
                changed=changed,
                person=turn.person,
                session=str(number) if changed else "",
                domain=turn.interpretation.partition("_")[0],
                risk=risk_of(then) if changed else risk_of(turn.interpretation),
                live_risk=risk_of(today) if changed else risk_of(turn.interpretation),
            )


def key_of(understanding: Understanding) -> str:
    """Return how the journal's log will spell what was understood."""
    requests = [
        (request.intent, [(slot.name, slot.value) for slot in request.slots])
        for request in understanding.requests
    ]
    text = understanding.text
    keys = [interpretation_key(intent, slots, text) for intent, slots in requests]
    return "&".join(keys) or interpretation_key(None, (), text)


def _turns(log: Log) -> list[Turn]:
    return read_turns(log.read(list(log.days), (), 0).to_pyarrow().to_pylist()) if log.days else []


def _wordings(turns: Iterable[Turn], without: set[str]) -> list[Turn]:
    """Return a turn for each wording of a single request, one that worked where there is one."""
    found: dict[str, Turn] = {}
    for turn in turns:
        key = request_key(turn.heard)
        plain = not turn.rewritten and "&" not in turn.interpretation
        if key and plain and key not in without and (key not in found or found[key].failed):
            found[key] = turn
    return list(found.values())


def _read(network: NeuralUnderstander, text: str) -> Reading | None:
    words = tokenise(text)
    return network.encoder.read([words])[0] if words else None


def _fingerprint(turns: Iterable[Turn]) -> str:
    total = sha256()
    for turn in turns:
        total.update(f"{turn.session}\0{turn.at}\0{turn.heard}\0{turn.defect}\n".encode())
    return total.hexdigest()
