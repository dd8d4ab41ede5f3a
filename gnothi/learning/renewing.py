"""Things that other eyes saw, learned anew from small pictures that were kept of them."""

from dataclasses import replace

from gnothi.core.errors import InputError
from gnothi.vision.finding.networks import SightNetworks
from gnothi.vision.teaching.examples import identity, see
from gnothi.vision.teaching.learner import Elsewhere, Expectation, learn
from gnothi.vision.teaching.things import Thing, uncut


def renewed(thing: Thing, networks: SightNetworks, eyes: str, elsewhere: Elsewhere) -> Thing | None:
    """Return *thing* as the *networks* of the label *eyes* learn it from its cuts.

    How well it is known then nobody can tell: no picture as it was shown is left to try. ``None``
    where they make out nothing, and where several people showed it: nobody knows whose picture a
    cut is of, and who is erased takes theirs along.
    """
    teachers = {one.teacher for one in (*thing.shown, *thing.waiting)}
    if len(teachers) != 1:
        return None
    [teacher] = teachers
    shown = tuple(
        see(networks, identity(pixels), pixels, boxes, teacher=teacher)
        for pixels, boxes in map(uncut, thing.cuts)
    )
    try:
        # Cuts show little else, so what came with the eyes is learned from here.
        learned = learn(shown, Elsewhere((*elsewhere.pictures, *elsewhere.bank)))
    except InputError:
        return None
    learned = replace(learned, expectation=Expectation(0, 0, 0, 0))
    return replace(thing, eyes=eyes, shown=shown, learned=learned, waiting=())
