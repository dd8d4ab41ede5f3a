"""The pages about the API say what it does."""

import re
from pathlib import Path

from fastapi import FastAPI

from gnothi.serve.problems import Code

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "http-api.md"


def test_every_address_is_documented(app: FastAPI) -> None:
    """The reference names every address of the API, and no other."""
    offered = {
        f"{method.upper()} {path}"
        for path, methods in app.openapi()["paths"].items()
        for method in methods
    }
    written = set(re.findall(r"`((?:GET|POST|DELETE) /api/[^`]*)`", PAGE.read_text()))
    assert written == offered


def test_every_refusal_is_documented() -> None:
    """The reference names every code with its status."""
    rows = re.findall(r"^\| (`.*?`) \| (\d{3}) \|", PAGE.read_text(), re.MULTILINE)
    written = {
        (code, int(status)) for codes, status in rows for code in re.findall(r"`(.*?)`", codes)
    }
    assert written == {(code.slug, code.status) for code in Code}
