"""The testers' command line: runs of cases, benchmarks, calibration, learning, data sets, kills."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Annotated

import typer

from backends import build
from backends.database import open_database
from desk.directory_demo import own_records
from eval import (
    beir,
    calibrate,
    datasets,
    declining,
    harm,
    import_commands,
    kill,
    learn,
    mood_cost,
    results_commands,
    run_commands,
    vary_commands,
)
from eval.bench import quality_commands, timing_commands
from eval.escalations import escalations
from eval.parts import EveryOption, Parts, SetsArgument, console
from eval.show_declining import calibrated, pairs
from eval.train_mood import training
from eval.workbench import Workbench
from ingest.rehearsal import State, rehearsal
from ingest.store import Store
from rag.assistant import Assistant
from rag.cli import new_app, run
from rag.config import Settings, load
from rag.ports import ChatModel, CustomerDirectory, Embedder, Reranker
from rag.types import Language

app = new_app("Measure: retrieval, declining, speed, ingestion.")
bench = new_app("Benchmarks, each beside a named baseline in the same run.")
for name, command in (quality_commands.COMMANDS | timing_commands.COMMANDS).items():
    bench.command(name, hidden=name == timing_commands.ONE)(command)
app.add_typer(bench, name="bench")
app.command("run")(run_commands.run_cases)
app.command("vary")(vary_commands.vary_cases)
for name, command in results_commands.COMMANDS.items():
    app.command(name)(command)
app.command("import")(import_commands.importing(open_database))
app.command("accept")(import_commands.accept_drafts)
app.command("reject")(import_commands.reject_drafts)
learning = new_app("Learn the numbers of rag/weights.json from labelled questions.")
app.add_typer(learning, name="learn")
app.add_typer(training, name="train")


@app.callback()
def _parts(context: typer.Context) -> None:
    context.obj = Parts(workbench, build.chat_models, build.embedder, rehearsed, build.reranker, assistant, directory)


def workbench(settings: Settings) -> Workbench:
    """The configured embedder and store, for data folders of the benchmark's own."""

    def owned(data: Path, embedder: Embedder) -> Store:
        chosen = settings.model_copy(update={"paths": settings.paths.model_copy(update={"data": data})})
        return Store(open_database(data), embedder, data, *build.vector_index(chosen))

    def beside(data: Path, embedder: Embedder) -> Store:
        return Store(open_database(data), embedder, data, *build.memory_index())

    return Workbench(settings, build.embedder(settings, console.print), build.token_counter(), owned, beside)


def rehearsed(bench: Workbench, state: State) -> AbstractContextManager[Store]:
    """A copy of the configured store in this state, with vectors in memory."""
    return rehearsal(bench.settings.paths.data, open_database, bench.embedder, build.memory_index()[0], state)


def assistant(bench: Workbench, store: Store, models: Sequence[ChatModel], reranker: Reranker | None) -> Assistant:
    """The assistant as customers meet it, over `store`."""
    return Assistant(bench.knowledge(store), bench.embedder, models, bench.count, bench.settings, reranker)


def directory(settings: Settings, store: Store) -> CustomerDirectory | None:
    """The company's records, as the chat has them; those in our own database are of the copy that is tested."""
    if settings.customers.backend != "sql":
        return build.crm(settings)
    return own_records(store.engine, settings.customers.demo)


@app.command("calibrate")
def calibrate_confidence(
    sets: SetsArgument = None,
    every: EveryOption = 1,
    wanted: Annotated[float, typer.Option(min=0, max=1, help="Share of the unanswerable that may be answered.")] = 0.2,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show it.")] = False,
    moods: Annotated[
        Path | None, typer.Option(help="Only the cost of thresholds of anger, on these dialogues.")
    ] = None,
) -> None:
    """Fit the confidence in rag/weights.json on half of the documents, and show on the others how far to trust it."""
    if moods:
        mood_cost.show(console, moods)
        return
    chosen = pairs(sets or [])
    with console.status("Asking"):
        examples = declining.collect(workbench(load()), chosen, every)
    fitted = calibrated(console, examples, wanted)
    if not dry_run:
        calibrate.write(fitted)


