"""Understanding by whatever artifact is live, switched while the assistant runs."""

import logging

from gnothi.core.errors import ArtifactError
from gnothi.core.understanding import Situation, Understanding
from gnothi.dialogue.assistant import Chosen
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
        self._sound: NeuralUnderstander | None = None

    def understand(self, text: str, situation: Situation = Situation.IDLE) -> Understanding:
        """Return the moves and requests in *text*."""
        return self.network().understand(text, situation)

    def network(self) -> NeuralUnderstander:
        """Return the version that serves everybody, canaries aside."""
        return self._open(self._registry.live(NAME))

    def choose(self, key: str) -> Chosen:
        """Return who understands the session *key*: the live version, or a canary's share."""
        choice = self._registry.choose(NAME, key)
        return Chosen(self._open(choice.version), choice.propensity)

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
