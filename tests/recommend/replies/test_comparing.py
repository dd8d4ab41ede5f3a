"""It is told who is wanted from who is only gone by."""

import pytest

from gnothi.recommend.acts import Answer, Ask, Prompt
from gnothi.recommend.catalogue_file import shipped
from gnothi.recommend.replies import Replies

MUSIC = shipped("music")
REPLIES = Replies(MUSIC)
OPEN = Prompt(Ask.OPEN)


def _read(text: str, prompt: Prompt = OPEN) -> Answer:
    return REPLIES.read(text, prompt)


def _titles(items: tuple[int, ...]) -> list[str]:
    return [MUSIC.titles[item] for item in items]


@pytest.mark.parametrize(
    "text",
    [
        "something like Queen",
        "anybody who sounds like Queen",
        "more bands like Queen",
        "similar to Queen",
        "in the style of Queen",
        "the likes of Queen",
        "Queen or something like that",
        "a Queen-like band",
        "Queen style",
        "darker than Queen",
        "as loud as Queen",
        "play something like Queen",
        "not Bowie, but like Queen",
    ],
)
def test_whom_somebody_only_goes_by(text: str) -> None:
    """Who wants something like Queen knows Queen."""
    answer = _read(text)
    assert _titles(answer.similar) == ["Queen"]
    assert not answer.items
    assert answer.is_named and not answer.is_empty and not answer.is_unsure


@pytest.mark.parametrize(
    "text",
    [
        "Queen",
        "I'd like Queen",
        "I would really like Queen",
        "I feel like Queen",
        "I like Queen",
        "something by Queen",
        "more Queen",
        "can you put on Queen, I like it loud",
    ],
)
def test_whom_somebody_wants(text: str) -> None:
    """The verb is no comparison."""
    answer = _read(text)
    assert _titles(answer.items) == ["Queen"]
    assert not answer.similar


def test_a_comparison_holds_for_a_list() -> None:
    """Several may be gone by; what is said otherwise afterwards is not."""
    assert _titles(_read("bands like Queen, Blondie or ABBA").similar) == [
        "Queen",
        "Blondie",
        "ABBA",
    ]
    assert _titles(_read("Queen and ABBA, that sort of thing").similar) == ["Queen", "ABBA"]
    mixed = _read("something like Queen, or play ABBA")
    assert (_titles(mixed.similar), _titles(mixed.items)) == (["Queen"], ["ABBA"])
    other = _read("like Queen, but by Blondie")
    assert (_titles(other.similar), _titles(other.items)) == (["Queen"], ["Blondie"])


@pytest.mark.parametrize(
    "text",
    ["not Coldplay", "anything but Coldplay", "I can't stand Coldplay", "nothing like Coldplay"],
)
def test_who_is_refused(text: str) -> None:
    """A refused name is no answer without an opinion."""
    answer = _read(text)
    assert _titles(answer.refused) == ["Coldplay"]
    assert not (answer.items or answer.similar or answer.is_unsure)


def test_like_somebody_but_not_them() -> None:
    """They may be gone by and not wanted, in one breath."""
    answer = _read("stuff like Queen but not Queen")
    assert _titles(answer.similar) == _titles(answer.refused) == ["Queen"]


def test_names_that_only_sound_alike() -> None:
    """Misheard names are gone by in the same words."""
    assert _titles(_read("something like led zepelin").similar) == ["Led Zeppelin"]
    assert _titles(_read("led zepelin").items) == ["Led Zeppelin"]


def test_wanting_something_like_what_plays_is_liking_it() -> None:
    """It is liked, but it is not what is wanted."""
    queen = MUSIC.titles.index("Queen")
    answer = _read("something like Queen", Prompt(Ask.SAMPLE, item=queen))
    assert answer.degree is not None and answer.degree > 0
    assert answer.similar == (queen,) and not answer.items


def test_who_made_it_may_be_refused() -> None:
    """No film of theirs is wanted; one by its title is only that one."""
    films = shipped("films")
    replies = Replies(films, is_fuzzy=False)
    made = [at for at, one in enumerate(films.creators) if one == "Quentin Tarantino"]
    assert len(made) > 1
    assert replies.read("nothing by Tarantino", OPEN).refused == tuple(made)
    assert replies.read("not Pulp Fiction", OPEN).refused == (films.titles.index("Pulp Fiction"),)
