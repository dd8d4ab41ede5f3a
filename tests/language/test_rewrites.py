from pathlib import Path

import pytest

from gnothi.core.errors import ArtifactError
from gnothi.core.risk import Risk
from gnothi.language.rewrites import FILE, Rewrite, RewriteTable, write_table

OWN = Rewrite("play wow", "play wow by kate bush", person="ana")
EVERYBODY = Rewrite("play wow", "play wow by post malone", evidence={"turns": 40, "people": 12})


def test_a_person_s_own_rewrite_goes_first() -> None:
    """The song of 1978 for her, the hit for him, and for a guest."""
    table = RewriteTable([EVERYBODY, OWN])
    targets = [
        found.target for who in ("ana", "ben", None) if (found := table.look_up("Play Wow!", who))
    ]
    assert targets == [OWN.target, EVERYBODY.target, EVERYBODY.target]


def test_spelling_makes_no_difference() -> None:
    """Case, fillers, signs and contractions are not part of the key."""
    table = RewriteTable([Rewrite("what is on", "what is on the list")])
    assert table.look_up("um, What's on?", None)
    assert not table.look_up("what is on tv", None)


def test_the_file_is_the_same_in_whatever_order(tmp_path: Path) -> None:
    """And comes back as it was written."""
    assert write_table([EVERYBODY, OWN]) == write_table([OWN, EVERYBODY])
    (tmp_path / FILE).write_bytes(write_table([EVERYBODY, OWN]))
    assert {one.id for one in RewriteTable.load(tmp_path)} == {OWN.id, EVERYBODY.id}
    found = RewriteTable.load(tmp_path).look_up("play wow", None)
    assert found and found.evidence == EVERYBODY.evidence and found.risk is Risk.FREE


@pytest.mark.parametrize("content", ["", "{}", '{"rewrites": [{"from": "a"}]}', "[1]"])
def test_a_damaged_table_is_refused(tmp_path: Path, content: str) -> None:
    """With an error that says where."""
    (tmp_path / FILE).write_text(content)
    with pytest.raises(ArtifactError, match=tmp_path.name):
        RewriteTable.load(tmp_path)
