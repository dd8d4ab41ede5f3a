"""Recognisers are chosen by name, and what they lack is told."""

import json
from hashlib import sha256
from pathlib import Path

import pytest

from gnothi.core.errors import InputError
from gnothi.speech import backends, reranking
from gnothi.speech.backends import Backend, open_recogniser
from gnothi.speech.wyoming import WyomingRecogniser


def test_a_judge_of_sentences_that_does_not_fit_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Weights for another language model: what is heard stays in the order of the search."""
    told = json.loads((reranking.SHIPPED / reranking.FILE).read_bytes()) | {"encoder": "other@1"}
    content = json.dumps(told).encode()
    card = json.loads((reranking.SHIPPED / "card.json").read_bytes())
    card["files"] = {reranking.FILE: sha256(content).hexdigest()}
    (tmp_path / reranking.FILE).write_bytes(content)
    (tmp_path / "card.json").write_text(json.dumps(card))
    monkeypatch.setattr(reranking, "SHIPPED", tmp_path)
    assert open_recogniser("gnothi").name == "gnothi"
    assert "not judged once more" in caplog.text


def test_an_address_stands_behind_the_name() -> None:
    """A service is opened at its address, which may have colons itself."""
    found = open_recogniser("wyoming:tcp://127.0.0.1:10300")
    assert isinstance(found, WyomingRecogniser)
    assert found.address == "tcp://127.0.0.1:10300"


def test_every_recogniser_says_what_it_lacks() -> None:
    """In a whole sentence, or nothing; names are unique."""
    found = backends.backends()
    assert len({one.name for one in found}) == len(found)
    assert all(one.lacks() == "" or len(one.lacks().split()) > 3 for one in found)


def test_without_a_choice_the_first_that_is_there_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """pocketsphinx, else ours; where there is neither, a sentence says how to get one."""

    def lacking(*names: str) -> tuple[Backend, ...]:
        opened = {name: WyomingRecogniser(f"tcp://{name}:1") for name in backends.ORDER}
        return tuple(
            Backend(
                name,
                "It hears.",
                lambda name=name: "It is not here." if name in names else "",
                lambda where, name=name: opened[name],
            )
            for name in reversed(backends.ORDER)
        )

    first, second = "pocketsphinx", "gnothi"
    for missing, expected in (((), f"tcp://{first}:1"), ((first,), f"tcp://{second}:1")):
        monkeypatch.setattr(backends, "backends", lambda missing=missing: lacking(*missing))
        found = open_recogniser()
        assert isinstance(found, WyomingRecogniser)
        assert found.address == expected
    monkeypatch.setattr(backends, "backends", lambda: lacking(*backends.ORDER))
    with pytest.raises(InputError, match="pip install"):
        open_recogniser()
    with pytest.raises(InputError, match="not here"):
        open_recogniser("pocketsphinx")
