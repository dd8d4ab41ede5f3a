"""The sentences in which a report says what the log told."""

from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from fluent.runtime import FluentBundle, FluentResource

from gnothi.core.acting import Act

if TYPE_CHECKING:
    from gnothi.policy.report import Judged, Report

_SHARES = {"share"}
_BESIDE = {"policy-untried", "policy-dominated"}
"""Reasons whose limit is a share, too."""


@cache
def _bundle(language: str = "en") -> FluentBundle:
    text = resources.files("gnothi.policy").joinpath(f"{language}.ftl").read_text(encoding="utf-8")
    bundle = FluentBundle([language], use_isolating=False)
    bundle.add_resource(FluentResource(text))
    return bundle


def say(act: Act) -> str:
    """Return the sentence of *act*; shares are in per cent, other numbers in three digits."""
    pattern = _bundle().get_message(act.key).value
    assert pattern is not None
    shares = {*_SHARES, "limit"} if act.key in _BESIDE else _SHARES
    values = {
        name: _short(value, share=name in shares) if isinstance(value, float) else value
        for name, value in act.values.items()
    }
    text, _errors = _bundle().format_pattern(pattern, values)
    return str(text)


def tell(report: "Report") -> Iterator[str]:
    """Yield the lines of a report."""
    interval = report.logged_interval
    counts = {"decisions": report.decisions, "episodes": report.episodes, "people": report.people}
    ends = {"value": report.logged, "low": interval.low, "high": interval.high}
    yield say(Act("policy-log", {**counts, **ends}))
    if report.assumed:
        yield say(
            Act("policy-bounds-assumed", dict(zip(("low", "high"), report.bounds, strict=True)))
        )
    for one in report.policies:
        yield ""
        yield from _policy(one, report.episodes)
    yield ""
    best = report.recommended
    yield say(Act("policy-recommend", {"name": best.name}) if best else Act("policy-refuse-all"))
    for kind in sorted({one.interval.kind for one in report.policies}):
        yield say(Act(f"policy-interval-{kind}", {"level": 100 * (1 - report.alpha)}))


def _policy(one: "Judged", episodes: int) -> Iterator[str]:
    values = {
        "name": one.name,
        "value": one.value,
        "low": one.interval.low,
        "high": one.interval.high,
        "gain": f"{one.gain:+.3g}",
        "gainlow": f"{one.gain_interval.low:+.3g}",
        "gainhigh": f"{one.gain_interval.high:+.3g}",
        "effective": f"{one.support.effective:.0f}",
        "episodes": episodes,
    }
    yield say(Act("policy-line", values))
    for reason in one.reasons:
        yield f"  {say(reason)}"
    if not one.support.known:
        yield f"  {say(Act('policy-support-unknown'))}"


def _short(value: float, *, share: bool = False) -> str:
    """Return a number in few digits: what is beyond them is noise."""
    told = 100 * value if share else value
    return f"{told:.0f}" if abs(told) >= 50 else f"{told:.3g}"
