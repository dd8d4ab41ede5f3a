"""The steps of ``gnothi speech setup``, each of which can be taken alone."""

import json
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console

from gnothi.cli.speech_shown import Downloads, Level, catalogue_lines, results
from gnothi.core.errors import GnothiError, InputError

if TYPE_CHECKING:
    from gnothi.core.hearing import Hints, Samples
    from gnothi.speech.catalogue import Download, Model
    from gnothi.speech.fetch import Fetched
    from gnothi.speech.measuring import Advice, Measured, Recording
    from gnothi.speech.microphone import Microphone
    from gnothi.speech.shelf import Kept

USUAL = "usual"
"""Written where nobody in particular is chosen."""
SEED = 0
_RECITED = 20
"""How many sentences machines say."""
_TRIAL_S = 3.0


class Steps:
    """The steps, each of which can be taken alone; tells what it does in sentences or in JSON."""

    def __init__(self, home: Path | None, *, says_yes: bool, as_json: bool) -> None:
        """Work for this installation, and for the household that lives in *home*."""
        from gnothi.core.settings import Settings
        from gnothi.serve.household import HOME_FILE
        from gnothi.speech.shelf import Shelf

        self._settings = Settings.from_environment()
        kept = self._settings.folder / HOME_FILE
        self._home = home or (kept if kept.is_file() else None)
        self.shelf = Shelf()
        self._says_yes = says_yes
        self._as_json = as_json
        self._problems: dict[str, str] = {}
        self._out = Console(highlight=False, soft_wrap=False)
        self.aside = Console(stderr=True, highlight=False)
        """Where it is shown how far something is."""

    @property
    def can_ask(self) -> bool:
        """Whether somebody sits there who can answer."""
        return sys.stdin.isatty() and not (self._says_yes or self._as_json)

    def current(self) -> str:
        """Return who listens now; empty for nobody."""
        from gnothi.speech.backends import usual

        return self._settings.recogniser or usual()

    def list_models(self, *, with_numbers: bool = False) -> "list[Model]":
        """Tell which models can be fetched, and which are here; return them in their order."""
        from gnothi.speech.backends import backends
        from gnothi.speech.catalogue import catalogue

        lacks = {one.name: one.lacks() for one in backends()}
        here = {one.name: one for one in self.shelf.models()}
        models = list(catalogue())
        if self._as_json:
            for one in models:
                self._tell(_listed(one, is_here=one.name in here, lacks=lacks[one.backend]))
            for one in here.values():
                if one.name not in {model.name for model in models}:
                    self._tell(_own(one, lacks.get(one.backend, "")))
            return models
        self.say("Models that can be fetched", "bold")
        for line, style in catalogue_lines(models, here, lacks, with_numbers=with_numbers):
            self.say(line, style)
        self.say("")
        for one in here.values():
            if one.name not in {model.name for model in models}:
                self.say(f"✔ {one.choice}, your own, from {one.source}")
        self.say(
            "Speed is what to expect on a small computer; setup measures it. Sizes are what is "
            "fetched.",
            "dim",
        )
        if not with_numbers:
            self.say("gnothi speech setup --get NAME fetches one.")
        return models

    def get(self, model: "Model") -> None:
        """Fetch *model*, unless it is here already, and try it out."""
        if self.shelf.find(model.name):
            self.shelf.place(model.name)
            self._tell({"did": "get", "name": model.name, "was_here": True})
            self.say(f"✔ {model.name} is here already, and is as it was fetched.")
            return
        megabytes = "" if model.bytes is None else f" ({model.bytes / 1e6:.0f} MB)"
        host = model.files[0].host
        licence = f"; its licence is {model.licence}" if model.licence else ""
        self.say(f"{model.name}{megabytes} comes from {host}{licence}.")
        with Downloads(self.aside, is_quiet=self._as_json) as progress:

            def agree(download: "Download", found: "Fetched") -> bool:
                progress.pause()
                return self._agree(download, found)

            kept = self.shelf.get(model, agree=agree, telling=progress.telling)
        self._arrived(kept, model)

    def take(self, place: str, backend: str | None, name: str | None, sha256: str | None) -> None:
        """Take a model of the person's own from an address, a file, an archive or a folder."""
        from gnothi.speech.backends import MODEL, backends
        from gnothi.speech.catalogue import Download, Model

        known = [one.name for one in backends() if one.where == MODEL]
        if backend not in known:
            raise InputError(f"Say who opens this model: --as {' or --as '.join(known)}.")
        is_address = place.startswith(("http://", "https://"))
        download = Download(place, None, sha256.lower() if sha256 else None)
        plain = download.name if is_address else Path(place).resolve().name
        called = name or _plain_name(plain)
        model = Model(called, backend, (download,))
        if is_address:
            self.get(model)
            return
        if sha256:
            raise InputError(
                "--sha256 is for what is fetched; what is here already is taken as is."
            )
        self._arrived(self.shelf.take(Path(place).expanduser(), model), model)

    def _arrived(self, kept: "Kept", model: "Model") -> None:
        from gnothi.speech.backends import backends

        lacks = next(one.lacks() for one in backends() if one.name == kept.backend)
        problem = lacks or self._tried(kept.choice)
        self._tell(
            {"did": "get", "name": kept.name, "choice": kept.choice, "problem": problem}
            | {"files": dict(kept.files), "source": kept.source, "hashes": model.source}
        )
        if lacks:
            self.say(f"✔ {kept.name} is here, but can't be opened yet. {lacks}")
        elif problem:
            self.say(
                f"✘ {kept.name} is here, but does not work: {problem}\n"
                f"  gnothi speech setup --remove {kept.name} takes it away again."
            )
        else:
            self.say(f"✔ {kept.name} is here, and works: {kept.choice}")

    def _agree(self, download: "Download", found: "Fetched") -> bool:
        """Ask about a file of which nobody published what it must be."""
        self.say(
            f"Nobody published what {download.name} must be, so that it can't be checked. What "
            f"came from {download.host} has {found.bytes} bytes and this sha256:"
        )
        self.say(found.sha256, "bold")
        self.say(
            "A model that somebody forged can take this machine over. If you agree, this hash is "
            "remembered, and the same address must give the same file from then on."
        )
        return self._asked(
            "Do you trust this file?",
            otherwise="give --sha256 with what its publisher says, or --yes to trust it.",
        )

    def remove(self, name: str) -> None:
        """Take a model away."""
        self.shelf.remove(name)
        self._tell({"did": "remove", "name": name})
        self.say(f"{name} is gone.")
        if self._settings.recogniser.partition(":")[2] == name:
            self.choose(USUAL)

    def try_microphone(self) -> "Microphone | None":
        """Listen for a moment, say what comes, and recognise it; return what can be used."""
        from gnothi.speech.microphone import listen, open_microphone

        try:
            microphone = open_microphone()
            self.say(f"Say something for {_TRIAL_S:.0f} seconds, to {microphone.about}:")
            with Level(self.aside, is_quiet=self._as_json) as meter:
                trial = listen(microphone, _TRIAL_S, level=meter.show)
        except GnothiError as error:
            self._tell({"did": "microphone", "is_good": False, "verdict": str(error)})
            self.say(str(error))
            return None
        told: dict[str, object] = {"did": "microphone", "is_good": trial.is_good}
        self.say(trial.verdict)
        if trial.is_good and (current := self.current()):
            text = self._heard(trial.samples, current)
            told |= {"recogniser": current, "text": text}
            self.say(f"{current} understood: {text or '(nothing)'}", "bold")
        self._tell({**told, "verdict": trial.verdict})
        return microphone if trial.is_good else None

    def _heard(self, samples: "Samples", choice: str) -> str:
        from gnothi.speech.backends import open_recogniser

        stream = open_recogniser(choice).open(self.hints())
        stream.accept(samples)
        found = stream.finish()
        stream.close()
        return found[0].text if found else ""

    def hints(self, *, is_dictation: bool = False) -> "Hints":
        """Return what is known of what is said in this home."""
        from gnothi.cli.hear import hints_for

        return hints_for(self._home, is_dictation=is_dictation)

    def recorded(self, folder: Path) -> "tuple[list[Recording], str]":
        """Return the recordings in *folder*, and what they are, as a sentence goes on."""
        from gnothi.cli.speech import recordings

        found = list(recordings(folder))
        return found, f"on your {len(found)} recordings"

    def recited(self) -> "tuple[list[Recording], str]":
        """Have machines' voices say sentences of this home; return what they said.

        Raises:
            InputError: no machine can speak here.
        """
        from random import Random

        import numpy as np

        from gnothi.speech.reciting import recite, sentences, voices

        if not (said_by := voices()):
            raise InputError(
                "Nobody can speak here to measure with: apt-get install espeak-ng or flite, or "
                "record some commands yourself (--recordings FOLDER)."
            )
        texts = sentences(self.hints(), _RECITED, Random(SEED))
        self.say(
            f"{len(texts)} sentences of your home are said by {len(said_by)} machine voices "
            f"({', '.join(said_by)})."
        )
        rng = np.random.default_rng(SEED)
        return list(recite(texts, list(said_by.values()), rng)), (
            f"on {len(texts)} sentences by machines: who hears machines well need not hear you well"
        )

    def measure(
        self, given: "tuple[list[Recording], str]", only: Sequence[str] = ()
    ) -> "list[Measured]":
        """Let *only* these, or all who are ready, hear the recordings; show how well each did."""
        from rich.progress import track

        from gnothi.speech.backends import open_recogniser, ready
        from gnothi.speech.measuring import measure

        recordings, about = given
        found: list[Measured] = []
        hints = self.hints()
        for name in only or ready(self.shelf):
            try:
                found.append(
                    measure(
                        name,
                        open_recogniser(name),
                        hints,
                        recordings,
                        told=lambda given, name=name: track(
                            given, name, console=self.aside, transient=True, disable=self._as_json
                        ),
                    )
                )
            except GnothiError as error:
                self._tell({"did": "measure", "recogniser": name, "problem": str(error)})
                self.say(f"{name} is left out: {error}")
        for one in found:
            self._tell({"did": "measure", **one.told()})
        if not self._as_json:
            self._out.print(results(found, f"{len(recordings)} recordings"))
        if found:
            self._recommend(found, about)
        return found

    def _recommend(self, found: "Sequence[Measured]", about: str) -> "Advice":
        from gnothi.speech.measuring import advise

        advice = advise(found, usual=self.current())
        self._tell(
            {"did": "advise", "choice": advice.choice, "why": list(advice.why), "rests": about}
        )
        self.say(f"Advice: {advice.choice}. {' '.join(advice.why)}", "bold")
        self.say(f"This rests {about}.", "dim")
        if _is_busy():
            self.say("This machine is busy just now: waits are longer than usual.", "yellow")
        return advice

    def offer(self, found: "Sequence[Measured]") -> None:
        """Choose what is advised after *found*, if the person wants that."""
        from gnothi.speech.measuring import advise

        if not found:
            return
        choice = advise(found, usual=self.current()).choice
        if choice == self.current():
            self.say(f"{choice} goes on listening.")
        elif self._asked(f"Shall {choice} listen from now on?", otherwise="say --yes"):
            self.choose(choice)

    def choose(self, choice: str) -> None:
        """Let *choice* listen from now on.

        Raises:
            InputError: it can't be used.
        """
        from gnothi.core.choices import choose
        from gnothi.speech.backends import open_recogniser

        is_usual = choice == USUAL
        if choice.startswith("wyoming:"):
            open_recogniser(choice)  # its service may well be off just now
        elif not is_usual and (problem := self._tried(choice)):
            raise InputError(problem)
        choose(self._settings.folder, "recogniser", "" if is_usual else choice)
        self._settings = type(self._settings).from_environment()
        self._tell({"did": "choose", "choice": "" if is_usual else choice})
        who = self.current() or "nobody"
        self.say(
            f"From now on {who} listens: in gnothi hear at once, in the page after its next start.",
            "bold",
        )
        self.say_how_to_change()

    def say_how_to_change(self) -> None:
        """Say how somebody else can be chosen."""
        if os.environ.get("GNOTHI_RECOGNISER"):
            self.say("GNOTHI_RECOGNISER is set, and goes before what is chosen here.")
        self.say(
            "gnothi speech setup --choose RECOGNISER changes it, --choose usual goes back.", "dim"
        )

    def _tried(self, choice: str) -> str:
        """Return what is wrong with *choice*; tried once, in a process of its own."""
        from gnothi.speech.tryout import tried

        if choice not in self._problems:
            with nullcontext() if self._as_json else self.aside.status(f"Trying {choice} out …"):
                self._problems[choice] = tried(choice)
        return self._problems[choice]

    def _asked(self, question: str, *, otherwise: str) -> bool:
        if self._says_yes:
            return True
        if not self.can_ask:
            raise InputError(f"{question} Nobody is here to answer: {otherwise}")
        return click.confirm(question, default=False)

    def say(self, sentence: str, style: str = "") -> None:
        """Tell a person something."""
        if not self._as_json:
            is_piped = not self._out.is_terminal
            self._out.print(sentence, style=style or None, markup=False, soft_wrap=is_piped)

    def _tell(self, step: Mapping[str, object]) -> None:
        if self._as_json:
            click.echo(json.dumps(step, ensure_ascii=False))


