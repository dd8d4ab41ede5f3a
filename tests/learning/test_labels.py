"""Labels from rephrases: which wordings get one, and which had better not."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gnothi.core.errors import ArtifactError
from gnothi.core.risk import Risk
from gnothi.learning.labels import (
    Label,
    Limits,
    align,
    load_labels,
    parse_key,
    read_labels,
    write_labels,
)
from gnothi.learning.outcomes import Turn
from gnothi.learning.turns import interpretation_key

NOW = datetime(2026, 11, 2, 18, tzinfo=UTC)
SAID, WRONG = "douse the lounge lights", "iot_hue_lighton|house_place=lounge"
SAYS, RIGHT = "turn off the lounge lights", "iot_hue_lightoff|house_place=lounge"
ONCE = Limits(turns=1, people=0)


def risk_of(key: str) -> Risk:
    """Tell the class of an interpretation, as skills would."""
    if key.startswith("iot_unlock"):
        return Risk.GUARDED
    return Risk.REVERSIBLE if key.startswith(("iot", "?")) else Risk.FREE


def talk(
    said: str = SAID,
    wrong: str = WRONG,
    says: str = SAYS,
    right: str = RIGHT,
    *,
    who: str = "ana",
    day: int = 0,
    after: int = 5,
    content: bool = True,
) -> list[Turn]:
    """Return a request that fails, and what is said next."""
    at = NOW + timedelta(days=day)
    later = at + timedelta(seconds=after)
    session = f"{who}/{day}/{said}/{says}"
    return [
        Turn(session, at, who, said, wrong, defect=900, rephrase=900),
        Turn(session, later, who, says, right, defect=0 if content else 900, rephrase=0),
    ]


def labels(*talks: Sequence[Turn], limits: Limits = ONCE) -> list[Label]:
    """Return the labels of *talks*."""
    return read_labels([turn for one in talks for turn in one], limits, risk_of=risk_of)


def test_a_rephrase_labels_what_failed() -> None:
    """With the intent of what worked, and its slots in the words that failed."""
    [label] = labels(talk())
    assert (label.text, label.intent, label.taken_for) == (
        SAID,
        "iot_hue_lightoff",
        "iot_hue_lighton",
    )
    assert [(s.name, s.value, s.start, s.end) for s in label.slots] == [
        ("house_place", "lounge", 10, 16)
    ]
    assert label.becomes == SAYS


@pytest.mark.parametrize(
    ("talk", "why"),
    [
        (talk(after=60), "too late to be a rephrase"),
        (talk(content=False), "nothing worked"),
        (talk(says="play abba", right="play_music|artist_name=abba"), "another wish"),
        (talk(wrong=RIGHT), "understood rightly; something else failed"),
        (talk(right="?|text=turn off the lounge lights"), "nothing was understood"),
        (talk(wrong=f"{WRONG}&{WRONG}"), "two requests at once"),
        (talk(right="iot_unlock|house_place=lounge"), "guarded"),
        (talk(wrong="weather_query|house_place=lounge"), "into a higher class of risk"),
    ],
)
def test_no_label_where_it_might_be_wrong(talk: list[Turn], why: str) -> None:
    """Better no lesson than a wrong one, or a dangerous one."""
    assert labels(talk) == [], why


def test_a_chain_of_failures_is_labelled_by_its_end() -> None:
    """Each wording that failed on the way gets the intent that was reached."""
    first, last = talk()
    second = Turn(first.session, first.at + timedelta(seconds=3), "ana", "kill lounge lights",
                  "play_music|", defect=900, rephrase=900)  # fmt: skip
    found = labels([first, second, last], limits=ONCE)
    assert {label.text for label in found} == {SAID}, "from free to reversible is not allowed"
    reversible = Turn(first.session, second.at, "ana", "kill lounge lights", "iot_open|",
                      defect=900, rephrase=900)  # fmt: skip
    found = labels([first, reversible, last])
    assert {label.text for label in found} == {SAID, "kill lounge lights"}


def test_most_of_a_wording_decides() -> None:
    """Three of four make a label; two of four make none."""
    other = "iot_hue_lightdim|house_place=lounge"
    dim = talk(says="dim the lounge lights", right=other, day=9)
    [label] = labels(*(talk(day=day) for day in range(3)), dim)
    assert (label.intent, label.turns) == ("iot_hue_lightoff", 3)
    again = talk(says="dim the lounge lights", right=other, day=10)
    assert labels(talk(day=0), talk(day=1), dim, again) == []


def test_a_confusion_needs_support() -> None:
    """So many rephrases, people and days, over all wordings of one confusion; guests are nobody."""
    limits = Limits(turns=3, people=2, days=2)
    hall = ("douse the hall lights", "iot_hue_lighton|house_place=hall",
            "turn off the hall lights", "iot_hue_lightoff|house_place=hall")  # fmt: skip
    enough = [talk(), talk(who="ben", day=1), talk(*hall)]
    assert {label.text for label in labels(*enough, limits=limits)} == {SAID, hall[0]}
    assert labels(*enough[:2], limits=limits) == []
    assert labels(talk(), talk(day=1), talk(*hall), limits=limits) == []
    assert labels(talk(), talk(who="ben"), talk(*hall), limits=limits) == []
    assert labels(talk(), talk(who="", day=1), talk(*hall), limits=limits) == []


@pytest.mark.parametrize(
    ("text", "slot", "value"),
    [
        ("douse the lounge lights", ("house_place", "lounge"), "lounge"),
        ("douse the launch lights", ("house_place", "lounge"), "launch"),
        ("make it dark in the living room", ("house_place", "living room"), "living room"),
        ("timer, seven thirty", ("time", "7:30"), "seven thirty"),
        ("douse the sell are lights", ("house_place", "cellar"), "sell are"),
        ("put 2 litres of milk down", ("item", "3 litres of milk"), None),
        ("make it dark", ("house_place", "lounge"), None),
        ("", ("house_place", "lounge"), None),
    ],
)
def test_values_are_found_as_they_were_said(
    text: str, slot: tuple[str, str], value: str | None
) -> None:
    """Misheard and misspelt ones, too, but no other numbers."""
    found = align(text, [slot])
    assert [one.value for one in found] == ([value] if value else [])


@given(st.text(max_size=60), st.lists(st.tuples(st.text(max_size=8), st.text(max_size=12))))
def test_aligned_slots_are_stretches_of_the_text(text: str, slots: list[tuple[str, str]]) -> None:
    """They say what stands there, in order, and no two share a word."""
    found = align(text, slots)
    assert all(slot.value == text[slot.start : slot.end] for slot in found)
    assert all(one.end <= other.start for one, other in pairwise(found))


@given(st.text(), st.lists(st.tuples(st.text(), st.text())))
def test_a_key_is_read_as_it_was_written(intent: str, slots: list[tuple[str, str]]) -> None:
    """Whatever the values are; only case, spaces and order are lost."""
    key = interpretation_key(intent or None, slots, "said")
    name, values = parse_key(key)
    assert name == (intent or "?")
    assert interpretation_key(name, values, "") == key


def test_labels_are_kept_as_they_are(tmp_path: Path) -> None:
    """They come back from their file."""
    found = labels(talk())
    (tmp_path / "labels.json").write_bytes(write_labels(found))
    assert load_labels(tmp_path / "labels.json") == found
    (tmp_path / "labels.json").write_text("{")
    with pytest.raises(ArtifactError, match="holds no labels"):
        load_labels(tmp_path / "labels.json")
