"""How everything that can go wrong in a route becomes a problem."""

from typing import cast

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.requests import Request

from gnothi.core.errors import ArtifactError, GnothiError, InputError, ProviderError, StorageError
from gnothi.serve.doors.headers import CAREFUL
from gnothi.serve.problems import Code, Problem, Refusal

_BY_STATUS = {
    400: Code.BAD_REQUEST,
    404: Code.NOT_FOUND,
    405: Code.METHOD_NOT_ALLOWED,
    413: Code.TOO_LARGE,
    415: Code.WRONG_MEDIA_TYPE,
}
_MOST_FIELDS = 20


def answer_failures(app: FastAPI) -> None:
    """Let *app* answer every failure with a problem. Values that were sent are never echoed."""
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(GnothiError, _failed)
    app.add_exception_handler(Exception, _broken)


def problem_of(error: Exception) -> Problem:
    """Return the problem that *error* is for whoever asked."""
    if isinstance(error, Refusal):
        return error.problem
    if isinstance(error, InputError):
        return Problem(Code.INVALID, said=str(error))
    if isinstance(error, StorageError):
        return Problem(Code.STORAGE, {"reason": str(error)})
    if isinstance(error, ArtifactError):
        return Problem(Code.ARTIFACT, {"reason": str(error)})
    if isinstance(error, ProviderError):
        return Problem(Code.UNAVAILABLE, {"reason": str(error)})
    return Problem(Code.INTERNAL, said=str(error) if isinstance(error, GnothiError) else "")


async def _refused(_request: Request, error: Exception) -> JSONResponse:
    return cast("Refusal", error).problem.response()


async def _failed(_request: Request, error: Exception) -> JSONResponse:
    return problem_of(error).response()


async def _broken(_request: Request, _error: Exception) -> JSONResponse:
    """Say nothing of what broke; the server raises it again and logs it once.

    This answer is made outside of every middleware.
    """
    return Problem(Code.INTERNAL, headers=CAREFUL).response()


async def _http(_request: Request, error: Exception) -> JSONResponse:
    failure = cast("HTTPException", error)
    code = _BY_STATUS.get(failure.status_code, Code.BAD_REQUEST)
    return Problem(code, {"limit": 0}, headers=dict(failure.headers or {})).response()


async def _invalid(_request: Request, error: Exception) -> JSONResponse:
    found = cast("RequestValidationError", error).errors()[:_MOST_FIELDS]
    if any(one["type"] == "json_invalid" for one in found):
        return Problem(Code.BAD_REQUEST).response()
    fields = [
        {"where": ".".join(_word(step) for step in one["loc"]), "what": str(one["type"])}
        for one in found
    ]
    return Problem(Code.INVALID, fields=fields).response()


def _word(step: object) -> str:
    """Name a step on the way to a value; a key that was sent is shortened and made printable."""
    text = str(step)[:60]
    return "".join(char if char.isprintable() else "?" for char in text)