def _is_busy() -> bool:
    """Whether more wants to be computed than there are cores, where that can be known."""
    loads = getattr(os, "getloadavg", lambda: (0.0,))()
    return loads[0] > (os.cpu_count() or 1)


def _listed(model: "Model", *, is_here: bool, lacks: str) -> dict[str, object]:
    return {
        "name": model.name,
        "choice": model.choice,
        "about": model.about,
        "bytes": model.bytes,
        "languages": list(model.languages),
        "licence": model.licence,
        "speed": model.speed,
        "is_here": is_here,
        "lacks": lacks,
        "files": [{"url": one.url, "sha256": one.sha256} for one in model.files],
        "source": model.source,
    }


def _own(kept: "Kept", lacks: str) -> dict[str, object]:
    return {
        "name": kept.name,
        "choice": kept.choice,
        "is_here": True,
        "lacks": lacks,
        "source": kept.source,
        "files": dict(kept.files),
    }


def _plain_name(file: str) -> str:
    """Return what a model is called after its file or folder."""
    from gnothi.speech.unpack import ENDINGS

    plain = file.lower()
    for ending in (*ENDINGS, ".bin"):
        plain = plain.removesuffix(ending)
    kept = "".join(
        one if one.isascii() and (one.isalnum() or one in ".-_") else "-" for one in plain
    )
    return kept.strip(".-_") or "own"
