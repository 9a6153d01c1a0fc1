"""``dedup fit``: the tables or the threshold of one relation, fitted to a person's own labels."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dedup.cli.options import FILE, format_from, format_options, gather_options, input_options, settings_from
from dedup.settings import LEVELS

if TYPE_CHECKING:
    from dedup.fitting import Change, Fit
    from dedup.rank import Model


def _a_file(_: click.Context, option: click.Parameter, value: str) -> str:
    """Refuse standard output, and a folder, as the place of the model."""
    if value == "-" or Path(value).is_dir():
        reason = f"{'standard output holds the figures' if value == '-' else 'a folder'}; name a file"
        raise click.BadParameter(reason, param=option)
    return value


@click.command("fit")
@click.argument("labels", type=FILE, metavar="LABELS")
@click.argument("paths", type=FILE, metavar="IN...", nargs=-1, required=True)
@click.option(
    "-o", "--output", type=FILE, required=True, metavar="FILE", callback=_a_file, help="The model file to write."
)
@click.option("--level", type=click.Choice(LEVELS[1:]), default="near", show_default=True, help="The relation to fit.")
@click.option("--only-threshold", is_flag=True, help="Leave the tables as they are.")
@click.option(
    "--folds",
    type=click.IntRange(min=2),
    default=5,
    show_default=True,
    metavar="N",
    help="Parts the labels are cut into, each judged by a fit on the others.",
)
@click.option("--force", is_flag=True, help="Write the model even if the labels bear out no change.")
@gather_options
@format_options("table", "json")
@input_options
def command(labels: str, paths: tuple[str, ...], **given: Any) -> int:
    """Fit the model to LABELS of articles of IN, and say what it gains.

    LABELS is a CSV of id_a,id_b,label or of id,cluster. The fit starts from the shipped model, or that of --model, and
    few labels move it little. Figures are cross-validated: no pair is judged by what was fitted on its articles. The
    model is written if it is better by more than chance, for --model of the other commands.
    """
    from dedup.cli.intake import Intake, all_there
    from dedup.cli.output import opened
    from dedup.cli.progress import Progress
    from dedup.cli.talk import say
    from dedup.fitting import changed, fit, sample_of
    from dedup.gathering import gather
    from dedup.labels import read_labels
    from dedup.rank import load_model
    from dedup.report.fit_view import fit_lines
    from dedup.report.jsonl import write_document
    from dedup.report.records import rounded_throughout
    from dedup.report.terminal import screen_for

    form, settings, target = format_from(given, "json"), settings_from(given), given["output"]
    all_there([labels, str(Path(target).parent)])
    labelled, model = read_labels(labels), load_model(settings.model)
    progress = Progress()
    intake = Intake(given, progress)
    try:
        known = gather(intake.corpus(paths), settings, progress.stage)
        sample = sample_of(known, labelled, settings.level)
        wanted = {"only_threshold": given["only_threshold"], "folds": given["folds"], "progress": progress.stage}
        found = fit(sample, model, settings.level, **wanted)
    finally:
        progress.clear()
    made: Change = found.best if given["force"] else found.change
    record = rounded_throughout(found.as_dict()) | {"written": made}
    with opened("-") as out:
        if form == "json":
            write_document(record, out)
        else:
            out.writelines(line + "\n" for line in fit_lines(screen_for(out), record))
    if made == "nothing":
        say(f"no model is written; go on with the one there is, or give --force for {target}")
        return intake.exit_code
    with opened(target) as out:
        fitted = changed(sample, model, settings.level, made, found.tried[made].threshold)
        out.write(_text(fitted, found, made, Path(labels).name))
    say(f"{target} is written; use it with --model {target}")
    return intake.exit_code


def _text(model: Model, found: Fit, made: Change, labels: str) -> str:
    """Return the text of a fitted model, whose record says what the fit was made of."""
    from dedup.rank import model_text, plain_relation

    record = {
        "labels": labels,
        "pairs": found.pairs,
        "positive": found.positive,
        "fitted": made,
        "borne_out": found.change == made,
        "from": model.record.get(found.level),
    }
    relations = {name: plain_relation(relation) for name, relation in model.relations.items()}
    return model_text(relations, model.thresholds, {**model.record, found.level: record})
