"""What is said in training, and in how many pieces; what is measured on is kept apart."""

import numpy as np
import pytest

from gnothi_train.speech.corpus import PARTS, PartGrammar, digits, part, values
from gnothi_train.speech.pieces import BEGIN, Speller, choose
from gnothi_train.speech.wording import spoken

TEXTS = ["turn on the kitchen light", "turn off the lights in the kitchen", "what's the time"] * 4


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("Set it to 21°", "set it to twenty one degrees"),
        ("Dim the lamp to 50%!", "dim the lamp to fifty percent"),
        ("wake me at 7:05", "wake me at seven oh five"),
        ("meet at 18:30", "meet at eighteen thirty"),
        ("the 21st of May", "the twenty first of may"),
        ("21.5°C in Ana's café", "twenty one point five degrees celsius in ana's cafe"),
        ("1,200 steps", "one thousand two hundred steps"),
        ("12min timer", "twelve minutes timer"),
        ("the a. c. is on", "the a c is on"),
        ("включи свет", ""),
        ("…", ""),
    ],
)
def test_texts_are_as_they_are_said(written: str, told: str) -> None:
    """Numbers and signs become words; what has no words is nothing."""
    assert spoken(written) == told


def test_templates_and_names_belong_to_one_part() -> None:
    """No template and no name of a room or a device is in two parts, and none is lost."""
    whole = PartGrammar("train").intents, PartGrammar("dev").intents
    for intent, templates in whole[0].items():
        assert not set(templates) & set(whole[1].get(intent, ()))
    rooms = [set(values(name)["room"]) for name in PARTS]
    assert all(rooms)
    assert not rooms[0] & rooms[1]
    assert not (rooms[0] | rooms[1]) & rooms[2]
    assert part("kitchen") in PARTS


def test_commands_of_development_use_its_names_only() -> None:
    """A sampled command has no room that training knows."""
    grammar, rng = PartGrammar("dev"), np.random.default_rng(0)
    known = set(values("train")["room"])
    for intent in list(grammar.intents)[:20]:
        example = grammar.sample(intent, rng)
        rooms = [example.text[s.start : s.end] for s in example.spans if s.name == "house_place"]
        assert not known & set(rooms)


def test_digits_are_words() -> None:
    """Strings of digits are said digit by digit."""
    found = digits(np.random.default_rng(0), 20)
    assert all(1 <= len(text.split()) <= 7 for text in found)
    assert set(" ".join(found).split()) <= set(
        "zero one two three four five six seven eight nine oh".split()
    )


def test_pieces_spell_everything() -> None:
    """Pieces joined are the text; words that were never seen are spelled in letters."""
    pieces = choose(TEXTS, 80)
    speller, rng = Speller(pieces), np.random.default_rng(0)
    for text in (*TEXTS, "zyx quokka's"):
        for dropped in (0.0, 0.5):
            told = "".join(pieces[n] for n in speller.spell(text, rng, dropped))
            assert told.replace(BEGIN, " ").strip() == text
    assert len(pieces) == len(set(pieces)) <= 80
    assert pieces[0] == ""


def test_pieces_are_few_unless_they_are_dropped() -> None:
    """Frequent words are one or two pieces; dropping gives other spellings of them."""
    speller, rng = Speller(choose(TEXTS, 80)), np.random.default_rng(0)
    assert len(speller.spell("turn")) == 1
    ways = {tuple(speller.spell("turn the light", rng, 0.5)) for _ in range(20)}
    assert len(ways) > 3
