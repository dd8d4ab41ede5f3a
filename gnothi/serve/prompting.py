"""Which questions are good, as the page and the command line tell it."""

from gnothi.core.acting import Act
from gnothi.core.plain import Json, plain
from gnothi.learning.prompting import Finding
from gnothi.serve.sentences import learning_sentence


def sentences(found: Finding) -> list[str]:
    """Return why the gate said yes or no, and what questions are worth."""
    seen = found.evidence
    values = {
        "before": seen.live.value,
        "beforelow": seen.live.low,
        "beforehigh": seen.live.high,
        "after": seen.candidate.value,
        "afterlow": seen.candidate.low,
        "afterhigh": seen.candidate.high,
    }
    return [learning_sentence(act) for act in (*found.reasons, Act("prompts-worth", values))]


def told(found: Finding) -> dict[str, Json]:
    """Return what the last comparison said, as the API and ``--json`` give it."""
    seen = found.evidence
    return {
        "at": found.at.isoformat(),
        "version": found.version,
        "phase": found.phase.value,
        "sentences": list(sentences(found)),
        "talks": seen.talks,
        "decisions": seen.decisions,
        "effective": seen.effective,
        "tried": found.tried,
        "needed": found.needed,
        "live": plain(seen.live),
        "candidate": plain(seen.candidate),
        "gain": plain(seen.gain),
        "asked": [
            {"act": name, "live": now, "candidate": then}
            for name, (now, then) in sorted(seen.asked.items(), key=lambda one: -max(one[1]))
        ],
    }
