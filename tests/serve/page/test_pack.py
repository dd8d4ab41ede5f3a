"""The page speaks only from its language pack, and asks nobody else for anything."""

import json
import re
from itertools import chain
from pathlib import Path

import gnothi.serve

PAGE = Path(gnothi.serve.__file__).parent / "page"
PACK = json.loads((PAGE / "en.json").read_text(encoding="utf-8"))
SCRIPTS = sorted(PAGE.rglob("*.js"))
MARKUP = PAGE / "index.html"
_COMMENT = re.compile(r"/\*.*?\*/|(?<![:\"'`])//[^\n]*", re.DOTALL)
_STRING = re.compile(r'"((?:[^"\\\n]|\\.)*)"')


def _code(script: Path) -> str:
    return _COMMENT.sub("", script.read_text(encoding="utf-8"))


def _keys_of_scripts() -> set[str]:
    strings = chain.from_iterable(_STRING.findall(_code(script)) for script in SCRIPTS)
    return {text for text in strings if re.fullmatch(r"[a-z]+\.[a-z_]+(\.[a-z_]+)*", text)}


def _keys_of_markup() -> set[str]:
    text = MARKUP.read_text(encoding="utf-8")
    return set(re.findall(r'data-(?:text|label|placeholder)="([^"]+)"', text))


def _families() -> set[str]:
    """Return the beginnings of keys that scripts complete: ``say(`place.${place}`)``."""
    code = "\n".join(map(_code, SCRIPTS))
    completed = re.findall(r"`([a-z_]+\.(?:[a-z_]+\.)*)[a-z_]*\$\{", code)
    named = re.findall(r'name\("([a-z_.]+)"', code)
    return {*completed, *(f"{kind}." for kind in named)}


def test_every_sentence_of_the_page_is_in_the_pack() -> None:
    """No place of the page shows the name of a sentence instead of the sentence."""
    kinds = {key.split(".")[0] for key in PACK}
    asked = {key for key in _keys_of_scripts() if key.split(".")[0] in kinds}
    whole = {key for key in asked if f"{key}." not in _families()}
    assert sorted((whole | _keys_of_markup()) - PACK.keys()) == []


def test_the_pack_has_no_sentence_that_nobody_says() -> None:
    """Whoever translates the pack translates nothing in vain."""
    said = _keys_of_scripts() | _keys_of_markup()
    families = tuple(_families())
    assert [key for key in PACK if key not in said and not key.startswith(families)] == []


def test_no_english_outside_of_the_pack() -> None:
    """A translated pack translates the whole page."""
    markup = re.sub(r"<title>.*?</title>|<[^>]*>", "", MARKUP.read_text(encoding="utf-8"))
    assert markup.split() == ["Gnothi"]
    sentence = re.compile(r"[A-Za-z']{2,} [a-z']{2,} [a-z']{2,}")
    found = [
        text
        for script in SCRIPTS
        for text in _STRING.findall(_code(script))
        if sentence.search(text)
    ]
    assert found == []


def test_data_never_becomes_markup() -> None:
    """A device called like a piece of HTML stays a name."""
    dangerous = re.compile(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|srcdoc"
    )
    assert [script.name for script in SCRIPTS if dangerous.search(_code(script))] == []


def test_the_page_asks_nobody_else_for_anything() -> None:
    """It works without the internet, and tells nobody that it is open."""
    files = [*SCRIPTS, *PAGE.rglob("*.css"), *PAGE.rglob("*.html"), *PAGE.rglob("*.webmanifest")]
    foreign = re.compile(r"(?:https?:)?//(?!www\.w3\.org/)[a-z0-9.-]+\.[a-z]{2,}")
    assert [
        file.name
        for file in files
        if foreign.search(_COMMENT.sub("", file.read_text(encoding="utf-8")))
    ] == []


def test_markup_needs_no_exception_from_the_content_policy() -> None:
    """Scripts and styles come from files, as the policy of the server demands."""
    text = MARKUP.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=|\son[a-z]+=|<style|<script(?![^>]*\ssrc=)", text)


def test_every_icon_that_is_drawn_exists() -> None:
    """No button is empty."""
    drawn = set(
        re.findall(r'<symbol id="([^"]+)"', (PAGE / "icons.svg").read_text(encoding="utf-8"))
    )
    code = "\n".join(map(_code, SCRIPTS))
    asked = set(re.findall(r'\bicon(?:\(|: )"([a-z-]+)"', code))
    kinds = (PAGE / "home" / "kinds.js").read_text(encoding="utf-8").partition("const ACTIVE")[0]
    asked |= set(re.findall(r': "([a-z-]+)"', kinds))
    assert asked - drawn == set()
