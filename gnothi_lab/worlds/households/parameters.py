"""The world's numbers and words: read from ``parameters.json``, frozen, hashed."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

FILE = Path(__file__).with_name("parameters.json")
T = TypeVar("T")
Pairs = tuple[tuple[str, float], ...]


def digest(path: Path = FILE) -> str:
    """Return the sha256 of the parameters, which is committed before a learner runs on them."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


@dataclass(frozen=True, slots=True)
class Size:
    """How big a world is."""

    homes: int
    artists: int
    songs: int
    stations: int
    cities: int
    sample_homes: int
    """Homes that the calibration plays."""


@dataclass(frozen=True, slots=True)
class Population:
    """Who lives where, and how much they ask for."""

    people: tuple[float, ...]
    """Probability of one, two … people in a home."""
    requests_median: float
    """Fresh requests of a person in a week; log-normal over people."""
    requests_sigma: float
    rooms: tuple[int, int]
    devices: tuple[int, int]
    doors: tuple[int, int]
    robot: float
    own_names: float
    """Share of things that have a name of their own in a home."""
    own_name_use: float
    dialect: float
    """Share of homes in which a synonym that understanding misses is the usual word."""
    dialect_use: float
    alias: float
    """Share of things with a synonym that understanding knows that go by it."""
    favourites: float
    """Exponent: the higher, the more the first things of a home are used."""
    favourite_room: float
    unrecognised: float
    """Share of requests of which nobody knows who spoke."""
    polite: tuple[float, float]
    """Beta distribution of how often people put fillers around a request."""
    hours: tuple[float, ...]
    hours_concentration: float
    first_names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """One kind of wish: how frequent, and how much people repeat themselves."""

    weight: float
    repertoire: int
    """Goals that a person has at a time."""
    zipf: float
    explore: float
    """Share of wishes from outside of the repertoire."""
    life: tuple[int, int]
    """Weeks until a goal of the repertoire gives way to another."""


@dataclass(frozen=True, slots=True)
class Taste:
    """What people want."""

    groups: Mapping[str, Group]
    group_concentration: float
    shared: float
    """Share of a repertoire that the whole home has in common."""
    unsupported: float
    """Share of requests that no skill serves, at a noise scale of one."""
    unsupported_skew: float
    unsupported_repertoire: int
    unsupported_explore: float


@dataclass(frozen=True, slots=True)
class Catalogues:
    """Songs, artists, stations and cities: all invented."""

    popularity_zipf: float
    artist_zipf: float
    other_zipf: float
    title_words: tuple[float, ...]
    invented_words: float
    ambiguous: float
    """Share of songs that bear the title of another."""
    bare: float
    """Share of requests for the less popular of two namesakes that leave the artist out."""
    with_artist: float
    new_songs: int
    """Songs that appear each week, for ``new_weeks`` weeks."""
    new_weeks: int
    new_share: float
    new_fades: float
    late: float
    """Share of new songs that the assistant's catalogue gets ``late_weeks`` after the people."""
    late_weeks: int
    onsets: tuple[str, ...]
    nuclei: tuple[str, ...]
    codas: tuple[str, ...]
    syllables: tuple[float, ...]
    shortest: int
    inner_coda: float
    artist_kinds: tuple[float, ...]
    """One invented word, two, or one behind a common one."""
    fame_skew: float


@dataclass(frozen=True, slots=True)
class Wordings:
    """How people put what they want."""

    style_spread: float
    missed: float
    """Share of requests in words that understanding misses, at a noise scale of one."""
    missed_spread: float
    fashion_ramp: float
    """Weeks that a fashion takes to spread."""
    fashion_strength: float
    most: float
    """No probability that grows with the noise scale exceeds this."""
    fillers_before: Pairs
    fillers_after: Pairs
    after: float


