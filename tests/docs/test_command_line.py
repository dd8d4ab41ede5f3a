from pathlib import Path

from gnothi.cli.reference import reference

PAGE = Path(__file__).parents[2] / "docs/reference/command-line.md"


def test_the_reference_says_what_the_commands_say() -> None:
    """The page is what ``python -m gnothi.cli.reference`` prints."""
    assert PAGE.read_text() == reference()
