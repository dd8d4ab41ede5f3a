"""What an outcome depends on, as one hash: pictures, and code without what is said about it."""

import ast
from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from pathlib import Path

import gnothi.vision
import gnothi_lab.sight
from gnothi_lab.sight.teaching.domains import Domain

_JUDGING = (
    *(
        Path(gnothi_lab.sight.__path__[0]) / name
        for name in ("detection.py", "teaching/domains.py")
    ),
    Path(gnothi.vision.__path__[0]) / "boxes.py",
)
"""Draws examples, and counts what was found."""


@cache
def code(paths: tuple[Path, ...]) -> str:
    """Return the hash of the code in *paths* and of what judges it; no comment changes it."""
    bare = "\n".join(_bare(path.read_text(encoding="utf-8")) for path in (*paths, *_JUDGING))
    return sha256(bare.encode()).hexdigest()


def content(domain: Domain) -> str:
    """Return the hash of the pictures and boxes of *domain*, and of how they are parted."""
    told = sha256(repr((domain.names, domain.pool_groups, len(domain.pool))).encode())
    for one in (*domain.pool, *domain.test):
        told.update(repr(one.pixels.shape).encode() + one.pixels.tobytes())
        told.update(one.boxes.tobytes() + one.classes.tobytes())
    return told.hexdigest()


def key(told: object, files: Iterable[Path] = ()) -> str:
    """Return sixteen letters for what is *told* and what is in *files*."""
    mark = sha256(repr(told).encode())
    for path in files:
        mark.update(path.read_bytes())
    return mark.hexdigest()[:16]


def _bare(source: str) -> str:
    """Return *source* without comments and docstrings."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        for body in ("body", "orelse", "finalbody"):
            lines = getattr(node, body, None)
            if isinstance(lines, list):
                setattr(node, body, [one for one in lines if not _said(one)])
    return ast.dump(tree)


def _said(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )
