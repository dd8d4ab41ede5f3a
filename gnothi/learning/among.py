"""A thing among the others that the same eyes were shown: those tell what it is not."""

from collections.abc import Sequence

from gnothi.core.errors import InputError
from gnothi.vision.teaching.examples import Shown
from gnothi.vision.teaching.learner import Elsewhere, learn
from gnothi.vision.teaching.looking import Look
from gnothi.vision.teaching.things import Thing, Things


def elsewhere_of(
    things: Things, name: str, eyes: str, bank: Sequence[Look], fresh: Sequence[Shown] = ()
) -> Elsewhere:
    """Return the pictures of other things that the same *eyes* saw, and the *bank* of these.

    Without those that show the thing called *name* as well: they are among its own.
    """
    mine = things.find(name)
    known = (*mine.shown, *mine.waiting) if mine else ()
    own = {one.name for one in (*fresh, *known)}
    pictures = [
        shown.looks[0]
        for one in things.things
        if one is not mine and one.eyes == eyes
        for shown in one.shown
        if shown.name not in own
    ]
    return Elsewhere(pictures, bank)


def without_teacher(things: Things, thing: Thing, person: str, bank: Sequence[Look]) -> Things:
    """Return *things* with *thing* learned without the examples of *person*, or without it.

    *bank* is what came with the eyes that saw it.
    """
    shown, waiting = (
        tuple(one for one in some if one.teacher != person) for some in (thing.shown, thing.waiting)
    )
    try:
        learned = learn(shown, elsewhere_of(things, thing.name, thing.eyes, bank))
    except InputError:  # nothing of it is left
        return things.without(thing.name)
    return things.with_thing(Thing(thing.name, thing.eyes, shown, learned, waiting))