@dataclass(frozen=True, slots=True)
class Hearings:
    """The recogniser and the ways in which it mishears."""

    accents: int
    accent_zipf: float
    accent_spread: float
    same_accent: float
    person_spread: float
    word_spread: float
    noise_spread: float
    persistence: float
    """Share of a person's mistakes with a word that are always the same one."""
    second_edit: float
    most: float
    louder: float
    clearer: float
    edit_cost: float
    class_discount: float
    prior_weight: float
    split_cost: float
    drop_short: float
    outsounded: float
    """Share of words with a likelier word of the same sound that always turn into it, at a noise
    scale of one; elsewhere the context tells which is meant."""
    prior_zipf: float
    prior_floor: float
    prior: Mapping[str, float]
    """How much text of each kind the recogniser has been trained on."""
    word_most: float
    """No word of a person is misheard more often than this, in multiples of what is usual."""
    accent_most: float
    rates: Mapping[str, float]
    confusions: Mapping[str, tuple[str, ...]]
    classes: tuple[str, ...]
    vowels: str
    spelling: tuple[tuple[str, str], ...]
    long_before_silent_e: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Understandings:
    """The limits of the assistant's understanding."""

    stop_words: tuple[str, ...]
    enough: float
    """Share of a pattern's words that must be there for a loose match."""
    exact_score: float
    control_score: float
    unknown_score: float
    search_score: float
    loose_score: tuple[float, float]
    score_spread: float
    longest_unknown: int
    openings: tuple[str, ...]
    """Words before a request that say that the last one went wrong."""


@dataclass(frozen=True, slots=True)
class Family:
    """How one kind of people behaves after a turn. Probabilities; gaps in seconds."""

    unnoticed: float
    wrong: Mapping[str, float]
    """What follows a wrong action."""
    unheard: Mapping[str, float]
    """What follows an apology."""
    after_stop: float
    """Asks again after having stopped a wrong action."""
    patience: float
    """Tries once more, given that something was tried before."""
    clear: float
    """A rephrase is in plain words."""
    clear_names: float
    """Plain words also mean everybody's names rather than one's own."""
    unsupported_effort: float
    gap_median: float
    gap_sigma: float
    late: float
    late_median: float
    barge_in_wrong: float
    barge_in_right: float
    stop_unsaid: float
    """Stops by a button."""
    undo_wrong: float
    """Takes a wrong action back by hand."""
    right: Mapping[str, float]
    """What may follow a right one, although it was right."""
    completed_right: float
    completed_wrong: float
    mind_gap_median: float
    mind_as_correction: float
    """Says "no, I meant" when it is the wish that has changed."""


@dataclass(frozen=True, slots=True)
class Control:
    """A word about the turn before rather than a request."""

    text: str
    key: str
    signal: str
    """What it is for the turn before."""
    call: str = ""
    """What it does by itself."""


@dataclass(frozen=True, slots=True)
class Reactions:
    """What people do next."""

    attempts: int
    session_gap: float
    silence_after: float
    play_seconds: tuple[float, float]
    confirms: float
    mind_gap_sigma: float
    delays: Mapping[str, tuple[float, float]]
    """Least and most seconds until something happens."""
    families: Mapping[str, Family]
    corrections: Pairs
    stops: Mapping[str, Pairs]
    controls: tuple[Control, ...]


@dataclass(frozen=True, slots=True)
class Attacks:
    """What colluding accounts do."""

    first_week: int
    weeks: int
    targets: int
    takes_part: float
    probes: float
    """Share of the accounts that push nothing and only look whether a rewrite is live."""
    sessions: float
    """Staged sessions an account, a week and a target, to begin with."""
    intensify: float
    most_sessions: float
    patience: int
    """Weeks without an effect before a rarer request is chosen."""
    keep_up: float
    """Share of the effort that goes on once a rewrite is live."""
    gap_median: float
    gap_sigma: float
    barge_in: float
    stop: float
    completed: float
    rarer: int
    """How many times rarer the next song is that they turn to."""
    room_step: int


@dataclass(frozen=True, slots=True)
class Calibration:
    """How the noise scale is found."""

    rounds: int
    lowest: float
    highest: float
    tolerance: float


