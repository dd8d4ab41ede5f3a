"""Policies of the world ``Guessing``: the one that logs, and fifteen at graded distance from it."""

import numpy as np

from gnothi.policy.logs import Floats, Mask
from gnothi_lab.off_policy.conversations import _CORNERS, SIDES, Policy

FLOOR = 0.02
DISTANCES = (0.1, 0.25, 0.45, 0.7, 1.0)
"""How much of a policy is a style of its own; the rest is what logged."""


def logging_policy(features: Floats, allowed: Mask) -> Floats:
    """Ask first and offer later, softly, and everything now and then."""
    turn = features[:, 2 * SIDES]
    scores = _scores(features, ask=1.2, offer=0.2 + 2.0 * turn, trust=1.2)
    return _softmax(scores, allowed, temperature=1.0, floor=FLOOR)


def _careful(features: Floats, allowed: Mask) -> Floats:
    """Ask about each side before anything is offered."""
    known = features[:, SIDES : 2 * SIDES].sum(1)
    scores = _scores(features, ask=2.0, offer=2.2 * known, trust=2.5)
    return _softmax(scores, allowed, temperature=0.4, floor=0.002)


def _hasty(features: Floats, allowed: Mask) -> Floats:
    """Offer as soon as possible what seems to fit best."""
    scores = _scores(features, ask=0.3, offer=np.full(len(features), 1.5), trust=1.5)
    return _softmax(scores, allowed, temperature=0.4, floor=0.002)


def _heedless(features: Floats, allowed: Mask) -> Floats:
    """Offer anything, without trust in the answers, and ask openly now and then."""
    scores = _scores(features, ask=0.4, offer=np.full(len(features), 1.0), trust=-0.1)
    scores[:, SIDES] += 0.8
    return _softmax(scores, allowed, temperature=0.4, floor=0.002)


STYLES = {"careful": _careful, "hasty": _hasty, "heedless": _heedless}


def targets() -> dict[str, Policy]:
    """Return the fifteen policies by name: each style, mixed with the logging policy."""
    return {
        f"{name} {share:g}": _mixed(style, share)
        for name, style in STYLES.items()
        for share in DISTANCES
    }


def _mixed(style: Policy, share: float) -> Policy:
    def policy(features: Floats, allowed: Mask) -> Floats:
        logged = logging_policy(features, allowed)
        return share * style(features, allowed) + (1 - share) * logged

    return policy


def _scores(features: Floats, *, ask: float, offer: Floats, trust: float) -> Floats:
    belief, sureness = features[:, :SIDES], features[:, SIDES : 2 * SIDES]
    questions = ask * (1 - sureness)
    openly = np.full((len(features), 1), 0.6 * ask)
    offers = offer[:, None] + trust * belief @ _CORNERS.T
    return np.concatenate([questions, openly, offers], axis=1)


def _softmax(scores: Floats, allowed: Mask, *, temperature: float, floor: float) -> Floats:
    raised = np.where(allowed, scores / temperature, -np.inf)
    chances = np.exp(raised - raised.max(1, keepdims=True))
    chances /= chances.sum(1, keepdims=True)
    room = allowed.sum(1, keepdims=True)
    return np.where(allowed, (1 - floor * room) * chances + floor, 0.0)
