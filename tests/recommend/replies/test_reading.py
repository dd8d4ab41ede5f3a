"""What people say after a prompt is understood for what it means there."""

import time
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gnothi.recommend.acts import Answer, Ask, Prompt, Wish
from gnothi.recommend.catalogue_file import shipped
from gnothi.recommend.replies import Replies
from gnothi.recommend.replies.company import GUEST

MUSIC = shipped("music")
OPEN, COMPANY = Prompt(Ask.OPEN), Prompt(Ask.COMPANY)
SAMPLE = Prompt(Ask.SAMPLE, item=0)


@cache
def _replies() -> Replies:
    return Replies(MUSIC, people={"Ana": "ana", "Tom": "tom"})


def _value(*names: str) -> tuple[int, ...]:
    values = [one.value for one in MUSIC.attributes]
    return tuple(values.index(name) for name in names)


def _read(text: str, prompt: Prompt = SAMPLE) -> Answer:
    return _replies().read(text, prompt)


def test_degrees_are_in_order() -> None:
    """The five answers of the recommender's design come in the order of how much is liked."""
    said = ["god no, I hate this", "not that one", "hmm, ok", "yes", "brilliant, I love it"]
    degrees = [_read(text).degree for text in said]
    assert None not in degrees
    assert degrees == sorted(degrees, key=lambda degree: degree or 0.0)
    assert degrees[2] == 0


def test_capitals_are_emphasis() -> None:
    """Shouting is meant more strongly than saying."""
    loud, low = _read("YES!").degree, _read("yes").degree
    assert loud is not None and low is not None and loud > low


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("surprise me", Wish.SURPRISE),
        ("you choose", Wish.SURPRISE),
        ("go back", Wish.BACK),
        ("undo that", Wish.BACK),
        ("something else", Wish.MORE),
        ("never mind", Wish.LEAVE),
        ("stop", Wish.LEAVE),
        ("play that one", Wish.PLAY),
    ],
)
def test_wishes_are_no_reactions(text: str, wish: Wish) -> None:
    """What is wanted of the conversation is told from what is liked."""
    assert _read(text).wish is wish


def test_skipping_refuses_and_asks_for_more() -> None:
    """One word, "skip", says two things at once."""
    answer = _read("skip")
    assert answer.wish is Wish.MORE
    assert answer.degree is not None and answer.degree < 0


def test_no_is_no_opinion_on_an_open_question() -> None:
    """After "anything in mind?" a no refuses nothing."""
    answer = _read("no", OPEN)
    assert answer.degree is None
    assert answer.is_unsure


def test_likes_and_dislikes_in_one_sentence() -> None:
    """Names are wanted, refused and compared in one breath."""
    answer = _read("some mellow jazz from the sixties but nothing sad, like Nina Simone", OPEN)
    assert answer.likes == _value("mellow", "jazz", "60s")
    assert answer.dislikes == _value("melancholic")
    assert [MUSIC.titles[item] for item in answer.similar] == ["Nina Simone"]
    assert answer.degree is None


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("the first one", "mellow"),
        ("the latter, please", "upbeat"),
        ("laid back", "mellow"),
        ("upbeat please", "upbeat"),
    ],
)
def test_choosing_one_of_two(text: str, chosen: str) -> None:
    """One of two is taken by place, by name, or by another name of it."""
    answer = _read(text, Prompt(Ask.CHOICE, _value("mellow", "upbeat")))
    assert answer.chosen == _value(chosen)[0]
    assert answer.chosen not in answer.likes


def test_either_neither_and_both() -> None:
    """Two things may also be taken or left together."""
    values = _value("mellow", "upbeat")
    prompt = Prompt(Ask.CHOICE, values)
    assert _read("either", prompt).is_unsure
    assert _read("neither", prompt).dislikes == values
    assert _read("both", prompt).likes == values


def test_part_of_a_name_is_enough_where_it_tells() -> None:
    """The word "alternative" is enough where electronic music is the other."""
    prompt = Prompt(Ask.SUGGEST, _value("alternative rock", "electronic"))
    assert _read("alternative", prompt).chosen == prompt.values[0]


