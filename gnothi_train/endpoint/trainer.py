"""``gnothi-train endpoint``: hear pauses and ends, fit the arbitrator, and judge what is served."""

import hashlib
import json
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import click
import numpy as np
from rich.progress import track

from gnothi.core.artifact import CARD, Card
from gnothi.core.clock import SystemClock
from gnothi.core.hearing import NO_HINTS, Expected, Hints, Pattern, Recogniser
from gnothi.core.settings import Settings
from gnothi.speech import wording
from gnothi.speech.endpoint.arbitrator import FILE, NAME, SHIPPED, Arbitrator, packed
from gnothi.speech.endpoint.pointer import EndPointer
from gnothi.speech.endpoint.shipped import Latest
from gnothi.speech.streaming import MODEL, StreamingModel, StreamingRecogniser
from gnothi.speech.streaming import SHIPPED as HEARING
from gnothi.speech.voice import STATEMENT, VoiceDetector
from gnothi_train.endpoint import cases, kept
from gnothi_train.endpoint.cases import COMMANDS, READ, Case
from gnothi_train.endpoint.fit import Recipe, Rows, fit
from gnothi_train.endpoint.listen import DICTATION, Listened, listen
from gnothi_train.endpoint.outcome import Judged, judge, levels

LICENCES = {COMMANDS: "Apache-2.0", READ: "CC BY 4.0"}
NOTICES = (
    "Picovoice speech-to-intent-benchmark, Apache-2.0: training clusters of its recordings.",
    "LibriSpeech (Panayotov et al. 2015), CC BY 4.0: speaker 19 of train-clean-100.",
)
SPOKEN = "Synthetic commands of espeak-ng, flite and festival, in recorded room tone and noise."
RECIPE = Recipe()


class Setting:
    """Opens what hears a case, with the hints that a product would have for it."""

    def __init__(self, data: Path, recogniser: Recogniser, encoder: str) -> None:
        """Hear with *recogniser*, whose states are those of *encoder*."""
        told = (data / "speech" / COMMANDS / "corpus.txt").read_text(encoding="utf-8")
        lines = dict.fromkeys(line.strip() for line in told.splitlines() if line.strip())
        self._coffee = Hints(
            patterns=tuple(Pattern(((line,),)) for line in lines), expected=Expected.REQUEST
        )
        self._recogniser = recogniser
        # Nothing is decided while cases are heard, so that it needs no networks yet.
        self._pointer = EndPointer(Arbitrator((), (), encoder), Latest(), encoder=encoder)

    def __call__(self, case: Case) -> tuple[Hints, Recogniser, EndPointer]:
        """Return hints, recogniser and end-pointer for *case*."""
        known = {"command": self._coffee, "read": DICTATION, "synthetic": NO_HINTS}
        return known[case.kind], self._recogniser, self._pointer


def encoder(folder: Path) -> str:
    """Return the hash of the encoder in *folder*."""
    return hashlib.sha256((folder / MODEL).read_bytes()).hexdigest()


def hear(
    part: str,
    data: Path,
    *,
    seed: int,
    store: Path,
    hearing: Path = HEARING,
    synthetic: int = 0,
    jobs: int = 1,
) -> list[Listened]:
    """Return what our recogniser heard of the *part* called so; kept in *store* between runs."""
    path = store / f"{part}-{kept.key(encoder(hearing), seed, synthetic)}.npz"
    if not path.exists():
        found = list(drawn(part, data, VoiceDetector(), seed=seed, synthetic=synthetic))
        heard: list[Listened] = []
        with ProcessPoolExecutor(jobs, get_context("spawn"), _start, (data, hearing)) as pool:
            for some in track(pool.map(_listen, found), f"Hearing: {part}", len(found)):
                heard += some
        kept.write(heard, path)
    return list(kept.read(path))


def drawn(
    part: str, data: Path, detector: VoiceDetector, *, seed: int, synthetic: int = 0
) -> Iterator[Case]:
    """Yield the very cases that are heard of a part; of reading, which is long, every second."""
    rng = np.random.default_rng(seed)
    recordings = (
        cases.synthetic(data, detector, rng, synthetic)
        if synthetic
        else cases.real(part, data, detector)
    )
    for at, recording in enumerate(recordings):
        case = cases.case(recording, rng)
        if case and (case.kind != "read" or at % 2):
            yield case


