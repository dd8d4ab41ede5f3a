"""The API keeps its own description, whatever is sent."""

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import positive_data_acceptance
from starlette.types import ASGIApp, Receive, Scope, Send

from gnothi.serve.api import build_app


class _Local:
    """Makes every request one from this machine."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            others = [one for one in scope["headers"] if one[0] != b"host"]
            headers = [*others, (b"host", b"127.0.0.1:8765")]
            scope = {**scope, "client": ("127.0.0.1", 5), "headers": headers}
        await self._app(scope, receive, send)


def _check(operation: Any, mode: GenerationMode) -> None:
    @settings(
        max_examples=5, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def keeps_its_word(case: schemathesis.Case) -> None:
        # Years, time zones and homes have rules that a schema can't state: refusing is right.
        case.call_and_validate(excluded_checks=[positive_data_acceptance])

    keeps_its_word()


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_every_answer_is_as_described(household: Any, mode: GenerationMode) -> None:
    """Right or wrong, no request makes the server fail or answer otherwise than it says."""
    schema = schemathesis.openapi.from_asgi("/api/openapi.json", _Local(build_app(household)))
    failures: dict[str, Exception] = {}
    for found in schema.get_all_operations():
        operation = found.ok()
        try:
            _check(operation, mode)
        except Unsatisfiable:
            continue  # nothing can be wrong with an operation that takes nothing
        except FailureGroup as failure:
            failures[operation.label] = failure
    assert not failures, "\n\n".join(f"{name}: {error}" for name, error in failures.items())
