"""What learners see of how items fit what was said."""

import numpy as np

from gnothi.recommend import fitting
from gnothi.recommend.acts import Answer, Ask, Prompt
from gnothi.recommend.catalogue_file import shipped
from gnothi.recommend.conversation import Conversation, Recommender
from gnothi.recommend.course import Turn
from gnothi.recommend.policies.rules import Rules

MUSIC = shipped("music")
BASE = Recommender.over(MUSIC, Rules())


def _jazz() -> int:
    found = MUSIC.attribute("genre", "jazz")
    assert found is not None
    return found


def _told(turns: list[Turn], items: list[int]) -> dict[str, np.ndarray]:
    rows = fitting.fitting(Conversation(BASE, turns=turns).moment(), items)
    return dict(zip(fitting.NAMES, rows.T, strict=True))


def test_items_that_have_what_was_asked_for_fit() -> None:
    """One with jazz has it, and it is typical of it; one without has not."""
    player = int(MUSIC.items_with(_jazz())[0])
    other = next(at for at in range(len(MUSIC)) if _jazz() not in MUSIC.facts(at))
    said = [Turn(Prompt(Ask.OPEN), Answer(likes=(_jazz(),)))]
    told = _told(said, [player, other])
    assert told["has_wanted"].tolist() == [1.0, 0.0]
    assert told["typical"][0] > told["typical"][1]


def test_what_was_taken_back_does_not_count() -> None:
    """Jazz, and then no jazz: nothing is asked for."""
    said = [
        Turn(Prompt(Ask.OPEN), Answer(likes=(_jazz(),))),
        Turn(Prompt(Ask.SUGGEST, (_jazz(),)), Answer(degree=-0.9)),
    ]
    assert not _told(said, [0, 1])["has_wanted"].any()


def test_likeness_to_what_was_named_and_refused() -> None:
    """The one that was named is most like it; the one that was refused likewise."""
    said = [
        Turn(Prompt(Ask.OPEN), Answer(similar=(3,))),
        Turn(Prompt(Ask.PLAY, item=5), Answer(degree=-0.8)),
    ]
    told = _told(said, [3, 5, 7])
    assert told["like_named"][0] == told["like_refused"][1] == 1.0
    assert told["is_named"].tolist() == [1.0, 0.0, 0.0]
    assert told["like_named"][2] < 1.0
    assert told["like_refused"][2] < 1.0


def test_the_last_refusals_count() -> None:
    """After many refusals, it is the last ones that items are compared with."""
    refused = [*range(20, 29), 3]
    said = [Turn(Prompt(Ask.PLAY, item=item), Answer(degree=-0.8)) for item in refused]
    told = _told(said, [3, 20])
    assert told["like_refused"][0] == 1.0
    assert told["like_refused"][1] < 1.0
