"""A recogniser tried out in a process of its own, before it may listen in ours.

Native code answers a model that it does not like with the end of the process. Here that is a
sentence.
"""

import json
import signal
import subprocess
import sys

import numpy as np

from gnothi.core.errors import GnothiError
from gnothi.core.hearing import RATE
from gnothi.speech.backends import open_recogniser

_PATIENCE_S = 180.0


def tried(choice: str) -> str:
    """Open the recogniser called *choice* and let it hear a second; return what is wrong, or ''."""
    command = [sys.executable, "-m", "gnothi.speech.tryout", choice]
    try:
        found = subprocess.run(  # noqa: S603 - our own module
            command, capture_output=True, timeout=_PATIENCE_S, check=False, text=True
        )
    except subprocess.TimeoutExpired:
        return (
            f"{choice} did not answer within {_PATIENCE_S:.0f} s: it is too slow for this machine."
        )
    if found.returncode < 0:
        name = signal.Signals(-found.returncode).name
        return f"{choice} breaks down on its model ({name}): it is damaged, or of another version."
    try:
        return str(json.loads(found.stdout.splitlines()[-1])["problem"])
    except (ValueError, LookupError):
        last = (found.stderr.strip().splitlines() or ["it said nothing"])[-1]
        return f"{choice} can't be used: {last}"


def main() -> None:
    """Try the recogniser that is named on the command line, and say what is wrong in JSON."""
    problem = ""
    try:
        stream = open_recogniser(sys.argv[1]).open()
        noise = np.random.default_rng(0).normal(0, 0.01, RATE)
        stream.accept(noise.astype(np.float32))
        stream.finish()
        stream.close()
    except GnothiError as error:
        problem = str(error)
    sys.stdout.write(f"\n{json.dumps({'problem': problem})}\n")


if __name__ == "__main__":
    main()
