"""Answer what people say when they want nothing done."""

from gnothi.core.acting import Act, Call, Outcome, Status
from gnothi.core.risk import Risk
from gnothi.home.alarms import SNOOZE
from gnothi.skills.turn import HEARD, SAID, Proposal, Turn
from gnothi.skills.vocabulary import Vocabulary

JOKES = 12
"""``general-joke`` selects among so many with ``$number``."""
TOLD = "joke"
SHOWN, NAMED = 3, 8
"""Examples and titles that help tells; more than that nobody remembers."""
_AROUND = 3
"""Signs beside a greeting that say nothing more."""

_WORDS = Vocabulary.beside(__file__)


async def greet(turn: Turn) -> Outcome:
    """Return a greeting that fits."""
    if turn.text in _WORDS["how_are_you"]:
        return _say("general-how-are-you")
    if meaning := _WORDS.meaning("greetings", turn.text):
        return _say(f"general-hello-{meaning}")
    if turn.text in _WORDS["whats_up"]:
        return _say("general-whats-up")
    if meaning := _WORDS.meaning("quirks", turn.text):
        return _say(f"general-{meaning}")
    is_all = len(turn.utterance.text) <= len(turn.text) + _AROUND
    return _say("general-hello" if is_all else "general-hello-too")


async def joke(turn: Turn) -> Outcome:
    """Tell the next joke; none comes twice before all have been told."""
    store = turn.services.store
    last = store.get(TOLD)
    number = (int(last) + 1) % JOKES if isinstance(last, int) else turn.now.toordinal() % JOKES
    store.put(TOLD, number)
    return _say("general-joke", number=number)


async def thanks(turn: Turn) -> Outcome:
    """Accept thanks."""
    return _say("general-welcome")


async def help(turn: Turn) -> Outcome:  # noqa: A001 - the API's name
    """Tell what the skills of this installation are good for."""
    topics = [topic for topic in turn.services.topics if topic.examples]
    start = turn.now.minute % max(len(topics), 1)  # other examples at another time
    chosen = [*topics[start:], *topics[:start]][:SHOWN]
    examples = [f"“{topic.examples[0]}”" for topic in chosen]
    return _say("general-help", topics=[topic.title for topic in topics[:NAMED]], examples=examples)


async def repeat(turn: Turn) -> Outcome:
    """Say the last answer again; the dialogue keeps it in focus."""
    said = turn.focus.get(SAID)
    if not said:
        return _say("general-repeat-nothing")
    return _say("general-repeat-said", said=said)


async def tell_heard(turn: Turn) -> Outcome:
    """Say again what was said before; the dialogue keeps it in focus."""
    heard = turn.focus.get(HEARD)
    return _say("general-heard", heard=heard) if heard else _say("general-heard-nothing")


async def cancel(turn: Turn) -> Outcome:
    """Silence what rings or plays; otherwise there is nothing to cancel."""
    alarms = turn.services.alarms
    ringing = alarms.ringing()
    for alarm in ringing:
        alarms.dismiss(alarm)
    if ringing:
        return _say("general-silenced")
    if turn.services.player.state().get("status") == "playing":
        await turn.services.player.command("stop")
        return _say("general-silenced")
    return _say("general-nothing-to-cancel")


async def propose_silence(turn: Turn) -> Proposal:
    """Propose silence where something rings, or plays while no question waits for its answer."""
    services = turn.services
    plays = services.player.state().get("status") == "playing"
    stops = plays and not (turn.is_asked or _WORDS["hush"].are(turn.text))
    call = Call("general", "silence")
    if services.alarms.ringing() or stops:
        return Proposal(call, Risk.FREE)
    return Proposal(call, Risk.FREE, problem=(Act("general-nothing-to-cancel"),))


async def silence(turn: Turn) -> Outcome:
    """Silence what rings or plays."""
    return await cancel(turn)


async def quirky(turn: Turn) -> Outcome:
    """Answer questions about the assistant plainly; a lone "snooze" is for what rings."""
    alarms = turn.services.alarms
    if alarms.ringing() and turn.text in _WORDS["snooze"]:
        for alarm in alarms.ringing():
            alarms.snooze(alarm)
        return _say("general-snoozed", by=SNOOZE)
    meaning = _WORDS.meaning("quirks", turn.text)
    return _say(f"general-{meaning}" if meaning else "general-quirky")


def _say(key: str, **values: object) -> Outcome:
    return Outcome(Status.DONE, (Act(key, values),))