_worker: list[tuple[Setting, VoiceDetector]] = []
"""What a process that hears has open."""


def _start(data: Path, hearing: Path) -> None:
    recogniser = StreamingRecogniser(StreamingModel(hearing), wording.shipped)
    _worker.append((Setting(data, recogniser, encoder(hearing)), VoiceDetector()))


def _listen(case: Case) -> list[Listened]:
    ((setting, detector),) = _worker
    return list(listen(case, setting, detector))


@click.command()
@click.option("--out", type=click.Path(path_type=Path), default=SHIPPED, help="Folder to write.")
@click.option("--work", type=click.Path(path_type=Path), default=Path("build/endpoint"),
              show_default=True, help="Folder of what was heard; it may be removed.")  # fmt: skip
@click.option("--hearing", type=click.Path(path_type=Path), default=HEARING,
              help="Folder of the recogniser whose states are read.")  # fmt: skip
@click.option("--synthetic", default=0, show_default=True, help="Synthetic commands.")
@click.option("--jobs", default=1, show_default=True, help="Processes that hear.")
@click.option("--seed", default=0, show_default=True)
@click.option("--version", default=None, help="Version on the card; else today's.")
def main(
    *,
    out: Path,
    work: Path,
    hearing: Path,
    synthetic: int,
    jobs: int,
    seed: int,
    version: str | None,
) -> None:
    """Fit the end-pointer's arbitrator to a recogniser, and write the artifact with its card."""
    data = Settings.from_environment().data
    if data is None:
        raise click.UsageError("Set GNOTHI_DATA to the folder of the public data sets.")
    heard = partial(hear, data=data, seed=seed, store=work, hearing=hearing, jobs=jobs)
    train, dev = heard("train"), heard("dev")
    if synthetic:
        train += heard("synthetic", synthetic=synthetic)
    plain = fit(Rows.of(train, with_states=False), seed, RECIPE)
    full = fit(Rows.of(train, with_states=True), seed, RECIPE)
    fitted = Arbitrator(plain, full, encoder(hearing))
    judged = {
        "plain": judge(fitted, dev, with_states=False),
        "full": judge(fitted, dev, with_states=True),
    }
    write(fitted, judged, out)
    figures = {
        f"{name}_{key}": round(value, 4)
        for name, one in judged.items()
        for key, value in one.figures(STATEMENT.sure).items()
    }
    today = f"{SystemClock().now():%Y-%m-%d}.1"
    card = Card(
        name=NAME,
        version=version or today,
        kind="npz",
        files={FILE: hashlib.sha256((out / FILE).read_bytes()).hexdigest()},
        parents=(StreamingModel(hearing).card.label,),
        command=f"gnothi-train endpoint --synthetic {synthetic} --seed {seed}",
        seed=seed,
        data=tuple(_sources(data)),
        figures=figures,
        notices=(
            *NOTICES,
            *((SPOKEN,) if synthetic else ()),
            "Figures: development part, ends and pauses of commands and of reading.",
        ),
    )
    (out / CARD).write_text(json.dumps(asdict(card), indent=1) + "\n", encoding="utf-8")
    click.echo(json.dumps(figures, indent=1))


def write(fitted: Arbitrator, judged: dict[str, Judged], out: Path) -> None:
    """Write the networks, and how strangers fare with them, into the folder *out*."""
    out.mkdir(parents=True, exist_ok=True)
    arrays: dict[str, Any] = {
        f"{name}_{key}": value
        for name, networks in (("plain", fitted.plain), ("full", fitted.full))
        for key, value in packed(networks).items()
    }
    arrays |= {
        f"{name}_levels": np.array(levels(one, STATEMENT.sure), np.float32)
        for name, one in judged.items()
    }
    with (out / FILE).open("wb") as file:
        np.savez_compressed(file, encoder=np.array(fitted.encoder), **arrays)


def _sources(data: Path) -> Iterator[dict[str, str]]:
    for name, licence in LICENCES.items():
        listed = (data / "speech" / name / "transcripts.tsv").read_bytes()
        yield {"name": name, "sha256": hashlib.sha256(listed).hexdigest(), "licence": licence}
