"""Conversations: either side may lead, take back, explore, leave; and they end well."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gnothi.core.errors import InputError
from gnothi.recommend.acts import Answer, Ask, Prompt, Wish
from gnothi.recommend.catalogue import Catalogue
from gnothi.recommend.catalogue_file import from_rows, header_of, shipped
from gnothi.recommend.conversation import Conversation, End, Recommender
from gnothi.recommend.policies import Exploring, Uniform
from gnothi.recommend.policies.gain import InformationGain
from gnothi.recommend.policies.rules import Rules
from gnothi.recommend.prior import personal
from gnothi.recommend.saved import resume, save

MUSIC = shipped("music")
RECOMMENDER = Recommender.over(MUSIC, Rules())
YES, NO = Answer(degree=0.9), Answer(degree=-0.9)


def rng(seed: int = 0) -> np.random.Generator:
    """A generator."""
    return np.random.default_rng(seed)


def value(facet: str, name: str) -> int:
    """The number of an attribute."""
    found = MUSIC.attribute(facet, name)
    assert found is not None
    return found


JAZZ = value("genre", "jazz")


def untagged(size: int) -> Catalogue:
    """Items of which nothing but the title is known."""
    header = header_of({"kind": "song", "columns": ["title"]}, "test")
    return from_rows(header, ((f"row {n}", [f"song {n}"]) for n in range(size)))


answers = st.one_of(
    st.builds(Answer, degree=st.floats(-1, 1)),
    st.builds(Answer, likes=st.tuples(st.integers(0, len(MUSIC.attributes) - 1))),
    st.builds(Answer, items=st.tuples(st.integers(0, len(MUSIC) - 1))),
    st.builds(Answer, wish=st.sampled_from([Wish.BACK, Wish.MORE, Wish.SURPRISE, Wish.PLAY])),
    st.just(Answer(is_unsure=True)),
    st.just(Answer()),
)


def test_a_liked_sample_is_played_and_ends_it() -> None:
    """Jazz, a few answers, a sample, "brilliant": it plays, nobody objects, it is over."""
    one = RECOMMENDER.begin(rng(), first=Answer(likes=(JAZZ,)))
    while one.prompt is not None and one.prompt.ask is not Ask.SAMPLE:
        one.reply(Answer(is_unsure=True), rng())
    assert one.prompt is not None
    sampled = one.prompt.item
    assert one.reply(YES, rng()) == Prompt(Ask.PLAY, item=sampled)
    assert one.reply(Answer(), rng()) is None
    assert (one.end, one.played) == (End.PLAYED, sampled)
    assert one.reply(YES, rng()) is None


def test_a_refused_play_goes_on() -> None:
    """A "not that one" after a play is answered by something else."""
    one = RECOMMENDER.begin(rng(), first=Answer(wish=Wish.SURPRISE))
    assert one.prompt is not None
    assert one.prompt.ask is Ask.PLAY
    again = one.reply(NO, rng())
    assert again is not None
    assert again != Prompt(Ask.PLAY, item=one.turns[-1].prompt.item)
    assert one.end is None


def test_surprise_plays_the_best_of_what_was_said() -> None:
    """Asked for some jazz and a surprise, it plays jazz."""
    one = RECOMMENDER.begin(rng(), first=Answer(likes=(JAZZ,), wish=Wish.SURPRISE))
    assert one.prompt is not None
    assert one.prompt.item in MUSIC.items_with(JAZZ)
    assert one.choice is None


def test_people_may_name_what_to_play() -> None:
    """What is named is played, and "yes, play it" plays what was offered."""
    dylan = MUSIC.number("Bob Dylan")
    assert dylan is not None
    one = RECOMMENDER.begin(rng(), first=Answer(items=(dylan,), wish=Wish.PLAY))
    assert one.prompt == Prompt(Ask.PLAY, item=dylan)
    assert one.reply(Answer(wish=Wish.PLAY), rng()) is None
    assert one.played == dylan


def test_leaving_ends_it() -> None:
    """Who says "never mind" is left alone."""
    one = RECOMMENDER.begin(rng())
    assert one.reply(Answer(wish=Wish.LEAVE), rng()) is None
    assert (one.end, one.played) == (End.LEFT, None)


def test_nothing_is_changed_by_its_own_tone() -> None:
    """Signs of how well it goes follow the answers."""
    one, other = (RECOMMENDER.begin(rng(), first=Answer(likes=(JAZZ,))) for _ in range(2))
    one.reply(YES, rng())
    other.reply(NO, rng())
    assert one.signs.score > other.signs.score


@settings(deadline=None, max_examples=20)
@given(st.lists(answers, max_size=7), answers)
def test_back_undoes_exactly(before: list[Answer], last: Answer) -> None:
    """After "back", the belief is to the last bit what it was, and the same is asked again."""
    one = RECOMMENDER.begin(rng())
    for answer in before:
        one.reply(answer, rng())
    if one.end is not None or last.wish is Wish.BACK:
        return
    evidence, prompt, count = one.belief.evidence.copy(), one.prompt, len(one.turns)
    one.reply(last, rng())
    if one.end is not None:
        return
    assert one.reply(Answer(wish=Wish.BACK), rng()) == prompt
    assert len(one.turns) == count
    assert np.array_equal(one.belief.evidence, evidence)


def test_back_and_something_else_at_once() -> None:
    """What is said with "go back" ("I meant jazz") takes the answer's place."""
    one = RECOMMENDER.begin(rng(), first=Answer(likes=(value("genre", "rock"),)))
    one.reply(Answer(wish=Wish.BACK, likes=(JAZZ,)), rng())
    straight = RECOMMENDER.begin(rng(), first=Answer(likes=(JAZZ,)))
    assert np.array_equal(one.belief.evidence, straight.belief.evidence)


