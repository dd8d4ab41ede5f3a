"""Rewards from transcripts."""

from gnothi.recommend.acts import Answer, Ask, Prompt
from gnothi.recommend.belief import Belief
from gnothi.recommend.catalogue_file import shipped
from gnothi.recommend.course import Turn
from gnothi.recommend.likeness import Likeness
from gnothi.recommend.rewards import Reward, playback

CATALOGUE = shipped("music")
START = Belief.begin(Likeness(CATALOGUE), CATALOGUE.prior.astype("float32"))
ITEM = 7
HAS = int(CATALOGUE.facts(ITEM)[0])
LACKS = next(at for at in range(len(CATALOGUE.attributes)) if at not in CATALOGUE.facts(ITEM))


def _turns(*answers: tuple[int, float]) -> list[Turn]:
    asked = [Turn(Prompt(Ask.SUGGEST, (value,)), Answer(degree=how)) for value, how in answers]
    return [*asked, Turn(Prompt(Ask.PLAY, item=ITEM), Answer())]


def test_a_question_that_led_there_is_worth_more_than_one_that_led_away() -> None:
    """The yes to what the played item has is of more use than the yes to what it lacks."""
    good, bad, play = Reward().of(START, _turns((HAS, 0.9), (LACKS, 0.9)), ITEM)
    assert good > bad > 0
    assert play == 1


def test_nothing_was_of_use_where_nothing_was_played() -> None:
    """Without a play to its end, every reward is 0."""
    assert Reward().of(START, _turns((HAS, 0.9)), None) == [0.0, 0.0]


def test_what_is_long_past_is_worth_less() -> None:
    """The same rise counts for less, the more turns lie between it and the end."""
    early = Reward().of(START, _turns((HAS, 0.9), (LACKS, 0.0), (LACKS, 0.0)), ITEM)[0]
    late = Reward().of(START, _turns((HAS, 0.9)), ITEM)[0]
    assert late > early > 0


def test_playback_rewards_every_turn_alike() -> None:
    """The plainer reward tells no prompt from another."""
    assert playback(_turns((HAS, 0.9)), ITEM) == [1.0, 1.0]
    assert playback(_turns((HAS, 0.9)), None) == [0.0, 0.0]
