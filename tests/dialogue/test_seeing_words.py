"""What is about a picture and what is not, where there is a camera or something was shown."""

import pytest

from gnothi.core.acting import Status
from gnothi.core.errors import ArtifactError
from gnothi.core.settings import Settings
from gnothi.core.understanding import Situation, Utterance
from gnothi.dialogue.looking import PICTURE, SKILL, Looking
from gnothi.skills.builtin.sight.finding import is_meant
from gnothi.vision.eyes import Eyes
from gnothi.vision.finding.finder import Finder
from gnothi.vision.finding.models import SETTINGS, SHIPPED, read_settings
from tests.dialogue.scene import SKILLS, UNDERSTANDER, Scene
from tests.dialogue.test_looking import Door
from tests.vision.written import Reader

ABOUT_PICTURES = """
where is the red mug?
where are my keys
where's my phone
find my keys please
can you find my glasses
where did i put my wallet
where did I leave my glasses?
have you seen the cat
do you see the cat
do you see a dog in the picture
can you see my backpack
is there a bottle
is there a cup in the picture?
are there any apples
are there people in the picture?
how many books are there?
how many people are in the picture?
how many people can you see
how many mugs do you see
how many chairs are there in the picture
how many knives are there
what do you see
what can you see?
which things do you see
where are the scissors
where is the big blue ball
look for my umbrella
locate the laptop
point to the hammer
show me where the keys are
show me where the pen is
where is the biggest bottle
where is the cup next to the laptop
where is the book under the table
where is the dog
where are the knives
where do you see a clock
where is the left shoe
where are my shoes
where are my shoes and my socks
where is the fan
where is the mug that is on the left
where is the mug that's next to the laptop
do you see a mug or a laptop
do you see anything on the left
where is the watch
where is my bag
find a screwdriver
where is the teddy bear
where is the black and white cat
is there a red car
is there an umbrella
is there a knife
how many cars are there
how many bananas are there
how many windows do you see
where is the blue one
where's the smallest apple
can you find the people
what is this
""".strip().splitlines()
NOT_ABOUT_PICTURES = """
how many timers are there?
is there a timer?
is there a timer running?
where is the timer
how many lights are there?
are there any lights on?
how many lamps are on in the kitchen
is there a lamp on
is there one?
is there one for the kitchen?
is there something wrong
are there any alarms
is there an alarm set for tomorrow
how many items are on my shopping list
is there milk on the shopping list?
are there eggs on the list
is there anything on my list
are there any windows open?
is there a door open
how many doors are open
is there a fan in the bedroom
how many fans are on
where is the bathroom?
where is the light switch
is there anything on my calendar
is there a meeting today
is there a train to hamburg
is there snow in berlin
are there clouds outside
find some music
find me a book about horses
look for a recipe with eggs
how many minutes are left
how many people live in berlin
how many cups are in a litre
how many keys does a piano have
how many eggs do i need for pancakes
where is paris
where are you from
where is the nearest pizza place
do you see what i mean
can you see me
have you seen inception
is there anything to do
how many books did he write
""".strip().splitlines()


class _Words:
    """The words of the shipped eyes, without their network."""

    settings = read_settings(SHIPPED / SETTINGS)


@pytest.fixture(scope="module")
def looking() -> Looking:
    """Return who knows what is about pictures, with the words that ship."""
    finder = Finder(_Words())  # type: ignore[arg-type]  # words are all that is asked for
    eyes = Eyes(Reader, finder=lambda: finder)
    return Looking(SKILLS, has_camera=True, finds=lambda *said: is_meant(*said, eyes, None))


def _domain(looking: Looking, text: str) -> str:
    understander = looking.over(UNDERSTANDER, Utterance(text), {PICTURE: "shown"})
    return "".join(one.domain for one in understander.understand(text).requests)


@pytest.mark.parametrize("text", ABOUT_PICTURES)
def test_a_picture_is_asked(looking: Looking, text: str) -> None:
    """In words that no sample has, of things that the eyes have learned."""
    assert _domain(looking, text) == SKILL


@pytest.mark.parametrize("text", NOT_ABOUT_PICTURES)
def test_everything_else_goes_on_working(looking: Looking, text: str) -> None:
    """The house, timers, lists, places and talk, though a camera looks on."""
    assert _domain(looking, text) != SKILL


def test_an_answer_that_is_awaited_is_no_question_about_a_picture(looking: Looking) -> None:
    """Whatever was asked is answered first."""
    text = "where is the red mug?"
    understander = looking.over(UNDERSTANDER, Utterance(text), {PICTURE: "shown"})
    asked = understander.understand(text, Situation.ASKED)
    assert [one.domain for one in asked.requests] != [SKILL]


async def test_eyes_that_are_damaged_leave_the_house_alone() -> None:
    """They are not even opened for what asks for nothing, and the turn goes on."""

    def damaged() -> Finder:
        raise ArtifactError("sight/eyes is damaged.")

    scene = Scene(Settings.from_environment({}), sight=Eyes(Reader, Door, finder=damaged))
    assert "bathroom" in (await scene.say("where is the bathroom?")).reply.text
    assert "mug" in (await scene.say("where is the mug?")).reply.text
    assert (await scene.say("what do you see?")).actions[0].status is Status.FAILED
    assert "can't make out" in (await scene.say("what does this say?")).reply.text
