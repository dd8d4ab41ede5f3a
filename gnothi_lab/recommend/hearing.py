"""What an assistant makes of what it notices: words by its own reading, plays by their length."""

from dataclasses import replace

from gnothi.recommend.acts import Answer, Ask, Prompt, Wish
from gnothi.recommend.replies import Replies
from gnothi_lab.worlds.listeners import Reaction

HEARD_OUT, SKIPPED = 0.25, -0.55
"""Degrees of what was played where nothing was said: a skip is nearly a no."""


def first_wish(replies: Replies, text: str) -> Answer | None:
    """Return what somebody asked for right away, ``None`` if they only asked for help."""
    answer = replies.read(text, Prompt(Ask.OPEN))
    named = answer.is_named or answer.wish is Wish.SURPRISE
    return answer if named else None


def heard(replies: Replies, prompt: Prompt, reaction: Reaction) -> Answer:
    """Return the answer to a *prompt* that somebody goes on after."""
    if reaction.text:
        answer = replies.read(reaction.text, prompt)
        is_interrupted = prompt.ask is Ask.PLAY and reaction.event == "skipped"
        return _refusing(answer) if is_interrupted else answer
    if reaction.event == "skipped":
        return Answer(degree=SKIPPED)
    if reaction.event == "completed":
        return Answer(degree=HEARD_OUT)
    return Answer(sureness=0.0)


def _refusing(answer: Answer) -> Answer:
    """Return *answer*, at least a skip: whoever stops what is played does not want it."""
    degree = SKIPPED if answer.degree is None else min(answer.degree, SKIPPED)
    return replace(answer, degree=degree, sureness=max(answer.sureness, 0.7))
