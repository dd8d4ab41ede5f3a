"""Things that tests draw themselves: a disc is a mug, a square is a book, a triangle is a key."""

from PIL import Image, ImageDraw

from gnothi_train.vision.scenes.households import Household
from gnothi_train.vision.scenes.sprites import Sprite, sprite
from gnothi_train.vision.scenes.things import Part, named

GREY = (150, 150, 150, 255)


def picture(noun: str) -> Image.Image:
    """Return the drawing of *noun*, grey on nothing."""
    canvas = Image.new("RGBA", (64, 64))
    pen = ImageDraw.Draw(canvas)
    if noun == "mug":
        pen.ellipse((8, 8, 56, 56), fill=GREY)
    elif noun == "book":
        pen.rectangle((8, 8, 56, 56), fill=GREY)
    else:
        pen.polygon([(32, 4), (60, 58), (4, 58)], fill=GREY)
    return canvas


def drawn(noun: str) -> Sprite:
    """Return *noun* as a sprite."""
    made = sprite(named()[noun], "drawn", picture(noun))
    assert made is not None
    return made


def household(*, part: Part = "training", side: int = 96) -> Household:
    """Return a household of mugs, books and keys."""
    return Household(tuple(drawn(noun) for noun in ("mug", "book", "key")), (), part, side)
