import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

NOTEBOOKS = sorted((Path(__file__).parents[2] / "docs/notebooks").glob("*.ipynb"))


def _code(notebook: Path) -> list[dict[str, Any]]:
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in cells if cell["cell_type"] == "code"]


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_print_what_they_show(notebook: Path, tmp_path: Path) -> None:
    """Every notebook's code runs in a process of its own, and prints what is saved in it."""
    cells = _code(notebook)
    program = "\n".join("".join(cell["source"]) for cell in cells)
    shown = [line for cell in cells for out in cell["outputs"] for line in out["text"]]
    folders = [str(notebook.parent), *filter(None, [os.environ.get("PYTHONPATH")])]
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(folders), "PYTHONIOENCODING": "utf-8"},
        check=False,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == "".join(shown)


@pytest.mark.parametrize("name", ["rewrites-from-logs", "off-policy"])
def test_a_log_of_ones_own_takes_few_lines(name: str) -> None:
    """From a log to rewrites, or to a policy, and verdicts in under 20 lines."""
    (notebook,) = (path for path in NOTEBOOKS if path.stem == name)
    lines = [line for cell in _code(notebook) for line in cell["source"] if line.strip()]
    assert len(lines) < 20
