import subprocess
import sys

import pytest

HEAVY = {"torch", "transformers", "tensorflow", "jax", "gnothi_train", "gnothi_lab"}
WHEN_NEEDED = {"cv2", "rapidocr"}


@pytest.mark.parametrize("module", ["gnothi.cli", "gnothi.serve.household", "gnothi.serve.trial"])
def test_serving_is_light(module: str) -> None:
    """A fresh interpreter serves without what trains, and without what reads pictures."""
    code = f"import sys, {module}; print(*sys.modules)"
    loaded = subprocess.check_output([sys.executable, "-c", code], text=True)
    assert (HEAVY | WHEN_NEEDED).isdisjoint(loaded.split())


def test_help_loads_nothing_that_it_does_not_need() -> None:
    """``gnothi --help`` imports neither the network runtime nor the web server."""
    code = "import sys, gnothi.cli; print(*sys.modules)"
    loaded = subprocess.check_output([sys.executable, "-c", code], text=True)
    assert {"onnxruntime", "fastapi", "sqlalchemy", "numpy"}.isdisjoint(loaded.split())
