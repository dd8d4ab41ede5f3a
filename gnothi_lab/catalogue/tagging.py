"""What listeners of Last.fm called artists: the check of our catalogue's facts.

The data (hetrec2011-lastfm-2k) is for benchmarks only: it says how often our facts are backed by
somebody's tag. No tag is copied into the catalogue.
"""

import csv
import gzip
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from gnothi.recommend.catalogue import Attribute
from gnothi.text.phonetics import plain

FOLDER = Path("recommend", "hetrec2011_lastfm_2k")
TOP = 10
"""An artist's most used tags."""
_PUNCTUATION = re.compile(r"[^\w\s]+|_")
_DECADES = {
    "1920s": "20s",
    "30s": "1930s",
    "40s": "1940s",
    "50s": "1950s",
    "60s": "1960s",
    "70s": "1970s",
    "80s": "1980s",
    "90s": "1990s",
    "2000s": "00s",
    "2010s": "10s",
}
_ALSO: Mapping[str, tuple[str, ...]] = {
    "alternative rock": ("alternative", "alt rock"),
    "indie rock": ("indie",),
    "indie pop": ("indie", "twee"),
    "indie folk": ("freak folk", "indie"),
    "electronic": ("electro", "electronica", "techno", "idm", "synthpop"),
    "hip hop": ("rap", "hiphop", "hip hop"),
    "rap": ("hip hop", "hiphop"),
    "r&b": ("rnb", "r b", "rhythm and blues"),
    "synth-pop": ("synthpop", "synth pop", "new romantic"),
    "post-rock": ("postrock", "post rock"),
    "post-punk": ("postpunk", "post punk"),
    "trip hop": ("triphop", "trip hop"),
    "drum and bass": ("drum n bass", "dnb", "drum and bass", "jungle"),
    "soundtrack": ("soundtracks", "score", "film score", "film music", "ost", "composer"),
    "classical": ("contemporary classical", "classical crossover", "neoclassical"),
    "melodic death metal": ("melodic death", "melodeath"),
    "symphonic metal": ("symphonic", "gothic metal"),
    "progressive rock": ("progressive", "prog", "prog rock", "art rock"),
    "psychedelic rock": ("psychedelic", "psychedelia"),
    "gothic rock": ("gothic", "goth", "darkwave", "gothic metal"),
    "hardcore punk": ("hardcore",),
    "pop punk": ("poppunk", "punk pop"),
    "garage rock": ("garage", "garage rock revival"),
    "singer-songwriter": ("singer songwriter", "songwriter"),
    "new age": ("newage",),
    "world music": ("world",),
    "rock and roll": ("rock n roll", "rockabilly"),
    "metal": ("heavy metal", "nu metal", "metalcore"),
    "latin": ("latino", "latina", "salsa", "reggaeton"),
    "latin pop": ("latin", "pop latino", "spanish pop"),
    "latin rock": ("rock en espanol", "rock latino", "latin"),
    "brazilian": ("brazil", "brasil", "mpb", "brazilian music"),
    "chinese pop": ("mandopop", "cantopop", "c pop", "chinese"),
    "musicals": ("musical", "broadway", "show tunes"),
    "dance": ("eurodance", "club"),
    "video game music": ("video game", "game music", "video games"),
    "shoegaze": ("shoegazer", "shoegazing"),
    "doom metal": ("doom",),
    "mellow": ("chill", "chillout", "easy listening", "soft"),
    "calm": ("relax", "relaxing", "chillout", "chill", "peaceful", "soothing", "quiet"),
    "melancholic": ("melancholy", "sad", "depressive", "depressing"),
    "upbeat": ("happy", "fun", "feel good", "party"),
    "happy": ("feel good", "fun", "cheerful", "upbeat"),
    "romantic": ("love", "romance", "love songs", "sexy", "sensual"),
    "energetic": ("energy", "powerful", "party"),
    "dark": ("gloomy", "creepy", "haunting"),
    "dreamy": ("ethereal", "atmospheric", "dream", "dreampop"),
    "aggressive": ("angry", "brutal", "heavy"),
    "playful": ("quirky", "fun", "funny", "weird"),
    "groovy": ("groove", "funky", "sexy"),
    "nostalgic": ("nostalgia", "memories"),
    "rebellious": ("political", "protest", "revolution"),
    "epic": ("powerful", "majestic", "emotional"),
}
"""Other spellings and near words of ours that listeners use, chosen before the first run."""


@dataclass(frozen=True, slots=True)
class Tagged:
    """What an artist was called, and how often."""

    tags: Mapping[str, int]
    """Normalised tag to how many people gave it."""

    @property
    def taggings(self) -> int:
        """How many times somebody gave the artist a tag."""
        return sum(self.tags.values())

    def backs(self, fact: Attribute, *, top: bool = False) -> bool:
        """Say whether some tag, or some *top* tag, means the same as *fact*."""
        given = Counter(self.tags).most_common(TOP) if top else self.tags.items()
        return any(means(tag, fact) for tag, _ in given)


def read_tagged(data: Path) -> dict[str, Tagged]:
    """Return what was called how, by normalised name of the artist."""
    tags = {row["tag_id"]: normal(row["tag"]) for row in rows(data, "tags")}
    given: dict[str, Counter[str]] = {}
    for row in rows(data, "user_taggedartists"):
        given.setdefault(row["artist_id"], Counter())[tags.get(row["tag_id"], "")] += 1
    found: dict[str, Tagged] = {}
    for row in rows(data, "artists"):
        name, tagged = normal(row["name"]), Tagged(given.get(row["artist_id"], {}))
        if name not in found or tagged.taggings > found[name].taggings:
            found[name] = tagged
    return found


def rows(data: Path, name: str) -> Iterator[dict[str, str]]:
    """Yield the rows of one of the data set's files."""
    with gzip.open(data / FOLDER / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def normal(text: str) -> str:
    """Return *text* without case, accents, punctuation and the article in front."""
    words = _PUNCTUATION.sub(" ", plain(text).replace("&", " and ").replace("'", "")).split()
    return " ".join(words[1:] if len(words) > 1 and words[0] == "the" else words)


def means(tag: str, fact: Attribute) -> bool:
    """Say whether a normalised *tag* has one of the words for *fact* in it, as whole words."""
    return any(f" {word} " in f" {tag} " for word in _words(fact))


def _words(fact: Attribute) -> set[str]:
    if fact.facet == "decade":
        return {normal(word) for word in (fact.value, _DECADES.get(fact.value, fact.value))}
    if fact.facet == "country":  # its short form is a code: "in" is no tag for India
        return {normal(word) for word in (fact.label, *fact.also)}
    return {normal(word) for word in (fact.value, *fact.also, *_ALSO.get(fact.value, ()))}
