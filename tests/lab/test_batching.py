"""Loads are measured on a virtual clock with the rules of the product."""

from pathlib import Path

import pytest

from gnothi.speech.batching import Rules
from gnothi.speech.lookahead import Pace
from gnothi_lab.benchmarks.batching import ALONE, Engine, Policy, load, read_clips


@pytest.fixture
def engine(data: Path) -> Engine:
    """Two recorded commands, and what hears them."""
    return Engine(read_clips(data, 2))


def test_alone_means_one_stream_a_call(engine: Engine) -> None:
    """Without batching every call serves one stream; with it, several share one."""
    alone = load(engine, Policy("alone", Pace(2, 4), ALONE), 4, 0.9, seed=0)
    shared = load(engine, Policy("shared", Pace(2, 4), Rules(wait_s=0.05)), 4, 0.9, seed=0)
    assert alone.rows == 1
    assert shared.rows > 1
    # The look-ahead of four frames alone takes this long.
    assert min(alone.latency_s, shared.latency_s) > 0.2
