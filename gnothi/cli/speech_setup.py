"""``gnothi speech setup``: from nobody who listens to somebody who was tried and chosen."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import click

from gnothi.cli.speech_shown import Level
from gnothi.cli.speech_steps import SEED, USUAL, Steps
from gnothi.core.errors import GnothiError, InputError

if TYPE_CHECKING:
    from gnothi.speech.catalogue import Model
    from gnothi.speech.measuring import Measured, Recording
    from gnothi.speech.microphone import Microphone

_READ = 5
"""How many sentences a person reads."""
_READING_S = (1.5, 0.5)
"""Seconds to begin reading, and for each word."""


@click.command()
@click.option("--list", "shall_list", is_flag=True, help="List what is here and can be fetched.")
@click.option("--get", multiple=True, metavar="NAME", help="Fetch this model; repeat for more.")
@click.option("--from", "place", metavar="URL|PATH", help="Take a model from there; see --as.")
@click.option("--as", "opener", metavar="RECOGNISER", help="Who opens the model of --from.")
@click.option("--name", help="What to call the model of --from; else as its file.")
@click.option("--sha256", metavar="HEX", help="What the file of --from must be.")
@click.option("--remove", multiple=True, metavar="NAME", help="Take a fetched model away.")
@click.option("--microphone", is_flag=True, help="Try the microphone.")
@click.option("--measure", is_flag=True, help="Measure who hears best, with machines' voices.")
@click.option(
    "--recordings",
    type=click.Path(path_type=Path),
    help="Measure with recordings, as gnothi speech measure.",
)
@click.option("--backend", multiple=True, help="Measure only this recogniser; repeat for more.")
@click.option("--choose", metavar="RECOGNISER", help="Who listens from now on; or: usual.")
@click.option("--home", type=click.Path(path_type=Path), help="A home file; else the household's.")
@click.option("--yes", is_flag=True, help="Answer every question with yes.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for each step.")
def setup(
    *,
    shall_list: bool,
    get: tuple[str, ...],
    place: str | None,
    opener: str | None,
    name: str | None,
    sha256: str | None,
    remove: tuple[str, ...],
    microphone: bool,
    measure: bool,
    recordings: Path | None,
    backend: tuple[str, ...],
    choose: str | None,
    home: Path | None,
    yes: bool,
    as_json: bool,
) -> None:
    """Choose who listens: fetch models, try the microphone, measure, decide.

    Without options it asks, step by step; with options it does just these steps.
    """
    from gnothi.speech.catalogue import find

    _check(
        (any((opener, name, sha256)), place, "--as, --name, --sha256 tell of what --from names."),
        (backend, measure or recordings, "--backend says whom to measure: add --measure."),
    )
    steps = Steps(home, says_yes=yes, as_json=as_json)
    has_steps = any((get, place, remove, microphone, measure, recordings, choose))
    if shall_list or not (has_steps or steps.can_ask):
        steps.list_models()
    elif not has_steps:
        Guide(steps).go()
        return
    wanted = [find(one) for one in get]
    for one in remove:
        steps.remove(one)
    for model in wanted:
        steps.get(model)
    if place is not None:
        steps.take(place, opener, name, sha256)
    if microphone:
        steps.try_microphone()
    if choose is not None:
        steps.choose(choose)
    if measure or recordings:
        given = steps.recorded(recordings) if recordings else steps.recited()
        found = steps.measure(given, backend)
        if choose is None and (yes or steps.can_ask):
            steps.offer(found)


def _check(*rules: tuple[object, object, str]) -> None:
    """Refuse what is given without what it is about, with a sentence.

    Raises:
        InputError: so it is.
    """
    for given, about, sentence in rules:
        if given and not about:
            raise InputError(sentence)


class Guide:
    """Leads somebody who sits there through all steps."""

    def __init__(self, steps: Steps) -> None:
        """Take *steps* as the person wants them."""
        self._steps = steps

    def go(self) -> None:
        """Explain, fetch, try the microphone, measure, decide."""
        self._explain()
        for model in _picked(self._steps.list_models(with_numbers=True)):
            self._guarded(lambda model=model: self._steps.get(model))
        self._steps.say("\nThe microphone", "bold")
        wants = click.confirm("Try the microphone now?", default=True)
        microphone = self._steps.try_microphone() if wants else None
        self._steps.say("\nWho hears best here?", "bold")
        self._decide(self._measured(microphone))

    def _explain(self) -> None:
        say = self._steps.say
        say("Who listens to you?", "bold")
        say(
            "A recogniser turns what you say into words. There are three kinds:\n"
            "- for commands, with the names of your home, and nothing to fetch: gnothi, which is\n"
            "  here, and pocketsphinx (pip install 'gnothi[pocketsphinx]');\n"
            "- for anything that you say, with a model that is fetched once: moonshine,\n"
            "  sherpa-onnx, whisper.cpp and faster-whisper;\n"
            "- any speech service in your network that speaks Wyoming.\n"
            "Except with Wyoming, nothing that you say leaves this machine.\n"
        )
        say(f"Now listens: {self._steps.current() or 'nobody'}\n", "bold")

    def _measured(self, microphone: "Microphone | None") -> "list[Measured]":
        question = f"Read {_READ} sentences aloud, so that I can measure who hears you best?"
        if microphone and click.confirm(question, default=True):
            given = self._read_aloud(microphone)
            if given[0]:
                return self._steps.measure(given)
        question = "Shall machines' voices say sentences of your home, to measure with?"
        if not click.confirm(question, default=True):
            return []
        try:
            return self._steps.measure(self._steps.recited())
        except GnothiError as error:
            self._steps.say(str(error))
            return []

    def _read_aloud(self, microphone: "Microphone") -> "tuple[list[Recording], str]":
        from gnothi.speech.measuring import Recording
        from gnothi.speech.microphone import listen
        from gnothi.speech.reciting import sentences

        found: list[Recording] = []
        texts = sentences(self._steps.hints(), _READ, Random(SEED))
        self._steps.say("Press Enter, and read the sentence aloud, as you would say it at home.")
        for number, text in enumerate(texts, 1):
            click.prompt(
                f"{number} of {len(texts)}:  {text}  ",
                prompt_suffix="",
                default="",
                show_default=False,
            )
            seconds = _READING_S[0] + _READING_S[1] * len(text.split())
            with Level(self._steps.aside, is_quiet=False) as meter:
                trial = listen(microphone, seconds, level=meter.show)
            if trial.is_good:
                found.append(Recording(text, trial.samples))
            else:
                self._steps.say(f"{trial.verdict} This sentence is left out.")
        return found, f"on {len(found)} sentences that you read; nothing of them is kept"

    def _decide(self, found: "Sequence[Measured]") -> None:
        from gnothi.speech.backends import ready
        from gnothi.speech.measuring import advise

        current = self._steps.current()
        advised = advise(found, usual=current).choice if found else current
        self._steps.say("\nWho shall listen?", "bold")
        names = (*ready(self._steps.shelf), "wyoming:tcp://HOST:PORT", USUAL)
        self._steps.say(f"There are: {', '.join(names)}")
        while True:
            choice = click.prompt("From now on", default=advised or USUAL)
            if choice == current:
                self._steps.say(f"{current} goes on listening.")
                self._steps.say_how_to_change()
                return
            try:
                self._steps.choose(choice)
                return
            except GnothiError as error:
                self._steps.say(str(error))

    def _guarded(self, step: Callable[[], None]) -> None:
        """Take a *step* that may fail without ending the rest."""
        try:
            step()
        except GnothiError as error:
            self._steps.say(f"✘ {error}")


def _picked(models: "Sequence[Model]") -> "Iterator[Model]":
    """Ask which of *models* shall be fetched; numbers, names, or nothing."""
    by_name = {one.name: one for one in models}
    while True:
        answer = click.prompt(
            "Which shall be fetched? Numbers or names; Enter for none",
            default="",
            show_default=False,
        )
        wanted: list[Model] = []
        wrong = ""
        for word in answer.replace(",", " ").split():
            if word.isdecimal() and 0 < int(word) <= len(models):
                wanted.append(models[int(word) - 1])
            elif word in by_name:
                wanted.append(by_name[word])
            else:
                wrong = word
        if not wrong:
            yield from dict.fromkeys(wanted)
            return
        click.echo(f"There is no '{wrong}' in the list.")
