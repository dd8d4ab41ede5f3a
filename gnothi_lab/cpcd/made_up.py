"""A few conversations in the shape of CPCD, made up: for quick runs and tests."""

from typing import Any, TypeAlias

_Talk: TypeAlias = tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]
_TALKS: tuple[_Talk, ...] = (
    (
        ("I'd like some jazz for dinner", ("Miles Davis", "Nina Simone"), ()),
        ("Lovely! Can you add some Ella Fitzgerald?", ("Ella Fitzgerald",), ("Kenny G",)),
    ),
    (
        ("hello", (), ()),
        ("some heavy metal please", ("Metallica", "Slayer"), ()),
        ("nice, more Iron Maiden", ("Iron Maiden",), ()),
    ),
    (
        ("something by the Made-Up Marmots", ("The Made-Up Marmots",), ()),
        ("now reggae", ("Bob Marley",), ("Slayer",)),
    ),
    (("I want country songs, maybe Dolly Parton", ("Dolly Parton", "Johnny Cash"), ()),),
)


def dialogues() -> list[dict[str, Any]]:
    """Return the conversations as the data set's file has them."""
    return [_dialogue(number, talk) for number, talk in enumerate(_TALKS)]


def _dialogue(number: int, talk: _Talk) -> dict[str, Any]:
    artists = dict.fromkeys(name for _, liked, disliked in talk for name in (*liked, *disliked))
    return {
        "id": f"{number:016x}",
        "turns": [
            {"user_query": text, "liked_results": list(liked), "disliked_results": list(disliked)}
            for text, liked, disliked in talk
        ],
        "tracks": {
            name: {"track_titles": f"The song of {name}", "track_artists": [name]}
            for name in artists
        },
    }
