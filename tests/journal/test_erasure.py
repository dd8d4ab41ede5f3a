from pathlib import Path

from journal_turns import turn, undo

from gnothi.journal.journal import Journal


def test_an_erased_person_is_gone(journal: Journal) -> None:
    """Turns, signals and own memory go; those of others stay."""
    journal.append_all([turn(1), turn(2, user="ben")])
    journal.attach(turn(1).id, undo())
    memory = journal.store("alarms")
    memory.put("shared", 1)
    memory.of("ana").put("own", 2)
    erasure = journal.erase("ana")
    assert (erasure.turns, erasure.entries) == (1, 1)
    assert journal.recent() == [turn(2, user="ben")]
    assert memory.items() == [("shared", 1)]
    assert memory.of("ana").items() == []


def test_nothing_is_left_in_the_files(tmp_path: Path) -> None:
    """No byte of what an erased person said is left in the database's files."""
    secret = "my diary says xylophone"
    with Journal.open(f"sqlite:///{tmp_path}/journal.sqlite") as journal:
        journal.append_all(turn(number, text=secret, user="zoe-unique") for number in range(50))
        journal.append(turn(99))
        journal.erase("zoe-unique")
        content = b"".join(file.read_bytes() for file in tmp_path.iterdir() if file.is_file())
    assert b"xylophone" not in content
    assert b"zoe-unique" not in content


def test_erasing_a_stranger_changes_nothing(journal: Journal) -> None:
    """Erasing somebody who never spoke is no error."""
    journal.append(turn())
    assert journal.erase("nobody").turns == 0
    assert journal.count() == 1
