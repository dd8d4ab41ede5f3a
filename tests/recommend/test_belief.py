"""Beliefs: what answers make likelier, and that nothing is ever ruled out."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gnothi.recommend.acts import Answer, Ask, Prompt
from gnothi.recommend.belief import Belief
from gnothi.recommend.catalogue import Catalogue
from gnothi.recommend.catalogue_file import shipped
from gnothi.recommend.likeness import Likeness
from gnothi.recommend.noise import Noise
from gnothi.recommend.prior import apart, personal, popular, together

MUSIC = shipped("music")
LIKENESS = Likeness(MUSIC)


def belief(*, jurors: int = 4096) -> Belief:
    """The belief before anything was said."""
    return Belief.begin(LIKENESS, popular(MUSIC), jurors=jurors)


def value(facet: str, name: str, catalogue: Catalogue = MUSIC) -> int:
    """The number of an attribute."""
    found = catalogue.attribute(facet, name)
    assert found is not None
    return found


ROCK, JAZZ, CALM = value("genre", "rock"), value("genre", "jazz"), value("mood", "calm")
degrees = st.floats(-1, 1)
values = st.integers(0, len(MUSIC.attributes) - 1)
items = st.integers(0, len(MUSIC) - 1)
prompts = st.one_of(
    st.builds(lambda one: Prompt(Ask.SUGGEST, (one,)), values),
    st.builds(
        lambda pair: Prompt(Ask.CHOICE, tuple(sorted(pair))),
        st.sets(values, min_size=2, max_size=2),
    ),
    st.builds(lambda item: Prompt(Ask.SAMPLE, item=item), items),
)
answers = st.builds(
    Answer,
    degree=st.none() | degrees,
    likes=st.lists(values, max_size=2).map(tuple),
    dislikes=st.lists(values, max_size=2).map(tuple),
    items=st.lists(items, max_size=1).map(tuple),
    sureness=st.floats(0, 1),
)


@settings(deadline=None, max_examples=25)
@given(st.lists(st.tuples(prompts, answers), max_size=6))
def test_nothing_is_ever_ruled_out(turns: list[tuple[Prompt, Answer]]) -> None:
    """Whatever is answered, chances add to 1, none is 0, and saying it again gives the same."""
    one, again = belief(), belief()
    for prompt, answer in turns:
        one, again = one.after(prompt, answer), again.after(prompt, answer)
    assert one.chances.sum() == pytest.approx(1)
    assert one.chances.min() > 0
    assert 0 <= one.entropy <= np.log(len(MUSIC)) + 1e-6
    assert np.array_equal(one.evidence, again.evidence)


@settings(deadline=None, max_examples=20)
@given(values, degrees, degrees)
def test_the_more_they_like_a_value_the_likelier_it_is(one: int, low: float, high: float) -> None:
    """The chance of a value never falls when the degree of the answer rises."""
    low, high = sorted((low, high))
    prompt = Prompt(Ask.SUGGEST, (one,))
    before, after = (belief().after(prompt, Answer(degree=at)).values[one] for at in (low, high))
    assert before <= after + 1e-6


@settings(deadline=None, max_examples=20)
@given(items, degrees, degrees)
def test_the_more_they_like_a_sample_the_likelier_it_is(one: int, low: float, high: float) -> None:
    """So with items."""
    low, high = sorted((low, high))
    prompt = Prompt(Ask.SAMPLE, item=one)
    before, after = (belief().after(prompt, Answer(degree=at)).chances[one] for at in (low, high))
    assert before <= after * (1 + 1e-5)


def test_a_choice_favours_the_taken_value() -> None:
    """Taking jazz rather than rock; "neither" speaks against both; "both" for both."""
    prompt, start = Prompt(Ask.CHOICE, (ROCK, JAZZ)), belief()
    jazz = start.after(prompt, Answer(chosen=JAZZ))
    assert jazz.values[JAZZ] > 2 * start.values[JAZZ]
    assert jazz.values[ROCK] < start.values[ROCK]
    neither = start.after(prompt, Answer(degree=-1)).values
    assert all(neither[[ROCK, JAZZ]] < start.values[[ROCK, JAZZ]])
    both = start.after(prompt, Answer(likes=(ROCK, JAZZ))).values
    assert all(both[[ROCK, JAZZ]] > start.values[[ROCK, JAZZ]])


def test_what_is_wanted_counts_as_far_as_it_is_typical() -> None:
    """Asking for jazz lifts none that has it not, and some that have it more than others."""
    start = belief()
    lifts = start.after(Prompt(Ask.OPEN), Answer(likes=(JAZZ,))).evidence
    has = np.zeros(len(MUSIC), np.bool_)
    has[MUSIC.items_with(JAZZ)] = True
    assert (lifts[has] > 0).all()
    assert not lifts[~has].any()
    assert lifts[has].max() > lifts[has].min() + 1


def test_what_is_not_wanted_counts_in_full() -> None:
    """A no to jazz means all of it, however typical; without degrees a yes does, too."""
    start = belief()
    refused = start.after(Prompt(Ask.OPEN), Answer(dislikes=(JAZZ,))).evidence
    assert len(np.unique(refused[MUSIC.items_with(JAZZ)])) == 1
    plain = Belief.begin(LIKENESS, popular(MUSIC), Noise(typical=0))
    alike = plain.after(Prompt(Ask.OPEN), Answer(likes=(JAZZ,))).evidence
    assert alike[MUSIC.items_with(JAZZ)] == pytest.approx(np.log(Noise().mention))


def test_a_no_to_part_keeps_the_rest() -> None:
    """With "calm, but no jazz" one rises, the other falls."""
    start = belief()
    said = start.after(Prompt(Ask.OPEN), Answer(likes=(CALM,), dislikes=(JAZZ,)))
    assert said.values[CALM] > 2 * start.values[CALM]
    assert said.values[JAZZ] < start.values[JAZZ] / 2


def test_what_was_named_and_what_is_like_it_is_likelier() -> None:
    """Asking for something like Johnny Cash."""
    cash, dylan, abba = (MUSIC.number(name) for name in ("Johnny Cash", "Bob Dylan", "ABBA"))
    assert cash is not None
    start = belief()
    said = start.after(None, Answer(items=(cash,)))
    rises = said.chances / start.chances
    assert rises[cash] > rises[dylan] > rises[abba]
    assert rises[cash] == rises.max()


def test_whoever_is_named_comes_before_those_like_them() -> None:
    """However popular others are, and whoever was named before: they want to hear that one."""
    before = belief()
    for name in ("Madonna", "Prince", "Whitney Houston", "Bonnie Raitt"):
        number = MUSIC.titles.index(name)
        before = before.after(None, Answer(items=(number,)))
        assert number in before.best(5)


def test_not_knowing_and_not_understanding_say_nothing() -> None:
    """The belief is the very same."""
    start, prompt = belief(), Prompt(Ask.SUGGEST, (ROCK,))
    assert start.after(prompt, Answer(is_unsure=True)) is start
    assert start.after(prompt, Answer()) is start
    assert start.after(prompt, Answer(degree=1, sureness=0)) is start
    assert start.after(prompt, Answer(degree=0)).chances[3] == start.chances[3]


def test_what_was_poorly_heard_counts_less() -> None:
    """A yes that was surely understood moves more."""
    prompt = Prompt(Ask.SUGGEST, (JAZZ,))
    sure, unsure = (belief().after(prompt, Answer(degree=1, sureness=s)) for s in (1, 0.3))
    assert sure.values[JAZZ] > unsure.values[JAZZ] > belief().values[JAZZ]


def test_a_jury_judges_like_everybody() -> None:
    """A few hundred items give the chances of attributes that all items give, nearly."""
    said = Answer(likes=(CALM,))
    everybody, few = (belief(jurors=n).after(None, said) for n in (4096, 400))
    assert len(few.jury.items) < 400
    assert np.abs(everybody.values - few.values).max() < 0.03
    top = everybody.best(4)
    assert np.abs(everybody.success(top) - few.success(top)).max() < 0.03


def test_history_is_a_prior_and_company_a_mixture() -> None:
    """What somebody plays is likelier for them, and less so when others are there."""
    scores = np.zeros(len(MUSIC), np.float32)
    jazz = MUSIC.items_with(JAZZ)
    scores[jazz] = 1
    mine, usual = personal(MUSIC, scores), popular(MUSIC)
    both = together([mine, usual])
    assert mine[jazz].sum() > both[jazz].sum() > usual[jazz].sum()
    assert mine.sum() == pytest.approx(1, abs=1e-4)
    assert apart(mine, usual) == pytest.approx(2 * apart(both, usual), rel=1e-3)


def test_company_changes_the_prior_and_keeps_what_was_said() -> None:
    """Other people, the same answers."""
    said = belief().after(None, Answer(likes=(JAZZ,)))
    flat = np.full(len(MUSIC), 1 / len(MUSIC), np.float32)
    assert np.array_equal(said.among(flat).evidence, said.evidence)
    assert said.among(flat).entropy > said.entropy


def test_likeness_by_facts_and_by_who_plays_both() -> None:
    """The likest is the item itself; what people play together is liker than by facts alone."""

    class Together:
        def scores(self, items: np.ndarray, counts: np.ndarray) -> np.ndarray:
            return np.where(np.arange(len(MUSIC)) == 5, 2.0, 0.0).astype(np.float32)

    facts, played = LIKENESS.to(7), Likeness(MUSIC, Together()).to(7)
    assert facts.argmax() == played.argmax() == 7
    assert facts.min() >= 0
    assert facts.max() <= 1 + 1e-6
    assert played[5] > facts[5]


@given(degrees, degrees)
def test_a_louder_yes_says_more(low: float, high: float) -> None:
    """The noise model is monotone and says nothing at 0."""
    low, high = sorted((low, high))
    assert Noise().on_value(low) <= Noise().on_value(high)
    assert Noise().on_value(0) == 0


def test_what_is_said_twice_at_once_counts_once() -> None:
    """A value that was chosen and asked for in one breath."""
    once = belief().after(None, Answer(likes=(JAZZ,)))
    twice = belief().after(None, Answer(likes=(JAZZ, JAZZ), chosen=JAZZ))
    assert np.array_equal(once.evidence, twice.evidence)


def test_who_is_only_gone_by_is_not_what_they_want_to_hear() -> None:
    """Naming somebody speaks for them most; "something like them" for them as for their like."""
    item = int(MUSIC.items_with(JAZZ)[0])
    named = belief().after(None, Answer(items=(item,)))
    similar = belief().after(None, Answer(similar=(item,)))
    assert named.chances[item] > 3 * similar.chances[item]
    others = np.delete(np.arange(len(MUSIC)), item)
    ratio = similar.chances[others] / named.chances[others]
    assert np.allclose(ratio, ratio[0], rtol=1e-3)
    assert similar.chances[item] > belief().chances[item]
