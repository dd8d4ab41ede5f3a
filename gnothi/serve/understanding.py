"""Understanding by whatever artifact is live, switched while the assistant runs."""

import logging

from gnothi.core.errors import ArtifactError
from gnothi.core.understanding import Situation, Understanding
from gnothi.dialogue.assistant import Chosen
from gnothi.language.heads import NAME as HEADS
from gnothi.language.heads import AdjustedUnderstander, Heads
from gnothi.language.understand import NeuralUnderstander
from gnothi.registry.registry import Registry
from gnothi.text.encoder import SharedEncoder

NAME = "language/understand"
"""The artifact that understands."""

_log = logging.getLogger(__name__)


class LiveUnderstander:
    """Asks the registry, each turn, which version serves; each is loaded once.

    Implements :class:`gnothi.core.protocols.Understander` with the version that serves everybody.
    """

    def __init__(self, registry: Registry) -> None:
        """Understand with what *registry* says; nothing is loaded before the first text."""
        self._registry = registry
        self._loaded: dict[str, NeuralUnderstander] = {}
        self._joined: dict[tuple[str, str], NeuralUnderstander] = {}
        self._sound: NeuralUnderstander | None = None

    def understand(self, text: str, situation: Situation = Situation.IDLE) -> Understanding:
        """Return the moves and requests in *text*."""
        return self.network().understand(text, situation)

    def network(self) -> NeuralUnderstander:
        """Return the version that serves everybody, canaries aside."""
        return self._adjusted(self.plain(), self._registry.serving(HEADS))

    def plain(self) -> NeuralUnderstander:
        """Return the network that serves everybody, without learned adjustments to its heads."""
        return self._open(self._registry.live(NAME))

    def choose(self, key: str) -> Chosen:
        """Return who understands the session *key*: the live versions, or a canary's share."""
        choice = self._registry.choose(NAME, key)
        network = self._open(choice.version)
        if self._registry.serving(HEADS) is None:
            return Chosen(network, choice.propensity)
        heads = self._registry.choose(HEADS, key)
        adjusted = self._adjusted(network, heads.version)
        return Chosen(adjusted, choice.propensity * heads.propensity)

    def _adjusted(self, network: NeuralUnderstander, version: str | None) -> NeuralUnderstander:
        """Return *network* with the adjustments of *version*, each pair joined once."""
        if version is None:
            return network
        label = network.encoder.card.label
        if (label, version) not in self._joined:
            self._joined[label, version] = self._join(network, version)
        return self._joined[label, version]

    def _join(self, network: NeuralUnderstander, version: str) -> NeuralUnderstander:
        label = network.encoder.card.label
        try:
            heads = Heads.load(self._registry.get(HEADS, version).folder)
        except ArtifactError as error:
            _log.error("%s %s can't be used: %s", HEADS, version, error)
            return network
        if heads.network != label:
            _log.warning("%s %s was learned for %s, not %s", HEADS, version, heads.network, label)
        if heads.network != label or not len(heads):
            return network
        return AdjustedUnderstander(network, heads, label=f"{HEADS}@{version}")

    def _open(self, version: str) -> NeuralUnderstander:
        if version not in self._loaded:
            try:
                artifact = self._registry.get(NAME, version)
            except ArtifactError as error:
                return self._instead(version, error)
            self._loaded[version] = NeuralUnderstander(SharedEncoder(artifact.folder))
        self._sound = self._loaded[version]
        return self._sound

    def _instead(self, version: str, error: ArtifactError) -> NeuralUnderstander:
        """Go on with the version that worked last, if there is one."""
        if self._sound is None:
            raise error
        _log.error("%s %s can't be used: %s", NAME, version, error)
        self._loaded[version] = self._sound
        return self._sound
