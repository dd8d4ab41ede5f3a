"""Asking other people's servers, with patience and without surprises."""

import time
from collections.abc import Callable, Mapping
from typing import Any, cast

import httpx

from gnothi.core.errors import ProviderError

TIMEOUT = httpx.Timeout(30.0, connect=10.0)
TRIES = 4
_BUSY = frozenset({429, 502, 503, 504})
_LONGEST_WAIT = 60.0

Wait = Callable[[float], None]


class Server:
    """One server that answers JSON objects."""

    def __init__(
        self,
        base: str,
        name: str,
        *,
        headers: Mapping[str, str] | None = None,
        transport: httpx.BaseTransport | None = None,
        wait: Wait = time.sleep,
    ) -> None:
        """Ask the server at *base*, called *name* in what is said of it; *wait* when it is busy."""
        self._name = name
        self._wait = wait
        self._client = httpx.Client(
            base_url=base.rstrip("/"),
            headers=dict(headers or {}),
            timeout=TIMEOUT,
            transport=transport,
            follow_redirects=True,
        )

    def get(self, path: str, parameters: Mapping[str, str | int]) -> dict[str, Any]:
        """Return the object at *path*; a busy server is asked again, a few times.

        Raises:
            ProviderError: it can't be reached, refuses, or answers something else than an object.
        """
        for attempt in range(TRIES):
            answer = self._ask(path, parameters)
            if answer.status_code not in _BUSY:
                return self._read(answer)
            if attempt < TRIES - 1:
                self._wait(_asked_to_wait(answer, attempt))
        raise ProviderError(f"{self._name} is busy. Try again later.")

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _ask(self, path: str, parameters: Mapping[str, str | int]) -> httpx.Response:
        try:
            return self._client.get(path, params=dict(parameters))
        except httpx.TimeoutException as error:
            raise ProviderError(f"{self._name} did not answer in time.") from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise ProviderError(f"{self._name} can't be reached: {error}") from error

    def _read(self, answer: httpx.Response) -> dict[str, Any]:
        if answer.status_code in (401, 403):
            raise ProviderError(f"{self._name} refuses: the name, password or token is wrong.")
        if answer.status_code == 404:
            raise ProviderError(f"{self._name} has nothing there. Check the address and the name.")
        if answer.is_error:
            raise ProviderError(f"{self._name} answers with an error ({answer.status_code}).")
        try:
            told = answer.json()
        except ValueError as error:
            raise ProviderError(f"{self._name} sent an answer that can't be read.") from error
        if not isinstance(told, dict):
            raise ProviderError(f"{self._name} sent something unexpected.")
        return cast("dict[str, Any]", told)


def _asked_to_wait(answer: httpx.Response, attempt: int) -> float:
    """Return how many seconds to wait: as the server says, else longer each time."""
    for name in ("X-RateLimit-Reset-In", "Retry-After"):
        told = answer.headers.get(name, "")
        if told.isdigit():
            return min(float(told), _LONGEST_WAIT)
    return 2.0**attempt
