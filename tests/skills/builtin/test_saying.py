"""What counts as a correction of what was read, and what is something else."""

from time import perf_counter

import pytest

from gnothi.skills.builtin.sight.saying import Said, denies, said

TOTAL, EXPIRY, TEXT = "total", "expiry", "everything"

OTHER = [
    # commands
    (TOTAL, "no, turn on 2 lights"),
    (TOTAL, "no, turn on the fan"),
    (TOTAL, "no, set the heating to 21"),
    (TOTAL, "sorry, set a timer for 10 minutes"),
    (TOTAL, "no, set a timer for ten minutes"),
    (TOTAL, "nope, wake me at 6:30"),
    (TOTAL, "actually, add 2 litres of milk to the list"),
    (TOTAL, "no, dim it to 50 percent"),
    (TOTAL, "no, 50 percent"),
    (TOTAL, "no, 21 degrees"),
    (TOTAL, "sorry, play track 3"),
    (TOTAL, "no, what is 3 times 28.90"),
    (EXPIRY, "no, remind me at 7 tomorrow"),
    (EXPIRY, "no, remind me on 12 March 2027"),
    (EXPIRY, "sorry, put dinner with Ben on the 3rd of May"),
    (EXPIRY, "no, wake me on Monday at 6"),
    (EXPIRY, "no, 10 minutes"),
    ("date", "no, what happens on 5 June"),
    ("phone", "no, play channel 4"),
    ("phone", "no, call 3 taxis"),
    ("phone", "no, 4"),
    ("email", "no, look at the garden camera"),
    ("email", "no, dinner is at 7"),
    (TEXT, "no, 23.90"),
    (TEXT, "no, turn it off at 9"),
    # chatter
    (TOTAL, "no it is 5 o'clock already"),
    (TOTAL, "no, it's only 3 of us tonight"),
    (TOTAL, "the price is going up every year"),
    (TOTAL, "the total is wrong"),
    (TOTAL, "the total is more than last week's 20"),
    (TOTAL, "the cost was 3 times that in 2019"),
    (TOTAL, "no, that was 2 weeks ago"),
    (TOTAL, "that says more about you"),
    (TOTAL, "the kitchen light is on"),
    (EXPIRY, "it expired yesterday"),
    (EXPIRY, "it expires tomorrow"),
    (EXPIRY, "it expires in 2 weeks"),
    (EXPIRY, "it expired when we were in Spain in 2019"),
    (EXPIRY, "it is good until somebody opens it"),
    (EXPIRY, "the expiry date is hard to read"),
    (EXPIRY, "the date is tomorrow at 7"),
    (EXPIRY, "the date was set for 3 June by 2 people"),
    (TEXT, "this says a lot"),
    (TEXT, "it says in the news that it will rain"),
    (TEXT, "no, it says in the news that it will rain"),
    (TEXT, "it says on the radio that trains are late"),
    (TEXT, "that says it all"),
    (TEXT, "it says so"),
    (TEXT, "it says nothing to me"),
    (TEXT, "that reads like a poem"),
    (TEXT, "this says everything about them"),
    (TEXT, "it says the weather will be fine"),
    (TEXT, "it says who wrote it"),
    (TEXT, "it reads very well"),
    (TEXT, "the headline is too long"),
    (TEXT, "the headline is wrong"),
    (TEXT, "the heading was in the news"),
    (TEXT, "what does it say?"),
    (TEXT, "it says Green Market, does it?"),
    (TEXT, "no"),
    (TEXT, "no, thanks"),
    (TOTAL, "thank you"),
]

