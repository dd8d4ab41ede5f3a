"""The HTTP API, one file for each thing that it is about."""

from gnothi.serve.routes import (
    alarms,
    artifacts,
    backups,
    explanations,
    home,
    journal,
    learning,
    lists,
    metrics,
    pairing,
    people,
    pictures,
    player,
    recordings,
    setup,
    skills,
    things,
    turns,
)

ALL = tuple(
    part.router
    for part in (
        turns,
        pictures,
        things,
        home,
        lists,
        alarms,
        player,
        journal,
        recordings,
        explanations,
        learning,
        people,
        setup,
        backups,
        skills,
        artifacts,
        pairing,
        metrics,
    )
)
"""In the order of their documentation."""
