"""The errors that Gnothi raises: what happened, where, and what to do next."""


class GnothiError(Exception):
    """Base of every error that Gnothi raises on purpose.

    Its message is written for a person: the command line and the API show it as it is.
    """


class InputError(GnothiError):
    """What came from outside (a file, a request, an argument) can't be used."""


class MissingExtraError(GnothiError):
    """An optional part is needed that is not installed."""

    def __init__(self, extra: str, needed_for: str) -> None:
        """Name the *extra* and what it is *needed_for*."""
        super().__init__(f"{needed_for} needs the extra '{extra}': pip install 'gnothi[{extra}]'.")


class ArtifactError(GnothiError):
    """A learned artifact is missing, damaged or not what its card says."""


class StorageError(GnothiError):
    """The journal or the registry can't be read or written."""


class SkillError(GnothiError):
    """A skill folder does not keep the documented format."""


class ProviderError(GnothiError):
    """Somebody else's service (weather, broker, player …) failed or did not answer in time."""
