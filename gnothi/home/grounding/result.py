"""What grounding finds: something to do, something to tell, something to ask, or a problem."""

from dataclasses import dataclass, field, replace

from gnothi.home.grounding.operations import Operation


@dataclass(frozen=True, slots=True)
class Doing:
    """An operation on devices."""

    operation: Operation
    targets: tuple[str, ...]
    """Entity ids, in the order of the home."""
    areas: tuple[str, ...] = ()
    """Areas that were named, for wording and for "there"."""
    group: bool = False
    """Whether a group was meant rather than each device by its name."""
    also: tuple["Doing", ...] = ()
    """What the same words mean for other devices: "open" unlocks a door and lifts a garage's."""

    @property
    def steps(self) -> tuple["Doing", ...]:
        """Everything that is to be done, one operation each."""
        return (replace(self, also=()), *self.also) if self.also else (self,)


@dataclass(frozen=True, slots=True)
class Telling:
    """A question about the state of the home."""

    question: str
    """``check``, ``any``, ``all``, ``which``, ``count``, ``value``, ``status``, ``how_long``,
    ``when`` or ``presence``."""
    targets: tuple[str, ...] = ()
    state: str = ""
    """The state that is asked about (``open``, ``on``, ``locked`` …)."""
    attribute: str = ""
    """The value that is asked for (``temperature``, ``battery`` …)."""
    areas: tuple[str, ...] = ()
    kind: str = ""
    """The kind of device, for wording."""


@dataclass(frozen=True, slots=True)
class Asking:
    """Something must be known first."""

    argument: str
    """``targets`` (which of these?) or ``value``."""
    operation: Operation
    choices: tuple[str, ...] = ()
    """Entity ids to choose from."""
    targets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """Why nothing can be done."""

    reason: str
    """``no-such``, ``none-there``, ``cannot``, ``no-thermostat``, ``unclear``, ``later``,
    ``awhile`` or ``beyond``."""
    words: str = ""
    """The words that name nothing in this home."""
    targets: tuple[str, ...] = field(default=())
    operation: str = ""
    limits: tuple[float, float, str] | None = None
    """Lowest and highest value, in ``degrees`` or ``percent``, where more or less was asked for."""


Grounding = Doing | Telling | Asking | Problem
