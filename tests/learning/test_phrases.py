"""Phrases: words that are not understood, in the words that people said next."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from gnothi.core.risk import Risk
from gnothi.language.phrases import FILE, Phrases, Reading
from gnothi.learning.outcomes import Turn
from gnothi.learning.phrases import Limits, learn

START = datetime(2026, 11, 2, 18, tzinfo=UTC)
ALL = Limits(people=2, fillers=2)


def talk(
    person: str, said: str, then: str, meaning: str = "play_music|track=abba", number: int = 0
) -> list[Turn]:
    """Return a failed request and the one that worked, seconds later."""
    session = f"{person} {number} {said}"
    failed = Turn(session, START, person, said, f"?|text={said}", 950, 900, unheard=True)
    worked = Turn(session, START + timedelta(seconds=5), person, then, meaning, 50, 0)
    return [failed, worked]


def risk_of(key: str) -> Risk:
    """Doors are guarded."""
    return Risk.GUARDED if "unlock" in key else Risk.FREE


def reads(text: str) -> Reading | None:
    """Understand "play …" and doors, and nothing else."""
    verb, _, rest = text.removeprefix("please ").partition(" ")
    if verb == "unlock":
        return Reading("lock_unlock|", Risk.GUARDED)
    return Reading(f"play_music|track={rest}", Risk.FREE) if verb == "play" and rest else None


def wordings() -> list[Turn]:
    """Return how two people were misunderstood in the same way."""
    return [
        *talk("ana", "throw in abba", "play abba"),
        *talk("ben", "throw in blur", "play blur", "play_music|track=blur"),
    ]


def test_what_was_meant_serves_requests_that_are_new() -> None:
    """A wording that two people replaced helps a third one with another song."""
    phrases = learn(wordings(), ALL, risk_of=risk_of)
    found = phrases.look_up("please throw in oasis", "carl", reads)
    assert found is not None
    assert found.target == "please play oasis"
    assert found.evidence["whose"] == "all"


def test_nobody_teaches_everybody_alone() -> None:
    """What one person says again and again helps that person only."""
    turns = [
        turn
        for number in range(5)
        for turn in talk("ana", f"throw in song{number}", f"play song{number}", number=number)
    ]
    phrases = learn(turns, ALL, risk_of=risk_of)
    assert phrases.look_up("throw in oasis", "ana", reads) is not None
    assert phrases.look_up("throw in oasis", "ben", reads) is None
    assert phrases.look_up("throw in oasis", None, reads) is None


def test_nothing_guarded_is_reached() -> None:
    """Neither is a phrase learned from a guarded success, nor may a variant be one."""
    turns = [
        *talk("ana", "free the door", "unlock the door", "lock_unlock|"),
        *talk("ben", "free the gate", "unlock the gate", "lock_unlock|"),
    ]
    assert not len(learn(turns, ALL, risk_of=risk_of))
    phrases = learn(turns, ALL, risk_of=lambda key: Risk.FREE)
    assert len(phrases)
    assert phrases.look_up("free the shed", "ana", reads) is None


def test_opposites_are_no_phrases() -> None:
    """Who said "off" after "on" has changed their mind."""
    turns = [
        *talk("ana", "lights on now", "lights off now"),
        *talk("ben", "lights on there", "lights off there"),
    ]
    assert not {one for one in learn(turns, ALL, risk_of=risk_of) if one.before == "on"}


def test_a_failed_rewrite_weakens_its_phrase_and_a_good_one_keeps_it() -> None:
    """What live rewrites lead to counts, although nobody has to say it again."""

    def served(defect: int) -> list[Turn]:
        turn = Turn(
            "later", START, "ana", "throw in oasis", "play_music|track=oasis", defect, 0,
            rewritten=True, used="play oasis",
        )  # fmt: skip
        return [*wordings(), turn]

    def trust(turns: list[Turn]) -> float:
        phrases = learn(turns, ALL, risk_of=risk_of)
        return phrases.variants("throw in suede", "ana")[0].trust

    assert trust(served(950)) < trust(wordings()) < trust(served(50))


@given(st.permutations(range(4)))
def test_the_order_of_conversations_makes_no_difference(order: list[int]) -> None:
    """The same log gives the same file to the last bit."""
    talks = [
        talk("ana", "throw in abba", "play abba"),
        talk("ben", "throw in blur", "play blur"),
        talk("ana", "please spin abba", "play abba", number=1),
        talk("carl", "please spin blur", "play blur", number=2),
    ]
    shuffled = [turn for place in order for turn in talks[place]]
    straight = [turn for one in talks for turn in one]
    assert (
        learn(shuffled, ALL, risk_of=risk_of).dump() == learn(straight, ALL, risk_of=risk_of).dump()
    )


def test_phrases_are_read_as_they_were_written(tmp_path: Path) -> None:
    """A file holds all that a look-up needs; without one there are none."""
    phrases = learn(wordings(), replace(ALL, most=6), risk_of=risk_of)
    assert not len(Phrases.load(tmp_path))
    (tmp_path / FILE).write_bytes(phrases.dump())
    again = Phrases.load(tmp_path)
    assert set(again) == set(phrases)
    assert again.threshold == phrases.threshold
    assert again.most == phrases.most == 6


def test_once_may_be_too_little() -> None:
    """Where each candidate keeps the next one waiting, a person must have meant it twice."""
    once = talk("ana", "throw in abba", "play abba")
    twice = [*once, *talk("ana", "throw in blur", "play blur", number=1)]
    limits = replace(ALL, times=2)
    assert not len(learn(once, limits, risk_of=risk_of))
    assert {one.person for one in learn(twice, limits, risk_of=risk_of)} == {"ana"}


def test_what_was_meant_is_never_guarded() -> None:
    """Who wanted a door open gets no song, however sure a phrase is."""
    phrases = learn(wordings(), ALL, risk_of=risk_of)
    assert phrases.look_up("throw in oasis", "carl", reads, risk=Risk.GUARDED) is None
    assert phrases.look_up("throw in oasis", "carl", reads, risk=Risk.FREE) is not None


def test_people_who_are_one_voice_teach_everybody_as_one() -> None:
    """Each still has their own phrases."""
    phrases = learn(wordings(), ALL, risk_of=risk_of, one_voice={"ana", "ben"})
    assert phrases.look_up("throw in oasis", "carl", reads) is None
    assert phrases.look_up("throw in oasis", "ana", reads) is not None
