"""Requests that were cut off: completed where only one thing fits, else asked for what is missing.

An utterance whose end is missing becomes a graph with an unknown node (``gnothi.language.graph``).
Where the home has one thing that can stand there, or the conversation was about one of them, it
is taken; else a question about just that node is asked. What is said next is spliced in, unless
it is a request of its own: then the old one is dropped. A skill that asks by itself for what is
missing goes on asking; the answer is spliced in all the same where that makes the request complete.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import cast

from gnothi.core.acting import Act, Action, Call, Status
from gnothi.core.protocols import Name
from gnothi.core.risk import Risk
from gnothi.core.understanding import CONTENT, Interpretation, Kind, Situation, Slot
from gnothi.dialogue.calls import same, things
from gnothi.dialogue.echo import Echo
from gnothi.dialogue.lexicon import Lexicon
from gnothi.dialogue.performer import Performer, Request
from gnothi.dialogue.progress import Progress
from gnothi.dialogue.reading import SURE
from gnothi.dialogue.session import CutOff
from gnothi.dialogue.splicing import LEAST, Whole, best_whole, joined, restates, without_last
from gnothi.dialogue.wording import Wording
from gnothi.language.endings import REST, Ending, Endings, kinds_of, with_kinds
from gnothi.language.graph import of_request
from gnothi.skills.turn import Proposal

LIKELY, SURELY = 0.7, 0.9
"""How probably a request must be cut off to be asked about: where it ends with a word that
something surely follows, and where it does not, but nothing can be done with it as it is."""
TRIES = 2
"""How often one sentence is asked about."""
CHOICES = 3
"""Things that are named in a question at most."""
_TRIED = 60
"""Things of the home that are tried at most."""
_POSSIBLE = 0.25
"""Share of a role from which things are tried for it."""
_HYPOTHESES = 3
_HALF = 2
"""Last words of what was spoken that may be half a word, or misheard."""
LEAST_WHOLE = 0.5
"""A sentence must be understood as surely as this to go before an answer that is a request, too."""
_KINDS = {
    "house_place": frozenset({"area", "floor"}),
    "device_type": frozenset({"device"}),
    "list_name": frozenset({"list"}),
    "person": frozenset({"person"}),
}
"""Roles that things of the home play."""
_LETS_GO = frozenset({Kind.CANCEL, Kind.NO, Kind.UNDO})


@dataclass(frozen=True, slots=True)
class _Fitting:
    """A thing of the home that fits the unknown node, and what it leads to."""

    name: Name
    request: Request
    proposal: Proposal


class Repairs:
    """Completes what was cut off."""

    def __init__(
        self,
        endings: Endings,
        performer: Performer,
        names: Callable[[], Iterable[Name]],
        wording: Wording,
        words: Echo,
        lexicon: Lexicon,
    ) -> None:
        """Judge by *endings*; *names* are those of the home, *words* those of questions."""
        self._endings = endings
        self._performer = performer
        self._names = names
        self._wording = wording
        self._words = words
        self._lexicon = lexicon

    def judge(self, text: str) -> Ending:
        """Return how *text* ends, in this home."""
        names = tuple(self._names())
        return self._endings.judge(text, lambda found: with_kinds(found, _kinds(names)))

    async def splice(self, progress: Progress) -> bool:
        """Put what is said now into what was cut off before; whether the turn is over with it.

        If it is not, the turn goes on with the whole sentence, or with what was said.
        """
        session, answer = progress.session, progress.utterance.text
        cut, session.cut = session.cut, None
        if cut is None:
            return False
        with progress.stage("repair") as note:
            note.artifact = self._endings.label
            if cut.question and self._words.is_enough(answer):
                self._go_on(cut.texts[0], progress, whole=True)
                note.note = f"nothing is missing: {cut.texts[0]}"
                return False
            if self._lets_go(answer, progress):
                note.note = "dropped"
                if cut.question:
                    progress.acts.append(Act("dialogue-cancelled"))
                return cut.question is not None
            whole = await self._whole(cut, progress)
            if whole is None and cut.question and cut.tries < TRIES and not self._says(progress):
                note.note = "not understood"
                session.cut = replace(cut, tries=cut.tries + 1)
                progress.acts += [Act("dialogue-unclear"), cut.question]
                progress.out_of_scope = True
                return True
            if whole is None:
                note.note = "a request of its own"
                return False
            note.note = f"{cut.texts[0]} + {answer} → {whole.text}"
        self._go_on(whole.text, progress, tries=cut.tries)
        return False

    async def mend(
        self, text: str, request: Request | None, proposal: Proposal | None, progress: Progress
    ) -> bool:
        """Complete the request *text* at the end of an utterance, or ask what it lacks.

        *request* and *proposal* are what it leads to as it is. Returns whether there was need.
        """
        busy = progress.session.asked or progress.situation is Situation.ASKED
        if busy or progress.repaired >= TRIES:
            return False
        ending = self.judge(text)
        works = proposal is not None and not (proposal.problem or proposal.question)
        broke_off = _broke_off(progress)
        open_ended = broke_off or self._words.is_open(text) or text.endswith(("\u2026", ".."))
        likely = broke_off or ending.cut >= (LIKELY if open_ended else SURELY)
        if not likely or (works and not open_ended):
            return False
        if works and proposal and proposal.risk is Risk.GUARDED:
            progress.confirmed = False  # it is named, and asked about, before anything is done
            return False
        if request and request.claimed:
            return False
        with progress.stage("repair") as note:
            note.artifact = self._endings.label
            if request:
                request = _own(request, text, progress)
            heard = request.interpretation if request else None
            note.note = f"{_graph(text, heard, ending)}, cut off {ending.cut:.2f}"
            if proposal and proposal.question and self._performer.asks_for(proposal, ending.role):
                progress.session.cut = self._cut_off(text, heard, ending, proposal, None, progress)
                return False
            note.note += ", the sound broke off" if broke_off else ""
            fitting = await self._fitting(text, request, ending, progress) if request else []
            # What can be done as it is says nothing of what else was meant.
            chosen = None if broke_off and works else _only(fitting, progress)
            if chosen:
                note.note += f", {chosen.name.text} fits"
        if chosen:
            if chosen.proposal.risk is Risk.GUARDED:
                progress.confirmed = False  # the person named no door
            await self._performer.pursue(chosen.request, chosen.proposal, progress)
        else:
            self._ask(text, heard, ending, fitting, proposal, progress)
        return True

    async def _fitting(
        self, text: str, request: Request, ending: Ending, progress: Progress
    ) -> list[_Fitting]:
        """Return the things of the home with which the request can be done.

        None where it is the same whatever the thing: then it is not what is missing.
        """
        roles = [role for role, share in ending.roles if share >= _POSSIBLE and role in _KINDS]
        kinds = _KINDS[roles[0]] if roles else frozenset[str]()
        first = {name.target: name for name in reversed(list(self._names())) if name.kind in kinds}
        found: list[_Fitting] = []
        for name in list(first.values())[:_TRIED]:
            whole, begin = joined(text, name.text.lower())
            slot = Slot(roles[0], whole[begin:], begin, len(whole))
            heard = request.interpretation
            kept = tuple(one for one in heard.slots if one.end <= begin)
            tried = replace(
                request,
                text=whole,
                interpretation=replace(heard, slots=(*kept, slot), end=len(whole)),
            )
            proposal = await self._performer.propose(tried, progress)
            if proposal is None or proposal.problem or proposal.question:
                continue
            found.append(_Fitting(name, tried, proposal))
        return found if len(found) == 1 or not _all_alike(found) else []

    def _ask(
        self,
        text: str,
        heard: Interpretation | None,
        ending: Ending,
        fitting: Sequence[_Fitting],
        proposal: Proposal | None,
        progress: Progress,
    ) -> None:
        """Ask for the unknown node."""
        names = [one.name.text for one in fitting] if 1 < len(fitting) <= CHOICES else []
        act = self._words.question(text, ending.role if ending.is_sure else None, names)
        progress.session.cut = self._cut_off(text, heard, ending, proposal, act, progress)
        progress.acts.append(act)
        progress.asked = True
        if heard:
            progress.requests.append(heard)
        if proposal:
            call = Call(proposal.call.skill, proposal.call.api, {})
            message = self._wording.say(act, progress.now)
            progress.actions.append(Action(call, Status.NEEDS_VALUE, proposal.risk, message))
        progress.out_of_scope = False

    def _cut_off(
        self,
        text: str,
        heard: Interpretation | None,
        ending: Ending,
        proposal: Proposal | None,
        question: Act | None,
        progress: Progress,
    ) -> CutOff:
        utterance = progress.utterance
        whole = utterance.text.strip().endswith(text.strip())
        others = [said for said, _ in utterance.hypotheses[:_HYPOTHESES]] if whole else []
        return CutOff(
            texts=tuple(dict.fromkeys((text, *others))),
            intent=heard.intent if heard else "",
            role=ending.role,
            question=question,
            call=proposal.call if proposal else None,
            spoken=bool(utterance.hypotheses or utterance.heard),
            tries=progress.repaired + 1,
            broke_off=_broke_off(progress),
        )

    async def _whole(self, cut: CutOff, progress: Progress) -> Whole | None:
        """Return the whole sentence, ``None`` where what is said now stands for itself."""
        answer, understander = progress.utterance.text, progress.understander
        if restates(answer, cut.texts[0]):
            return None
        if cut.broke_off and cut.question:
            return await self._sounded(cut, progress)
        sound = self._words.is_open(cut.texts[0]) and not self._words.goes_on(answer)
        half = 0 if sound else _HALF if cut.spoken else 1
        found = best_whole(
            cut.texts, answer, cut.intent if cut.role else "", understander, half=half
        )
        if found is None or self._stands(answer, found, cut, progress):
            return None
        tried = Request(found.request, found.text)
        _, proposal = await self._performer.choose(tried, progress)
        asked = progress.session.asked
        if asked is None:
            idle = proposal is None or (cut.call is not None and same(proposal.call, cut.call))
            unknown = cut.role in _KINDS and proposal is not None and bool(proposal.problem)
            says = not (idle or unknown) or self._lexicon.means_everything(answer)
            return found if says else None
        works = proposal is not None and not (proposal.problem or proposal.question)
        return found if works and proposal and proposal.call.skill == asked.call.skill else None

    async def _sounded(self, cut: CutOff, progress: Progress) -> Whole | None:
        """Return the whole of what broke off in its sound; ``None`` for a command of its own.

        With as many of the words that were heard as lead to something that can be done: what they
        say alone may be all that was meant ("fifty per" and "percent").
        """
        answer, understander = progress.utterance.text, progress.understander
        if self._lexicon.is_command(answer):
            return None
        for left_out in _left_out(cut.texts[0], answer):
            texts = [without_last(text, left_out) for text in cut.texts]
            found = best_whole(texts, answer, "", understander, half=0)
            if found is None:
                continue
            _, proposal = await self._performer.choose(Request(found.request, found.text), progress)
            if proposal and not (proposal.problem or proposal.question):
                return found
        return None

    def _stands(self, answer: str, found: Whole, cut: CutOff, progress: Progress) -> bool:
        """Whether *answer* is a request of its own rather than the rest of what was *cut* off."""
        moves = progress.understander.understand(answer).moves
        requests = [move.request for move in moves if move.kind in CONTENT and move.request]
        alone = max((request.score for request in requests), default=0.0)
        if alone < SURE:
            return False
        goes_on = cut.role is None
        if self._lexicon.is_command(answer):
            goes_on = goes_on and found.request.intent == cut.intent
            return not (found.fills(cut.role) or goes_on) or found.worth < alone
        return found.worth < (LEAST_WHOLE if goes_on or found.fills(None) else alone)

    def _says(self, progress: Progress) -> bool:
        """Whether what is said now asks for something at all."""
        found = progress.understander.understand(progress.utterance.text)
        return any(move.request and move.request.score >= LEAST for move in found.moves)

    def _lets_go(self, answer: str, progress: Progress) -> bool:
        moves = progress.understander.understand(answer, Situation.ASKED).moves
        return bool(moves) and all(move.kind in _LETS_GO for move in moves)

    def _go_on(self, text: str, progress: Progress, *, tries: int = 0, whole: bool = False) -> None:
        """Go on with the turn as if *text* had been said."""
        progress.session.pending.clear()
        progress.heard = progress.heard or progress.utterance
        progress.utterance = replace(progress.utterance, text=text, hypotheses=())
        progress.repaired = TRIES if whole else tries


def _left_out(text: str, answer: str) -> Sequence[int]:
    """Return how many last words of *text* to leave out: best first.

    Half a word that the *answer* begins with ("seven", "seventy five") is said whole in it.
    """
    last, first = text.lower().split()[-1:], answer.lower().split()[:1]
    is_half = bool(last and first) and first[0].startswith(last[0])
    return (1, 0, 2) if is_half else (0, 1, 2)


def _broke_off(progress: Progress) -> bool:
    heard = progress.utterance.heard
    return heard is not None and heard.broke_off


def _all_alike(fitting: Sequence[_Fitting]) -> bool:
    return all(same(one.proposal.call, fitting[0].proposal.call) for one in fitting)


def _only(fitting: Sequence[_Fitting], progress: Progress) -> _Fitting | None:
    """Return the only thing that fits, or the only one that was spoken of just now.

    What is guarded is not guessed from the conversation.
    """
    if len(fitting) == 1:
        return fitting[0]
    last = progress.session.last_turn(progress.now)
    known = {
        thing
        for done in last
        for thing in (*things(done.call), *_ids(done.outcome.entities.values()))
    }
    spoken_of = [one for one in fitting if one.name.target in known]
    harmless = [one for one in spoken_of if one.proposal.risk is not Risk.GUARDED]
    return harmless[0] if len(spoken_of) == len(harmless) == 1 else None


def _ids(values: Iterable[object]) -> Iterable[str]:
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, list | tuple):
            yield from map(str, cast("Iterable[object]", value))


def _graph(text: str, heard: Interpretation | None, ending: Ending) -> str:
    if heard is None:
        return f"{text} UNKNOWN"
    return str(of_request(text, heard, ending.role or REST))


def _own(request: Request, text: str, progress: Progress) -> Request:
    """Return *request* with places in *text*, the end of the utterance, all of which it holds."""
    away = len(progress.utterance.text) - len(text)
    slots = tuple(
        replace(slot, start=slot.start - away, end=slot.end - away)
        for slot in request.interpretation.slots
        if slot.start >= away
    )
    whole = replace(request.interpretation, start=0, end=len(text), slots=slots)
    return replace(request, text=text, interpretation=whole)


@lru_cache(maxsize=16)
def _kinds(names: tuple[Name, ...]) -> dict[tuple[str, ...], str]:
    return kinds_of({name.text: name.kind for name in names})