CORRECTIONS = [
    (TOTAL, "no, 23.90", "23.90", TOTAL),
    (TOTAL, "no, 23,90", "23,90", TOTAL),
    (TOTAL, "No, it's €23.90.", "€23.90", TOTAL),
    (TOTAL, "no, 23.90 euros", "23.90 euros", TOTAL),
    (TOTAL, "no, it's 23 euros 90", "23 euros 90", TOTAL),
    (TOTAL, "no, three euros and ninety cents", "three euros and ninety cents", TOTAL),
    (TOTAL, "nope, that's twenty-three ninety", "twenty-three ninety", TOTAL),
    (TOTAL, "no, it's 23.90, not 28.90", "23.90", TOTAL),
    (TOTAL, "actually, it's 1,234.50", "1,234.50", TOTAL),
    (TOTAL, "no, make that 23.90 please", "23.90", TOTAL),
    (TOTAL, "it should say 23.90", "23.90", TOTAL),
    (TOTAL, "that's wrong, it says 23.90", "23.90", TOTAL),
    ("", "the total is 23.90", "23.90", TOTAL),
    ("", "no, the total was twenty-three ninety", "twenty-three ninety", TOTAL),
    (TEXT, "the total should be three pounds fifty", "three pounds fifty", TOTAL),
    (TEXT, "the total is 23.90 instead of 28.90", "23.90", TOTAL),
    (EXPIRY, "no, 12.03.2027", "12.03.2027", EXPIRY),
    (EXPIRY, "no, it's 03/27", "03/27", EXPIRY),
    (EXPIRY, "no, March 2027", "March 2027", EXPIRY),
    (EXPIRY, "no, the third of May twenty thirty", "the third of May twenty thirty", EXPIRY),
    (TEXT, "it expires on 12 March 2027", "12 March 2027", EXPIRY),
    (TEXT, "no, it expired on March 12, 2024", "March 12, 2024", EXPIRY),
    (TEXT, "it's wrong, it is good until 12.03.2027", "12.03.2027", EXPIRY),
    (TEXT, "the expiry date is 2027-03-12", "2027-03-12", EXPIRY),
    (TEXT, "the best before date is 12 Dec 27", "12 Dec 27", EXPIRY),
    ("date", "no, it's the 3rd of May 2026", "the 3rd of May 2026", "date"),
    ("phone", "no, it's 040 555 0199", "040 555 0199", "phone"),
    ("phone", "no, +49 40 5550199", "+49 40 5550199", "phone"),
    (TEXT, "the phone number is 040 555 0199", "040 555 0199", "phone"),
    ("email", "no, it's info@green-market.com", "info@green-market.com", "email"),
    ("email", "no, info at green market dot com", "info at green market dot com", "email"),
    ("email", "no, ann at green dot co dot uk", "ann at green dot co dot uk", "email"),
    (TEXT, "the email address is info@green.com", "info@green.com", "email"),
    (TEXT, "No, it says Green Market.", "Green Market", ""),
    (TEXT, "it says Green Market", "Green Market", ""),
    (TEXT, "it says “Green Market”", "Green Market", ""),
    (TEXT, "no, it says the Old Mill", "the Old Mill", ""),
    (TEXT, "no, it says In case of fire", "In case of fire", ""),
    (TEXT, "it should read Grünmarkt", "Grünmarkt", ""),
    (TEXT, "this is spelled Nguyen", "Nguyen", ""),
    ("title", "that's wrong, it says Green Market", "Green Market", "title"),
    (TEXT, "the headline is Green Market", "Green Market", "title"),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "text"), OTHER)
def test_commands_and_chatter_are_no_corrections(asked: str, text: str) -> None:
    """Though they begin with "no", have a number or say that something says something."""
    assert said(text, asked=asked) is None and not denies(text)


@pytest.mark.parametrize(("asked", "text", "written", "wanted"), CORRECTIONS)
def test_a_value_or_words_are_taken(asked: str, text: str, written: str, wanted: str) -> None:
    """Without what is said beside them."""
    assert said(text, asked=asked) == Said(written, wanted)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("that's wrong", True),
        ("no, that's not right", True),
        ("that isn't it", True),
        ("no, that's not what it says", True),
        ("that's not the total", True),
        ("that's not a problem", False),
        ("it's not the weekend yet", False),
        ("that's not the point", False),
        ("it wasn't my idea", False),
    ],
)
def test_that_something_is_wrong(text: str, expected: bool) -> None:
    """It is of what was read, not of life."""
    assert denies(text) is expected


@pytest.mark.parametrize(
    "text",
    ["no " * 2000, "no, " * 2000 + "turn on", "no, 2" + " 3" * 2000, "the date is" + " may" * 2000],
)
def test_long_sentences_are_soon_told(text: str) -> None:
    """Whatever somebody pastes."""
    begin = perf_counter()
    assert said(text, asked="date") is None
    assert perf_counter() - begin < 1
