"""The English sentences of ``nlu/ha_intents`` (home-assistant/intents, CC BY 4.0)."""

from dataclasses import dataclass
from pathlib import Path

from gnothi_lab.intents import Intent
from gnothi_train.language.homes import ha_sentences

PLACES = frozenset({"name", "area", "floor"})


@dataclass(frozen=True, slots=True)
class Row:
    """One sentence with the intent and slots that Home Assistant's tests expect."""

    text: str
    intent: Intent

    @property
    def hears(self) -> str | None:
        """The room in which it is said: the labelled one, if the words don't name it.

        Home Assistant's tests let a temperature without a place mean any; ours is said somewhere.
        """
        area = self.intent.slots.get("area")
        if self.intent.name == "HassClimateSetTemperature" and not PLACES & set(self.intent.slots):
            return "Living Room"
        return str(area) if area and str(area).casefold() not in self.text.casefold() else None


def read_rows(data: Path, *, test: bool = True) -> list[Row]:
    """Return the kept-apart English rows (or all others), by hash of their template.

    The split is the trainer's own, so that it can't be read in two ways.
    """
    return [
        Row(row["text"], Intent(row["intent"], _plain(row["slots"])))
        for row, apart in ha_sentences(data)
        if apart is test
    ]


def _plain(slots: dict[str, object]) -> dict[str, object]:
    return {name: _first(value) for name, value in slots.items()}


def _first(value: object) -> object:
    """Return the first of several accepted values, without spaces around it."""
    chosen = value[0] if isinstance(value, list) else value
    return chosen.strip() if isinstance(chosen, str) else chosen