def test_back_reaches_the_beginning() -> None:
    """Further than beliefs are kept, and no further than there is something."""
    one = RECOMMENDER.begin(rng())
    for _ in range(9):
        one.reply(NO, rng())
    for _ in range(12):
        one.reply(Answer(wish=Wish.BACK), rng())
    assert not one.turns
    assert one.prompt == Prompt(Ask.OPEN)
    assert not one.belief.evidence.any()


@pytest.mark.parametrize("policy", [Rules(), InformationGain(), Exploring(Rules()), Uniform()])
@pytest.mark.parametrize("kind", ["music", "films", "dinner", "radio"])
def test_nothing_is_asked_twice(kind: str, policy: Rules) -> None:
    """Of any catalogue, by any policy: thirty refusals, thirty different prompts."""
    one = Recommender.over(shipped(kind), policy).begin(rng())
    keys: list[str] = []
    for _ in range(30):
        if one.prompt is None:
            break
        keys.append(one.prompt.key)
        one.reply(NO if one.prompt.ask is Ask.PLAY else Answer(is_unsure=True), rng(len(keys)))
    assert len(keys) == len(set(keys)) == 30


def test_one_may_explore_for_a_hundred_turns() -> None:
    """In a catalogue of a hundred stations, too; in the end something is played."""
    one = Recommender.over(shipped("radio"), InformationGain()).begin(rng())
    while len(one.turns) < 99:
        one.reply(Answer(wish=Wish.MORE, degree=0.1), rng())
        assert one.end is None
    assert one.prompt is not None
    assert one.prompt.ask is Ask.PLAY
    one.reply(Answer(), rng())
    assert one.end is End.PLAYED


def test_what_is_refused_to_the_last_ends_too() -> None:
    """Somebody who likes nothing is not kept for ever."""
    one = replace(RECOMMENDER, longest=6).begin(rng())
    while one.prompt is not None:
        one.reply(NO, rng())
    assert (one.end, len(one.turns), one.played) == (End.TIRED, 6, None)


@pytest.mark.parametrize("size", [1, 3])
def test_titles_alone_are_enough(size: int) -> None:
    """A library without tags is sampled and played."""
    one = Recommender.over(untagged(size), Rules()).begin(rng())
    for _ in range(6):
        one.reply(NO, rng())
        assert one.prompt is not None
        assert not one.prompt.values


