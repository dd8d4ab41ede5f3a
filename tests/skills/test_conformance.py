"""Every built-in skill passes the checks that authors run, and the checks find what is wrong."""

import textwrap
from pathlib import Path

import pytest

from gnothi.skills.skillset import BUILTIN, SkillSet, load_skill
from gnothi.testing.skills import check

FOLDERS = sorted(path.parent for path in BUILTIN.glob("*/skill.toml"))

SKILL = """
    name = "bell"
    title = "Bell"
    examples = ["ring the bell twice"]

    [types.bell]
    values = ["doorbell", "church bell"]
    synonyms = { "church bell" = ["big bell"] }

    [[api]]
    name = "ring"
    intents = ["bell_ring"]
    samples = ["ring the {bell} {times: two} times"]
    [api.arguments.bell]
    type = "bell"
    slots = ["bell"]
    required = true
    ask = "bell-ask"
    [api.arguments.times]
    type = "number"
    slots = ["times"]

    [[dialogues]]
    title = "Which bell?"
    [[dialogues.turns]]
    user = "ring"
    intent = "bell_ring"
    assistant = "bell-ask"
    [[dialogues.turns]]
    user = "the big bell"
    call = "ring"
    arguments = { bell = "church bell" }
    assistant = "bell-rung"
"""
ACTIONS = """
    from gnothi.core.acting import Act, Outcome, Status


    async def ring(turn, *, bell, times=1.0):
        return Outcome(Status.DONE, (Act("bell-rung", {"bell": bell, "times": times}),))
"""
PACK = """
    bell-ask = Which bell?
    bell-rung = The { $bell } rang { $times } times.
"""


def write(folder: Path, skill: str = SKILL, actions: str = ACTIONS, pack: str = PACK) -> Path:
    """Write a skill as a household would."""
    own = folder / "bell"
    own.mkdir(parents=True, exist_ok=True)
    for name, text in (("skill.toml", skill), ("actions.py", actions), ("en.ftl", pack)):
        (own / name).write_text(textwrap.dedent(text), encoding="utf-8")
    return own


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_built_in_skills_pass(folder: Path) -> None:
    """A built-in skill does what its samples and dialogues say."""
    assert check(folder) == ()


def test_a_household_skill_passes_and_is_used(tmp_path: Path) -> None:
    """A household's own skill passes the checks and serves its intents."""
    folder = write(tmp_path)
    assert check(folder) == ()
    found = SkillSet.load(tmp_path).for_intent("bell_ring")
    assert found is not None and found[0].title == "Bell"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"skill": "name = "}, "bell/skill.toml is no TOML"),
        ({"actions": "import nothing_like_this"}, "bell/actions.py can't be imported"),
        ({"actions": "1 + 'one'"}, "bell/actions.py can't be imported"),
        ({"actions": "def other(): ..."}, "no function 'ring'"),
    ],
)
def test_a_broken_household_skill_is_left_out(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, change: dict[str, str], told: str
) -> None:
    """A mistake in an own skill costs that skill and a line in the log, not the assistant."""
    write(tmp_path, **change)
    skills = SkillSet.load(tmp_path)
    assert {one.name for one in skills} == {folder.name for folder in FOLDERS}
    (problem,) = skills.problems
    assert told in problem
    assert caplog.messages == [f"A skill of the household is left out: {problem}"]


def test_a_household_skill_without_words_is_left_out(tmp_path: Path) -> None:
    """A skill that can't say anything is left out before it is asked to."""
    (write(tmp_path) / "en.ftl").write_bytes(b"\xff")
    assert "bell/en.ftl can't be read" in SkillSet.load(tmp_path).problems[0]
    (tmp_path / "bell" / "en.ftl").unlink()
    assert "en.ftl is missing" in SkillSet.load(tmp_path).problems[0]


def test_a_household_skill_may_have_several_files(tmp_path: Path) -> None:
    """The code of an own skill may import its siblings."""
    folder = write(tmp_path, actions="from .more import ring")
    (folder / "more.py").write_text(textwrap.dedent(ACTIONS), encoding="utf-8")
    assert check(folder) == ()


def test_an_own_skill_comes_before_a_built_in_one(tmp_path: Path) -> None:
    """A household that writes its own timers gets its own timers."""
    write(tmp_path, SKILL.replace("bell_ring", "timer_set"))
    found = SkillSet.load(tmp_path).for_intent("timer_set")
    assert found is not None and found[0].name == "bell"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"pack": "bell-ask = Which bell?"}, "'bell-rung' is missing"),
        ({"pack": "bell-ask = Which?\nbell-rung = Rang { $often }."}, "can't be said"),
        ({"actions": ACTIONS.replace(", times=1.0", "")}, "'times' is not used"),
        ({"actions": ACTIONS.replace("times=1.0", "times=1.0, where")}, "nothing fills 'where'"),
        ({"actions": "def other(): ..."}, "no function 'ring'"),
        ({"actions": "import nothing_like_this"}, "can't be imported"),
        (
            {"skill": SKILL.replace('"church bell" }', '"doorbell" }')},
            "'bell' should be 'doorbell'",
        ),
        ({"skill": SKILL.replace('"bell-rung"', '"bell-ask"')}, "it should say bell-ask"),
        ({"skill": SKILL.replace("{times: two}", "{times: some}")}, "does not fill 'times'"),
        ({"skill": SKILL.replace("{bell}", "{bell")}, "write a slot as {name}"),
        ({"skill": SKILL.replace('ask = "bell-ask"', "")}, "'ask' is missing"),
        ({"skill": SKILL.replace('"number"', '"nummer"')}, "choose one of"),
        ({"skill": SKILL.replace("required", "requird")}, "'requird' is not known here"),
        ({"skill": SKILL.replace('name = "ring"', 'name = "to ring"')}, "must be a Python name"),
        ({"skill": "name = 'bell'"}, "'title' is missing"),
        ({"skill": "name = 'bell'\ntitle = 'Bell'"}, "no [[api]]"),
        ({"skill": "name = "}, "is no TOML"),
        ({"skill": SKILL.replace('"bell_ring"]', "3]")}, "write every entry in quotes"),
        ({"skill": SKILL.replace("intents", 'risk = "high"\nintents')}, "'risk' is 'high'"),
        ({"skill": SKILL.replace("[types.bell]", "[types.number]")}, "is a built-in type"),
        (
            {"skill": SKILL.replace("[api.arg", '[[api.claims]]\nphrases = "x"\n[api.arg', 1)},
            "'intents' or 'follows' or 'always'",
        ),
    ],
)
def test_mistakes_are_told(tmp_path: Path, change: dict[str, str], told: str) -> None:
    """An author's mistake is told in a sentence that names the place."""
    problems = check(write(tmp_path, **change))
    assert any(told in problem and "bell" in problem for problem in problems), problems


def test_catalogues_may_be_files(tmp_path: Path) -> None:
    """A long catalogue lives in a file of the folder, and nowhere else."""
    values = 'values = ["doorbell", "church bell"]'
    folder = write(tmp_path, SKILL.replace(values, 'file = "bells.txt"'))
    (folder / "bells.txt").write_text("doorbell\nchurch bell\n", encoding="utf-8")
    assert [one.value for one in load_skill(folder).types["bell"].entities] == [
        "doorbell",
        "church bell",
    ]
    write(tmp_path, SKILL.replace(values, 'file = "../secret.txt"'))
    (tmp_path / "secret.txt").write_text("x", encoding="utf-8")
    assert any("not in the skill's folder" in problem for problem in check(folder))
