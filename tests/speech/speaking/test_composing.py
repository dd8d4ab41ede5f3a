"""Text and SSML become sentences, each in its manner and with its pauses."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from gnothi.core.errors import InputError
from gnothi.core.speaking import Emphasis, Manner, Piece, Speech
from gnothi.dialogue.wording import Wording
from gnothi.recommend import tone
from gnothi.speech.speaking.composing import (
    PARAGRAPH_S,
    SENTENCE_S,
    read_text,
    said_so_far,
    sooner,
)
from gnothi.speech.speaking.ssml import is_ssml, read_ssml


def _pieces(speech: Speech) -> list[Piece]:
    return [piece for sentence in speech.sentences for piece in sentence.pieces]


def test_sentences_are_said_one_after_the_other() -> None:
    """Titles and numbers end none; a paragraph is a longer pause; nothing follows the last."""
    speech = read_text("Mr. Smith is 3.5 km away. He comes at 8 p.m. Wait!\n\nWhat else?")
    assert [sentence.text for sentence in speech.sentences] == [
        "mister Smith is 3.5 kilometres away.",
        "He comes at 8 PM.",
        "Wait!",
        "What else?",
    ]
    assert [piece.pause_s for piece in _pieces(speech)] == [SENTENCE_S, SENTENCE_S, PARAGRAPH_S, 0]


def test_stage_directions_are_followed_and_not_read() -> None:
    """One holds until the next; what is no direction is said."""
    soft, whispered, loud = _pieces(
        read_text("[Softly] Good night. [whispers] Sleep well. [normal] [pause] Take [3 eggs].")
    )
    assert (soft.text, soft.manner.volume < 0) == ("Good night.", True)
    assert whispered.manner.is_whispered
    assert whispered.pause_s == pytest.approx(SENTENCE_S + 0.7)
    assert (loud.text, loud.manner) == ("Take, 3 eggs.", Manner())


def test_long_sentences_are_cut_where_one_may_breathe() -> None:
    """No sentence is longer than a breath, and no word is lost."""
    text = "and this, " * 100 + "word " * 200 + "x" * 900
    speech = read_text(text)
    assert all(len(sentence.text) <= 310 for sentence in speech.sentences)
    assert speech.text.replace(" ", "") == text.replace(" ", "")


def test_what_takes_long_is_begun_sooner() -> None:
    """A long first sentence is parted after its first clause; the words stay."""
    text = "Here are your appointments for today, " + "first the dentist, then the school, " * 4
    parted = sooner(read_text(text))
    assert parted.sentences[0].text == "Here are your appointments for today,"
    assert parted.text == read_text(text).text
    short = read_text("On, and off.")
    assert sooner(short) is short


@pytest.mark.parametrize(
    ("written", "whole"),
    [
        ("The light is", ""),
        ("The light is on.", ""),
        ("The light is on. And", "The light is on. "),
        ("It is 3. 5", "It is 3. "),
        ("Dr. Who", ""),
        ("Good! Mr. X", "Good! "),
    ],
)
def test_a_text_that_is_still_written_is_said_by_sentences(written: str, whole: str) -> None:
    """A sentence is whole when the next has begun."""
    assert said_so_far(written) == (whole, written[len(whole) :])


def test_ssml_says_how() -> None:
    """Elements set the manner of what is in them, and add up."""
    speech = read_ssml(
        '<speak>Hi &amp; <emphasis level="strong">bye</emphasis>. '
        '<prosody rate="120%" pitch="+2st" volume="-6dB">One <prosody rate="fast">two</prosody>'
        '</prosody><break time="500ms"/> <amazon:effect name="whispered">psst</amazon:effect>'
        '<amazon:emotion name="excited" intensity="high">yes</amazon:emotion></speak>'
    )
    hi, bye, one, two, psst, yes = _pieces(speech)
    assert (hi.text, bye.manner.emphasis) == ("Hi and", Emphasis.STRONG)
    assert bye.text == "bye."
    assert one.manner == Manner(rate=1.2, pitch=2, volume=-6)
    assert two.manner.rate == pytest.approx(1.56)
    assert two.pause_s == 0.5
    assert psst.manner.is_whispered
    assert yes.manner.emotion == "excited"


@pytest.mark.parametrize(
    ("kind", "text", "heard"),
    [
        ("digits", "2026", "2 0 2 6"),
        ("characters", "cab-1", "C eigh B 1"),
        ("spell-out", "x", "X"),
        ("telephone", "+49 221 12", "plus 4 9, 2 2 1, 1 2"),
        ("cardinal", "1,234", "1234"),
        ("ordinal", "22", "22nd"),
        ("time", "7:05", "7 oh 5"),
        ("ordinal", "first", "first"),
        ("unknown", "7 km", "7 kilometres"),
    ],
)
def test_say_as_is_obeyed(kind: str, text: str, heard: str) -> None:
    """What can't be read as it asks is read as any text."""
    speech = read_ssml(f'<speak><say-as interpret-as="{kind}">{text}</say-as></speak>')
    assert speech.text == heard


@pytest.mark.parametrize(
    ("form", "text"), [("mdy", "11/29/2026"), ("dmy", "29.11.2026"), ("", "2026-11-29")]
)
def test_dates_are_read_in_their_order(form: str, text: str) -> None:
    """Month first, day first, and ISO."""
    told = f'<speak><say-as interpret-as="date" format="{form}">{text}</say-as></speak>'
    assert read_ssml(told).text == "November 29, 2026"


def test_pronunciations_and_substitutes_are_kept() -> None:
    """A speaker that knows no phonemes has the text instead."""
    pecan, metal = _pieces(
        read_ssml(
            '<speak><phoneme alphabet="ipa" ph="tomato">pecan</phoneme>'
            '<sub alias="aluminium">Al</sub></speak>'
        )
    )
    assert (pecan.text, pecan.phonemes) == ("pecan", "tomato")
    assert metal.text == "aluminium"


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "hello",
        "<speak>",
        "<p>hello</p>",
        "<speak>&nbsp;</speak>",
        '<!DOCTYPE x [<!ENTITY a "b">]><speak>&a;</speak>',
        '<!DOCTYPE x SYSTEM "file:///etc/passwd"><speak>x</speak>',
        "<speak>" + "<p>" * 100 + "</p>" * 100 + "</speak>",
        "<speak>\x00</speak>",
        "<speak>\ud800</speak>",
        "<speak>" + "x" * 200_000 + "</speak>",
        "<speak>a</speak><speak>b</speak>",
    ],
)
def test_what_is_no_ssml_is_refused(bad: str) -> None:
    """Broken, deep, long and declaring documents are told in a sentence."""
    with pytest.raises(InputError, match=r"SSML"):
        read_ssml(bad)


@given(some.text(max_size=60), some.floats(0, 1))
def test_everything_that_is_replied_can_be_said(text: str, warmth: float) -> None:
    """The SSML that replies carry is read, and says what their text says."""
    legible = "".join(one for one in text if one.isprintable())
    for ssml in (Wording.ssml(None, legible), tone.ssml(legible, warmth)):  # type: ignore[arg-type]
        assert is_ssml(ssml)
        assert read_ssml(ssml).text == read_text(legible).text
