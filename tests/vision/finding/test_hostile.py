"""Words that nobody would say: they are taken apart without harm, and in little time."""

from random import Random

import pytest

from gnothi.core.errors import InputError
from gnothi.skills.builtin.sight.finding import asked, is_quick
from gnothi.vision.eyes import Eyes
from gnothi.vision.finding.wanted import each_wanted, wanted
from tests.vision.finding.eyes import PICTURE, There, finder
from tests.vision.written import Reader

WORDS = """
where is are there how many do you see the a my of and or that is left of next to on the left under
biggest red golden mug mugs 3 , ' . \N{RIGHT SINGLE QUOTATION MARK} \ue000 \u0130 ß 's lamp by door
""".split()
TAUGHT = ("lamp by the door", "the", "my mug", "'s", "\ue000", "", "3", "red", "İ")


def test_strings_of_bytes_are_taken_apart() -> None:
    """Most are no question; none is an error."""
    random = Random(0)
    for _ in range(2_000):
        text = random.randbytes(random.randrange(40)).decode("utf-8", errors="replace")
        assert isinstance(is_quick(text), bool)
        wanted(text, TAUGHT)


def test_words_in_any_order_are_looked_for() -> None:
    """Whatever is made of the words that mean something, a search has a result."""
    random = Random(1)
    glance = finder(There("red mug", (0, 0, 40, 40))).look(PICTURE)
    for _ in range(500):
        text = " ".join(random.choices(WORDS, k=random.randrange(12)))
        asked(f"where is {text}")
        for one in each_wanted(text, TAUGHT):
            assert "\ue001" not in one.phrase
            glance.search(one if not one.taught else wanted("the mug"))


@pytest.mark.parametrize(
    "text", ["mug " * 20_000, "next to " * 5_000, "mug and " * 5_000, "'" * 50_000]
)
def test_long_words_take_no_long_time(text: str) -> None:
    """However much is said, it is taken apart once."""
    assert len(each_wanted(text, TAUGHT)) >= 1


def test_a_picture_that_was_never_there_is_refused() -> None:
    """With a sentence, whoever made its name up."""
    random = Random(2)
    eyes = Eyes(Reader, finder=finder)
    for _ in range(200):
        with pytest.raises(InputError, match="show it once more"):
            eyes.glance(random.randbytes(12).hex())
