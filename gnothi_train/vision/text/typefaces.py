"""Typefaces of this machine, by family; some families are kept apart, to choose by and to test."""

import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from gnothi.core.errors import InputError


class Group(StrEnum):
    """What the families of a typeface are for."""

    LEARNING = "learning"
    DEVELOPMENT = "development"
    """Whatever is chosen by figures is chosen on these."""
    TEST = "test"
    """Nothing is learned from them, and nothing chosen by them."""


_APART = {
    Group.DEVELOPMENT: "andika anonymous dancing goudy jura karla quicksand vollkorn",
    Group.TEST: (
        "b612 caladea comfortaa dosis eb fira kristi linux lobster ocra okolaks old play roboto"
    ),
}
"""Beginnings of the names of families that nothing is learned from.

Chosen by hand: many families are clones of others (Liberation, Nimbus, TeX Gyre), which a draw
would put on both sides. Both groups have sans and serif, fixed and proportional, light and script.
"""
_FEWEST = 4
_KINDS = {".ttf", ".otf", ".t1", ".pfb"}
_STRANGE = (
    "Emoji",
    "Symbol",
    "Math",
    "Ding",
    "Bats",
    "Barcode",
    "Braille",
    "Keyboard",
    "D050",
    "BRK",
)
"""In names of families that have other signs where letters should be, or riddles (BRK)."""


@dataclass(frozen=True, slots=True)
class Typeface:
    """A file of letters."""

    family: str
    path: str
    style: str

    def sized(self, size: int) -> ImageFont.FreeTypeFont:
        """Return it for letters of *size* pixels an em."""
        return _sized(self.path, size)


def typefaces(group: Group = Group.LEARNING) -> tuple[Typeface, ...]:
    """Return the Latin typefaces of *group* that are installed.

    Raises:
        InputError: there are hardly any.
    """
    found = tuple(one for one in _installed() if group_of(one.family) is group)
    if len({one.family for one in found}) < _FEWEST:
        raise InputError(
            "Hardly any typefaces are installed: apt install fonts-dejavu fonts-liberation2 "
            "fonts-lato fonts-open-sans fonts-inconsolata fonts-urw-base35 and others."
        )
    return found


def group_of(family: str) -> Group:
    """Return the group of *family*, and of its kin."""
    for group, beginnings in _APART.items():
        if family.casefold().startswith(tuple(beginnings.split())):
            return group
    return Group.LEARNING


@cache
def _installed() -> tuple[Typeface, ...]:
    program = shutil.which("fc-list")
    if program is None:
        raise InputError("fc-list is needed to find typefaces: apt install fontconfig")
    form = "%{family[0]}\t%{style[0]}\t%{file}\n"
    told = subprocess.run(
        [program, "--format", form], capture_output=True, text=True, check=True
    ).stdout
    rows = sorted({tuple(line.split("\t")) for line in told.splitlines() if line.count("\t") == 2})
    found = [Typeface(family, path, style) for family, style, path in rows if _fits(family, path)]
    return tuple(one for one in found if _is_latin(one))


def _fits(family: str, path: str) -> bool:
    named = family.startswith("Noto") and family not in {"Noto Sans", "Noto Serif", "Noto Mono"}
    strange = any(one in family for one in _STRANGE)
    return bool(family) and not named and not strange and Path(path).suffix.lower() in _KINDS


def _is_latin(one: Typeface) -> bool:
    """Whether its letters differ from each other and from its sign for what is missing."""
    try:
        font = one.sized(24)
        drawn = [_drawn(font, letter) for letter in "aekmABRZ0479@."]
    except OSError:
        return False
    missing = _drawn(font, "\U0010fffd")
    return len(set(drawn)) == len(drawn) and missing not in drawn


def _drawn(font: ImageFont.FreeTypeFont, letter: str) -> bytes:
    picture = Image.new("1", (32, 40))
    ImageDraw.Draw(picture).text((4, 4), letter, fill=1, font=font)
    return picture.tobytes()


@cache
def _sized(path: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)


def families(some: Sequence[Typeface]) -> tuple[str, ...]:
    """Return the names of the families among *some*."""
    return tuple(sorted({one.family for one in some}))