def with_history() -> Recommender:
    """A recommender that knows that Ana plays jazz and Ben metal."""
    tastes = {
        name: personal(MUSIC, MUSIC.matrix[:, [value("genre", genre)]].toarray()[:, 0])
        for name, genre in (("ana", "jazz"), ("ben", "metal"))
    }
    return replace(RECOMMENDER, taste=tastes.get)


def test_history_counts_but_not_for_guests() -> None:
    """Ana's jazz is likelier from the start; in a guest's session nobody's history counts."""
    known = with_history()
    ana = known.begin(rng(), person="ana")
    guest = known.begin(rng(), person="ana", household=("ana", "ben"), guest=True)
    assert ana.belief.values[JAZZ] > 1.5 * guest.belief.values[JAZZ]
    assert np.array_equal(guest.belief.prior, RECOMMENDER.begin(rng()).belief.prior)
    assert ana.moment().has_history
    assert not guest.moment().has_history
    assert guest.moment().is_guest


def test_company_is_asked_where_it_matters() -> None:
    """When others of the household play something else, and not when they don't."""
    known = with_history()
    one = known.begin(rng(), person="ana", household=("ana", "ben"), first=Answer(is_unsure=True))
    assert one.prompt == Prompt(Ask.COMPANY)
    alone = one.belief.values[value("genre", "metal")]
    one.reply(Answer(company=("ben",)), rng())
    assert one.belief.values[value("genre", "metal")] > alone
    assert one.moment().people == 2
    one.reply(Answer(wish=Wish.BACK), rng())
    assert one.prompt == Prompt(Ask.COMPANY)
    assert one.belief.values[value("genre", "metal")] == alone
    nobody = known.begin(rng(), person="ana", household=("ana",), first=Answer(is_unsure=True))
    assert nobody.prompt != Prompt(Ask.COMPANY)


@settings(deadline=None, max_examples=20)
@given(st.lists(answers, max_size=6))
def test_a_saved_conversation_goes_on_where_it_was(said: list[Answer]) -> None:
    """Through JSON and back: the same belief, the same prompt, the same next one."""
    one = RECOMMENDER.begin(rng())
    for answer in said:
        one.reply(answer, rng())
    other = resume(RECOMMENDER, json.loads(json.dumps(save(one))))
    assert (other.prompt, other.end, other.turns) == (one.prompt, one.end, one.turns)
    assert np.array_equal(other.belief.evidence, one.belief.evidence)
    assert other.played == one.played
    assert one.reply(NO, rng(1)) == other.reply(NO, rng(1))


def test_company_is_saved(tmp_path: object) -> None:
    """Whether nobody is there, or nobody said, stays apart."""
    known = with_history()
    one = known.begin(rng(), person="ana", household=("ana", "ben"), first=Answer(company=()))
    other = resume(known, json.loads(json.dumps(save(one))))
    assert other.company == ()
    assert other.turns == one.turns
    assert Conversation(known, "ana").company is None


def test_a_library_may_change_meanwhile() -> None:
    """Items that are gone take their turns along; another kind is refused."""
    header = header_of({"kind": "artist", "columns": ["title", "genre"]}, "test")

    def of(*rows: list[str]) -> Recommender:
        numbered = ((f"row {n}", row) for n, row in enumerate(rows))
        return Recommender.over(from_rows(header, numbered), Rules())

    old = of(["Ann", "jazz"], ["Bob", "rock"], ["Cy", "rock"])
    one = Conversation(old, prompt=Prompt(Ask.SAMPLE, item=0))
    one.take(NO)
    one.prompt = Prompt(Ask.SAMPLE, item=2)
    kept = save(one)
    other = resume(of(["Cy", "rock"], ["Dee", "jazz"]), kept)
    assert (other.turns, other.prompt) == ([], Prompt(Ask.SAMPLE, item=0))
    with pytest.raises(InputError, match="artists"):
        resume(Recommender.over(shipped("films"), Rules()), kept)
    with pytest.raises(InputError, match="no saved conversation"):
        resume(RECOMMENDER, {"kind": "artist"})
