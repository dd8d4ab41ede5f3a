import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from gnothi.cli import cli

KEYS = {"text", "requests", "out_of_scope", "intent", "domain", "slots", "score"}


def run(*arguments: str, typed: str | bytes | None = None) -> str:
    """Run the command line and return what it prints."""
    result = CliRunner().invoke(cli, arguments, input=typed, catch_exceptions=False)
    return result.output


def lines(output: str) -> list[dict[str, object]]:
    """Return one object for each line."""
    return [json.loads(line) for line in output.splitlines()]


def test_understanding_reads_lines_and_answers_in_order() -> None:
    """One JSON object for each line, with the keys of the contract."""
    typed = "turn on the kitchen light\n\nqwxz vrrp blorg\n"
    first, empty, nonsense = lines(run("understand", "--json", typed=typed))
    assert set(first) == KEYS
    assert first["intent"] == "iot_hue_lighton"
    assert (empty["text"], empty["out_of_scope"]) == ("", True)
    assert (nonsense["intent"], nonsense["slots"]) == (None, [])


def test_slots_stand_where_the_offsets_say() -> None:
    """The value of a slot is the text between its offsets."""
    [answer] = lines(run("understand", "--json", "Set a TIMER for ten minutes!"))
    [slot] = answer["slots"]
    assert answer["text"][slot["start"] : slot["end"]] == slot["value"] == "ten minutes"


def test_asking_changes_only_the_home_of_that_line(tmp_path: Path) -> None:
    """Each line of ``ask`` begins with the home as it was given."""
    home = {
        "name": "Flat",
        "areas": [{"id": "kitchen", "name": "Kitchen"}],
        "devices": [
            {"id": "light.k", "domain": "light", "name": "Lamp", "area": "kitchen", "state": "off"}
        ],
    }
    file = tmp_path / "home.json"
    file.write_text(json.dumps(home))
    typed = [
        {"text": "turn on the kitchen light", "home": str(file)},
        {"text": "turn on the kitchen light", "home": home},
    ]
    answers = lines(run("ask", "--json", typed="\n".join(map(json.dumps, typed))))
    assert [answer["changes"] for answer in answers] == [{"light.k": {"state": "on"}}] * 2


@pytest.mark.parametrize(
    "line", ['{"text": 5}', "{", '{"text": "hi", "home": 3}', '{"text": "hi", "home": "nowhere"}']
)
def test_a_bad_line_spoils_no_other(line: str) -> None:
    """What can't be used is said in place, and the next line is answered."""
    bad, good = lines(run("ask", "--json", typed=f"{line}\nwhat time is it\n"))
    assert "error" in bad
    assert good["reply"]


def test_a_guarded_action_waits_for_confirmation() -> None:
    """Unlocking happens only with ``--confirm``."""
    [waiting] = lines(run("ask", "--json", "unlock the front door"))
    [confirmed] = lines(run("ask", "--json", "--confirm", "unlock the front door"))
    assert [action["status"] for action in waiting["actions"]] == ["needs_confirmation"]
    assert waiting["changes"] == {}
    assert [action["status"] for action in confirmed["actions"]] == ["done"]
    assert confirmed["changes"]["lock.front_door"]["state"] == "unlocked"


def test_the_moment_can_be_given() -> None:
    """``--now`` stands in for the clock."""
    [answer] = lines(run("ask", "--json", "--now", "2026-11-20T08:30:00", "what time is it"))
    assert "8:30" in answer["reply"]