@dataclass(frozen=True, slots=True)
class Intent:
    """One thing that can be asked for, and the words for it."""

    name: str
    group: str
    weight: float
    domain: str
    intent: str
    risk: str
    call: str
    slots: tuple[str, ...]
    known: tuple[tuple[str, float], ...]
    missed: tuple[tuple[Any, ...], ...]
    """Wordings that understanding lacks; a third number is the week in which one comes up."""
    implied: tuple[str, str] = ("", "")
    """A slot that the words imply: its label and the word."""

    @property
    def plays(self) -> bool:
        """Whether it starts something that may be heard to its end."""
        return self.intent in {"play_music", "play_radio"}


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a slot, and what else it is called."""

    say: str
    weight: float = 1.0
    known: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Slot:
    """What a slot can hold."""

    label: str
    open: bool
    """Whether words that are no known value may be taken for one."""
    values: tuple[Value, ...]
    own: tuple[str, ...]
    """Names that a home may give; several homes may use one for different things."""
    own_proper: tuple[str, ...]
    """Names that stand without an article."""


@dataclass(frozen=True)
class Parameters:
    """Everything that makes a world, apart from its seed."""

    size: Size
    first_day: str
    population: Population
    taste: Taste
    catalogue: Catalogues
    wording: Wordings
    hearing: Hearings
    understanding: Understandings
    reacting: Reactions
    attack: Attacks
    calibration: Calibration
    intents: tuple[Intent, ...]
    unsupported: tuple[str, ...]
    slots: Mapping[str, Slot]
    open_labels: Mapping[str, str]
    title_words: tuple[str, ...]
    other_words: tuple[str, ...]

    @classmethod
    def load(cls, size: str = "full", path: Path = FILE) -> "Parameters":
        """Read the parameters of a world of *size*: ``full``, ``small`` or ``tiny``."""
        raw = _tupled(json.loads(path.read_text(encoding="utf-8")))
        zipf = raw["catalogue"]["other_zipf"]
        taste, reacting = raw["taste"], raw["reacting"]
        return cls(
            size=_read(Size, raw["sizes"][size]),
            first_day=raw["first_day"],
            population=_read(Population, raw["population"]),
            taste=_read(Taste, taste | {"groups": _read_all(Group, taste["groups"])}),
            catalogue=_read(Catalogues, raw["catalogue"]),
            wording=_read(Wordings, raw["wording"]),
            hearing=_read(Hearings, raw["hearing"]),
            understanding=_read(Understandings, raw["understanding"]),
            reacting=_read(
                Reactions,
                reacting
                | {
                    "families": _read_all(Family, reacting["families"]),
                    "controls": tuple(_read(Control, row) for row in reacting["controls"]),
                },
            ),
            attack=_read(Attacks, raw["attack"]),
            calibration=_read(Calibration, raw["calibration"]),
            intents=tuple(_read(Intent, row) for row in raw["intents"]),
            unsupported=raw["unsupported"],
            slots={name: _read_slot(row, zipf) for name, row in raw["slots"].items()},
            open_labels=raw["open_labels"],
            title_words=raw["title_words"],
            other_words=raw["other_words"],
        )

    @cached_property
    def by_group(self) -> Mapping[str, tuple[Intent, ...]]:
        """The intents of each group of wishes."""
        return {
            group: tuple(intent for intent in self.intents if intent.group == group)
            for group in self.taste.groups
        }

    def label(self, slot: str) -> str:
        """Return the name that *slot* has in the journal."""
        return self.slots[slot].label if slot in self.slots else self.open_labels[slot]


def _read(kind: type[T], raw: Mapping[str, Any]) -> T:
    """Build a *kind* from *raw*; an unknown or a missing number is an error."""
    known = {field.name for field in fields(kind)}  # type: ignore[arg-type]
    if unknown := set(raw) - known:
        raise ValueError(f"{kind.__name__} has no {', '.join(sorted(unknown))}")
    return kind(**raw)


def _read_all(kind: type[T], raw: Mapping[str, Mapping[str, Any]]) -> dict[str, T]:
    return {name: _read(kind, row) for name, row in raw.items()}


def _read_slot(raw: dict[str, Any], exponent: float) -> Slot:
    listed = [Value(**row) for row in raw["values"]]
    listed += [Value(say, weight) for say, weight in raw.pop("pairs", ())]
    modifiers = raw.pop("modifiers", (("", 1.0),))
    listed += [
        Value(f"{modifier} {say}".strip(), weight * (rank + 1) ** -exponent)
        for rank, say in enumerate(raw.pop("zipf", ()))
        for modifier, weight in modifiers
    ]
    return _read(Slot, raw | {"values": tuple(listed)})


def _tupled(raw: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return *raw* with tuples for lists, all the way down."""
    if isinstance(raw, list):
        return tuple(_tupled(item) for item in raw)
    if isinstance(raw, dict):
        return {key: _tupled(item) for key, item in raw.items()}
    return raw
