"""What the network is trained on."""

import math

import pytest

from gnothi_train.language.corpora import _thinned, values_touch
from gnothi_train.language.examples import Example, Span


def test_what_an_epoch_thins_is_known() -> None:
    """An intent that half as many of the sentences have as among what people ask is told so."""
    asked = [Example("what's new", "news_query")] * 2 + [
        Example("lights on", "iot_hue_lighton")
    ] * 2
    taught = [*asked, *[Example("open the blinds", "iot_open")] * 2]
    taught += [Example("light", "iot_hue_lighton")] * 2

    thinned = _thinned(taught, asked)

    assert thinned == {"news_query": pytest.approx(math.log(0.5 / 0.25))}


def test_nothing_is_thinned_where_nothing_is_added() -> None:
    """Training on just what people ask needs no correction."""
    asked = [Example("what's new", "news_query"), Example("lights on", "iot_hue_lighton")]
    assert _thinned(asked, asked) == {}


def test_values_that_touch_are_found() -> None:
    """Two cities side by side are two values; a day and a time are not of one slot."""
    cities = Example("boston denver", "flight", (Span("city", 0, 6), Span("city", 7, 13)))
    moment = Example("monday noon", "alarm_set", (Span("date", 0, 6), Span("time", 7, 11)))
    assert values_touch([cities, moment])
    assert not values_touch([moment])