@app.command()
def dataset(name: str, source: Path, target: Path) -> None:
    """Bring a public data set into the BEIR layout: stackfaq, emanual_tv, cmrc2018, xquad_r_en, xquad_r_zh."""
    made = datasets.convert(name, source, target)
    console.print(f"{len(made.corpus)} documents and {len(made.questions)} queries in {target}")


@learning.callback()
def learning_main() -> None:
    """Learn the numbers of rag/weights.json from labelled questions."""


@learning.command("retrieval")
def learn_weights(
    folders: Annotated[list[Path], typer.Argument(help="Data sets in the BEIR layout; each language learns from its.")],
    every: Annotated[int, typer.Option(min=1, help="Use each n-th question.")] = 1,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only print; leave rag/weights.json as it is.")] = False,
) -> None:
    """Learn the weights of the retrieval signals; R@1 as fitted, cross-validated by document, and set by set."""
    parts, sets = workbench(load()), dict[Language, dict[str, learn.Listed]]()
    for folder in folders:
        with console.status(f"Asking {folder.name}"):
            language, some = learn.listed(parts, beir.read(folder), every)
        sets.setdefault(language, {})[folder.name] = some
    for language, of_language in sets.items():
        weights, figures = learn.learn(of_language)
        named = dict(zip(learn.SIGNALS[language], weights.round(3).tolist(), strict=True))
        console.print(language, named if dry_run else learn.write(language, weights))
        for name, row in figures.items():
            console.print(f"  {name}: " + ", ".join(f"R@1 {what} {value:.3f}" for what, value in row.items()))


@app.command("kill")
def kill_sync(
    rounds: Annotated[int, typer.Option(min=0, help="Kills at random moments.")] = 50,
    phases: Annotated[bool, typer.Option("--phases", help="Kills at each phase of a run.")] = False,
    pairs: Annotated[int, typer.Option(min=0, help="Two runs at once.")] = 0,
    rewrites: Annotated[int, typer.Option(min=0, help="A file rewritten so often while it is read.")] = 0,
    disk: Annotated[bool, typer.Option("--disk", help="A full disk; for the superuser.")] = False,
    escalated: Annotated[int, typer.Option("--escalations", min=0, help="Instead: customers handed over.")] = 0,
    seed: Annotated[int, typer.Option(help="The same seed draws the same moments.")] = 1,
) -> None:
    """kill -9 and worse during `ingest sync`, or while customers are handed over. Exit code 1 if anything was not whole."""
    if escalated:
        raise typer.Exit(1 if _escalations(escalated, seed) else 0)
    bench, failures = workbench(load()), 0
    with tempfile.TemporaryDirectory() as scratch:
        setting, data = kill.set_up(bench, Path(scratch)), Path(scratch, "round")
        harms = {
            "random moments": kill.random_moments(setting, data, rounds, seed) if rounds else None,
            "phases": kill.every_phase(setting, data) if phases else None,
            "pairs": harm.pairs(setting, data, pairs, seed) if pairs else None,
            "rewrites": harm.rewrites(bench, Path(scratch, "rewrites"), rewrites, seed) if rewrites else None,
            "full disk": harm.full_disk(setting, Path(scratch, "disk")) if disk else None,
        }
        for name, reports in harms.items():
            failures += _told(name, reports) if reports else 0
    raise typer.Exit(1 if failures else 0)


def _escalations(number: int, seed: int) -> int:
    with tempfile.TemporaryDirectory() as scratch:
        engine = open_database(Path(scratch))
        failures = _told(f"{number} escalations", escalations(engine, Path(scratch), number, seed))
        engine.dispose()
    return failures


def _told(name: str, reports: Iterator[kill.Report]) -> int:
    """Show how far it is, then what it came to; how many problems there were."""
    report = kill.Report()
    with console.status(name) as bar:
        for report in reports:
            bar.update(f"{name}: {report.rounds} rounds, {len(report.problems)} problems")
    for phase, number in sorted(report.phases.items()):
        console.print(f"{number:4} {phase}", highlight=False)
    for problem in report.problems:
        console.print(problem, style="red", soft_wrap=True, markup=False)
    console.print(
        f"{name}: {report.rounds} rounds, {report.kills} kills within {report.seconds:.1f} s, "
        f"failures {len(report.problems)}"
    )
    return len(report.problems)


if __name__ == "__main__":
    run(app)
