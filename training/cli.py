"""Commands of the training floor."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from training.card.cli import card
from training.compare.cli import compare
from training.export.cli import export_sklearn
from training.gate.cli import gate
from training.options import DropConflicts, Renamed

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)

LabelledFiles = Annotated[list[str], typer.Argument(help=".csv, .jsonl (also .gz) or .parquet with labelled posts")]
cues_app = typer.Typer(no_args_is_help=True, help="Try cue files before they go live.")
app.add_typer(cues_app, name="cues")

MODEL = Path("models/current")
Bundle = Annotated[Path, typer.Argument(metavar="DIR", help="directory of the bundle")]


@app.callback()
def commands() -> None:
    """Train and judge classifiers from labelled posts."""


@app.command()
def inspect(
    files: Annotated[
        list[str] | None, typer.Argument(help="labelled posts; none: those that ship with Clarion")
    ] = None,
    checks: Annotated[
        list[str] | None,
        typer.Option("--checks", help="file of texts that posts may not repeat; default: the checks that ship"),
    ] = None,
    topics: Annotated[
        str | None, typer.Option("--topics", help="file of topic words; default: those that ship")
    ] = None,
    words: Annotated[
        str | None, typer.Option("--words", help="also write the words that speak most for each label to this file")
    ] = None,
    json_out: Annotated[str | None, typer.Option("--json", help="also write the findings as JSON to this file")] = None,
    readings: Annotated[
        str | None, typer.Option("--readings", help="file of a second reader's labels, whose agreement is printed")
    ] = None,
) -> None:
    """Look for what is wrong with labelled posts before training on them; exit 1 when a limit is broken."""
    from classifier.terminal import needs

    with needs("training"):
        from training.corpus.run import InspectionJob, inspect_posts
    job = InspectionJob(tuple(files or ()), tuple(checks or ()), topics, words, json_out, readings)
    raise typer.Exit(inspect_posts(job))


@app.command()
def study(
    out: Annotated[Path, typer.Option("--out", help="directory for data.json and curve.svg")],
    files: Annotated[
        list[str] | None, typer.Argument(help="labelled posts in batches; none: those that ship with Clarion")
    ] = None,
    hard: Annotated[str | None, typer.Option("--hard", help="hard set; default: the frozen one that ships")] = None,
    checks: Annotated[str | None, typer.Option("--checks", help="functional checks; default: those that ship")] = None,
    background: Annotated[
        str | None, typer.Option("--background", help="file of ordinary posts (text, lang) among which to count flags")
    ] = None,
    document: Annotated[
        Path | None, typer.Option("--document", help="also put the tables between their marks in this file")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, max=2**31 - 1, help="of every random choice")] = 0,
    quick: Annotated[bool, typer.Option("--quick", help="without the learning curve and the regions")] = False,
) -> None:
    """Measure what labelled posts are worth: on a hard set, over batches and regions, and as they grow in number."""
    from classifier.terminal import needs

    with needs("training"):
        from training.study.command import StudyJob, study_posts
    study_posts(StudyJob(tuple(files or ()), out, hard, checks, background, document, seed, quick))


@app.command()
def portrait(
    out: Annotated[Path, typer.Option("--out", help="directory for model.json")],
    files: Annotated[
        list[str] | None, typer.Argument(help="labelled posts in batches; none: those that ship with Clarion")
    ] = None,
    checks: Annotated[str | None, typer.Option("--checks", help="functional checks; default: those that ship")] = None,
    background: Annotated[
        str | None, typer.Option("--background", help="file of ordinary posts (text, lang) among which to count flags")
    ] = None,
    document: Annotated[
        Path | None, typer.Option("--document", help="also put the tables between their marks in this file")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, max=2**31 - 1, help="of every random choice")] = 0,
) -> None:
    """Measure what each part of the model is worth, over batches: ablation, disguises, calibration, mistakes."""
    from classifier.terminal import needs

    with needs("training"):
        from training.portrait.command import PortraitJob, portray
    portray(PortraitJob(tuple(files or ()), out, checks, background, document, seed))


@app.command()
def train(  # noqa: PLR0913, PLR0917 - one parameter per option of the command
    out: Annotated[Path, typer.Option("--out", help="directory for the bundle")],
    files: Annotated[
        list[str] | None, typer.Argument(help="labelled posts; none: those that ship with Clarion")
    ] = None,
    labels: Annotated[
        str, typer.Option("--labels", help="label columns of 0, 1 or blank, comma-separated")
    ] = "recruitment,separatism",
    text: Annotated[str, typer.Option("--text", help="column of the posts")] = "text",
    label: Annotated[
        str | None, typer.Option("--label", help="one column of exclusive classes, instead of --labels")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, max=2**31 - 1, help="of every random choice")] = 0,
    name: Annotated[str, typer.Option("--name", help="name of the model")] = "clarion",
    cues: Annotated[
        Path | None, typer.Option("--cues", help="directory of cue files; default: those that ship")
    ] = None,
    drop_conflicts: DropConflicts = False,
    nearest: Annotated[
        int | None,
        typer.Option(
            "--nearest",
            min=0,
            max=20_000,
            help="posts that the bundle carries to show beside posts like them; default: all that ship, none of FILES",
        ),
    ] = None,
    renamed: Renamed = None,
    group_by: Annotated[
        str | None, typer.Option("--group-by", help="columns whose values keep posts together: author, source")
    ] = None,
    class_weight: Annotated[
        str, typer.Option("--class-weight", help="`balanced`: the rarer side of a label counts as much; or `none`")
    ] = "none",
    base: Annotated[bool, typer.Option("--base", help="add the posts that ship to FILES")] = False,
    exclude_checks: Annotated[
        bool, typer.Option("--exclude-checks", help="leave out posts that nearly stand among the functional checks")
    ] = False,
    about: Annotated[
        str | None, typer.Option("--about", help="YAML file of what only you can say, for the card and the datasheet")
    ] = None,
    search: Annotated[
        bool,
        typer.Option(
            "--search", help="search for regularisation, n-grams and scale of the cues; may take half an hour"
        ),
    ] = False,
    cache: Annotated[
        Path | None, typer.Option("--cache", help="directory that keeps what --search tried, to go on after a break")
    ] = None,
    report: Annotated[
        str | None,
        typer.Option("--report", help="also write a report of out-of-fold figures to this .html file; holds posts"),
    ] = None,
) -> None:
    """Train a bundle from labelled posts: those of FILES, or those that ship with Clarion."""
    from classifier.terminal import needs

    with needs("training"):
        from training.run import TrainingJob, train_bundle
        from training.schema import mapping
    if class_weight not in {"balanced", "none"}:
        raise typer.BadParameter("write balanced or none", param_hint="--class-weight")
    if cache and not search:
        raise typer.BadParameter("it keeps what --search tries; add --search", param_hint="--cache")
    together = names_in(group_by or "")
    if unknown := [column for column in together if column not in {"author", "source", "batch", "region"}]:
        raise typer.BadParameter(f"{unknown[0]!r}: one of author, source, batch, region", param_hint="--group-by")
    job = TrainingJob(
        tuple(files or ()),
        out,
        names_in(labels),
        text,
        label,
        seed,
        name,
        cues,
        drop_conflicts,
        nearest,
        mapping(renamed or []),
        together,
        class_weight == "balanced",
        base,
        exclude_checks,
        about,
        search,
        cache,
        report,
    )
    train_bundle(job)


def names_in(written: str) -> tuple[str, ...]:
    """Names between commas."""
    return tuple(part.strip() for part in written.split(",") if part.strip())


@app.command()
def evaluate(  # noqa: PLR0913, PLR0917 - one parameter per option of the command
    bundle: Bundle,
    files: LabelledFiles,
    report: Annotated[
        str | None, typer.Option("--report", help="also write a report with plots to this .html file; holds posts")
    ] = None,
    json_out: Annotated[str | None, typer.Option("--json", help="also write the figures as JSON to this file")] = None,
    text: Annotated[str, typer.Option("--text", help="column of the posts")] = "text",
    label: Annotated[str | None, typer.Option("--label", help="column of exclusive classes")] = None,
    everything: Annotated[bool, typer.Option("--all", help="also posts whose `split` is train or blank")] = False,
    volume: Annotated[int, typer.Option("--volume", min=1, help="posts a day, for the costs of a threshold")] = 10_000,
    prevalence: Annotated[
        float, typer.Option("--prevalence", min=0, max=1, help="share of them that have a label")
    ] = 0.001,
    seconds: Annotated[float, typer.Option("--seconds", min=0, help="that a reviewer spends on a flagged post")] = 30.0,
    seed: Annotated[int, typer.Option("--seed", min=0, max=2**31 - 1, help="of every random choice")] = 0,
    resamples: Annotated[
        int, typer.Option("--resamples", min=20, max=100_000, help="bootstrap samples behind each interval")
    ] = 1000,
    renamed: Renamed = None,
    drop_conflicts: DropConflicts = False,
) -> None:
    """Measure a bundle on labelled posts; of files with a `split` column, on what `train` leaves."""
    from classifier.terminal import needs

    with needs("training"):
        from training.evaluate import EvaluationJob, evaluate_bundle
        from training.report.workload import Stream
        from training.schema import mapping
    stream, posts, names = Stream(volume, prevalence, seconds), tuple(files), mapping(renamed or [])
    job = EvaluationJob(
        bundle, posts, report, json_out, text, label, everything, stream, seed, resamples, names, drop_conflicts
    )
    evaluate_bundle(job)


@app.command()
def check(
    bundle: Bundle,
    checks: Annotated[
        str | None, typer.Option("--checks", help="file of functional checks; default: those that ship")
    ] = None,
    fail_under: Annotated[
        float, typer.Option("--fail-under", min=0, max=1, help="share of checks that must pass")
    ] = 0.7,
    profile: Annotated[str, typer.Option("--profile", help="whose thresholds decide")] = "balanced",
) -> None:
    """Run functional checks, identity pairs and disguises; exit 1 when too many fail."""
    from classifier.terminal import needs

    with needs("training"):
        from training.check import check_bundle
    raise typer.Exit(check_bundle(bundle, checks, fail_under, profile))


app.command()(compare)
app.command()(gate)
app.command()(card)
app.command(name="export-sklearn")(export_sklearn)


@app.command()
def select(  # noqa: PLR0913, PLR0917 - one parameter per option of the command
    files: Annotated[list[str], typer.Argument(help=".csv, .jsonl (also .gz) or .parquet with posts")],
    out: Annotated[str, typer.Option("--out", help="file for the chosen posts")],
    n: Annotated[int, typer.Option("-n", min=1, help="how many to choose")],
    model: Annotated[
        Path | None, typer.Option("--model", help="bundle that says what is unsure; none: only spread and lot")
    ] = None,
    labelled: Annotated[
        list[str] | None, typer.Option("--labelled", help="file of posts that have labels already; may be given often")
    ] = None,
    random_share: Annotated[
        float, typer.Option("--random-share", min=0, max=1, help="share drawn by lot, for honest estimates")
    ] = 0.2,
    text: Annotated[str, typer.Option("--text", help="column of the posts")] = "text",
    profile: Annotated[str, typer.Option("--profile", help="near whose thresholds a post is unsure")] = "balanced",
    seed: Annotated[int, typer.Option("--seed", min=0, max=2**31 - 1, help="of every random choice")] = 0,
) -> None:
    """Choose which posts to label next: unsure ones, likely ones, spread over what there is, and a random share."""
    from classifier.terminal import needs

    with needs("training"):
        from training.select.run import SelectionJob, select_posts
    known = tuple(labelled or ())
    select_posts(SelectionJob(tuple(files), out, n, model, known, text, random_share, seed, profile))


@app.command()
def audit(  # noqa: PLR0913, PLR0917 - one parameter per option of the command
    files: Annotated[
        list[str] | None, typer.Argument(help="labelled posts; none: those that ship with Clarion")
    ] = None,
    out: Annotated[str | None, typer.Option("--out", help="also write the labels that look wrong to this file")] = None,
    json_out: Annotated[str | None, typer.Option("--json", help="also write counts and agreement to this file")] = None,
    readings: Annotated[
        str | None, typer.Option("--readings", help="file of several readers' labels: id, reader and the labels")
    ] = None,
    most: Annotated[int, typer.Option("--most", min=1, help="labels in the list")] = 200,
    labels: Annotated[
        str, typer.Option("--labels", help="label columns of 0, 1 or blank, comma-separated")
    ] = "recruitment,separatism",
    text: Annotated[str, typer.Option("--text", help="column of the posts")] = "text",
    label: Annotated[str | None, typer.Option("--label", help="one column of exclusive classes")] = None,
    renamed: Renamed = None,
    drop_conflicts: DropConflicts = False,
    show_text: Annotated[bool, typer.Option("--show-text", help="also show the posts")] = False,
    seed: Annotated[int, typer.Option("--seed", min=0, max=2**31 - 1, help="of every random choice")] = 0,
) -> None:
    """Say which labels look wrong, which near-copies contradict each other, and how far readers agree."""
    from classifier.terminal import needs

    with needs("training"):
        from training.audit.run import AuditJob, audit_posts
        from training.schema import Schema, mapping
    schema = Schema(names_in(labels), text, label, mapping(renamed or []))
    posts = tuple(files or ())
    audit_posts(AuditJob(posts, schema, out, json_out, readings, most, show_text, drop_conflicts, seed))


@cues_app.command(name="check")
def check_cue_files(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="directory of the cue files")],
    model: Annotated[Path, typer.Option("--model", help="directory of the bundle to try them with")] = MODEL,
    checks: Annotated[
        str | None, typer.Option("--checks", help="file of functional checks; default: those that ship")
    ] = None,
    posts: Annotated[
        list[str] | None, typer.Option("--posts", help="file of posts whose flags are compared; may be given often")
    ] = None,
    text: Annotated[str, typer.Option("--text", help="column that holds the posts")] = "text",
    profile: Annotated[str, typer.Option("--profile", help="whose thresholds decide")] = "balanced",
    json_out: Annotated[str | None, typer.Option("--json", help="also write what was found to this file")] = None,
    show_text: Annotated[bool, typer.Option("--show-text", help="also show the posts whose flags change")] = False,
) -> None:
    """Say what cue files would change without going live; exit 1 when a check or an identity pair gets worse."""
    from classifier.terminal import needs

    with needs("training"):
        from training.cuecheck import CueCheckJob, check_cues
    job = CueCheckJob(directory, model, checks, tuple(posts or ()), text, profile, json_out, show_text)
    raise typer.Exit(check_cues(job))