def test_refusing_what_was_suggested_by_its_name() -> None:
    """Refusing metal is against a suggestion of metal, and says nothing about one of jazz."""
    metal, jazz = _value("metal", "jazz")
    against = _read("anything but metal", Prompt(Ask.SUGGEST, (metal,)))
    assert against.degree is not None and against.degree < 0
    assert _read("anything but metal", Prompt(Ask.SUGGEST, (jazz,))).dislikes == (metal,)


def test_refusing_an_item_by_its_name() -> None:
    """A refused name is against what is playing, if that is it."""
    queen = MUSIC.titles.index("Queen")
    answer = _read("anything but Queen", Prompt(Ask.SAMPLE, item=queen))
    assert answer.degree is not None and answer.degree < 0
    assert not answer.items


@pytest.mark.parametrize(
    ("text", "others"),
    [
        ("just me", ()),
        ("no", ()),
        ("my wife and the kids", (GUEST,)),
        ("yes", (GUEST,)),
        ("Ana and Tom", ("ana", "tom")),
    ],
)
def test_who_else_is_there(text: str, others: tuple[str, ...]) -> None:
    """Company is nobody, people of the household, or a guest."""
    answer = _read(text, COMPANY)
    assert answer.company == others
    assert answer.degree is None


def test_company_is_told_unasked() -> None:
    """Who says "with my kids" in passing is not asked again."""
    assert _read("something for a party with my friends", OPEN).company == (GUEST,)
    assert _read("it's just me tonight, some jazz", OPEN).company == ()
    assert _read("some jazz", OPEN).company is None
    assert _read("not for kids", OPEN).company is None


def test_no_opinion_on_company() -> None:
    """Who doesn't know who is there says nothing of it."""
    answer = _read("I don't know", COMPANY)
    assert answer.company is None
    assert answer.is_unsure


@pytest.mark.parametrize("text", ["the beetles", "led zepelin", "nina simon"])
def test_misheard_names_are_found(text: str) -> None:
    """What only sounds or looks like a name counts where nothing else is understood."""
    answer = _read(text, OPEN)
    assert answer.items
    assert 0 < answer.sureness < 1


def test_simulations_do_without_misheard_names() -> None:
    """Without fuzzy look-up, only exact names are found."""
    assert not Replies(MUSIC, is_fuzzy=False).read("led zepelin", OPEN).items


@pytest.mark.parametrize("text", ["", " ", "\0", "你好", "!!!", "qwrtp zxcvb", "\u200b"])
def test_nothing_is_made_of_nothing(text: str) -> None:
    """What holds no known word gives an empty answer, and no sureness."""
    answer = _read(text)
    assert answer.is_empty
    assert answer.sureness == 0


@pytest.mark.parametrize("text", ["a" * 10**6, "but not " * 10**5, "'" * 10**5, "你" * 10**5])
def test_huge_input_is_cut(text: str) -> None:
    """A megabyte takes no longer than a sentence."""
    start = time.process_time()
    _read(text)
    assert time.process_time() - start < 0.25


words = st.sampled_from(
    "no not but jazz the first one , . ! ? anything love hate Yes Queen '".split()
)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=80) | st.lists(words, max_size=12).map(" ".join))
def test_any_text_gives_an_answer(text: str) -> None:
    """Whatever is said, there is an answer with values that can be relied on."""
    values = _value("mellow", "upbeat")
    for prompt in (OPEN, COMPANY, SAMPLE, Prompt(Ask.CHOICE, values)):
        answer = _read(text, prompt)
        assert answer.degree is None or -1 <= answer.degree <= 1
        assert 0 <= answer.sureness <= 1
        assert set(answer.likes).isdisjoint(answer.dislikes)
        assert answer.chosen is None or answer.chosen in values
        assert answer == _read(text, prompt)


def test_reading_takes_a_fraction_of_a_millisecond() -> None:
    """Simulations read a million replies: without the encoder one takes no time to speak of."""
    replies = Replies(MUSIC, is_fuzzy=False)
    texts = [f"{text}{' ' * at}" for text in ("yes", "not that one", "hmm, ok") for at in range(60)]
    replies.read("love it", SAMPLE)
    start = time.process_time()
    for text in texts:
        replies.read(text, SAMPLE)
    assert (time.process_time() - start) / len(texts) < 0.001
