"""``dedup sweep``: how the clusters change with the threshold."""

from __future__ import annotations

from functools import partial
from typing import Any

import click

from dedup.cli.options import FILE, format_from, input_options, output_options, run_options, settings_from


@click.command("sweep")
@click.argument("paths", metavar="IN...", nargs=-1, required=True, type=FILE)
@click.option("--labels", type=FILE, metavar="FILE", help="CSV of id_a,id_b,label or of id,cluster.")
@run_options("near")
@output_options("table", "json", "csv")
@input_options
def command(paths: tuple[str, ...], **given: Any) -> int:
    """Show how the clusters of IN change with the threshold, and with --labels how good they are at each.

    Thresholds run from 0.05 to 0.95; the one in use, of the model or of --threshold, is marked. Machine formats hold
    by threshold: the clusters of two articles or more (n_clusters), the articles in them (n_joined) and in the
    largest; with labels precision, recall and f1 of the pairs, and cluster_f1 (B-cubed where clusters are labelled).
    """
    from dedup.cli.intake import all_there
    from dedup.cli.next_steps import show_steps, step
    from dedup.cli.output import opened
    from dedup.cli.river import River
    from dedup.cli.talk import say
    from dedup.labels import read_labels
    from dedup.pipeline import labels_at
    from dedup.report.jsonl import write_document
    from dedup.report.records import rounded_throughout
    from dedup.report.sweep_view import sweep_lines
    from dedup.report.table import write_csv
    from dedup.report.terminal import screen_for
    from dedup.sweep import sweep

    form, settings = format_from(given, "json"), settings_from(given)
    if settings.level == "exact":
        reason = "equal texts are equal at any threshold; sweep takes --level near, event or story"
        raise click.UsageError(reason)
    labels = None
    if given["labels"] is not None:
        all_there([given["labels"]])
        labels = read_labels(given["labels"])
    with opened(given["output"]) as out:
        river = River(paths, settings, given)
        threshold = river.result().threshold
        found = sweep(
            river.corpus,
            river.findings,
            labels,
            level=settings.level,
            threshold=threshold,
            labels_at=partial(labels_at, river.findings, settings.level),
        )
        record = rounded_throughout(found.as_dict())
        if form == "json":
            write_document(record, out)
        elif form == "csv":
            for note in found.notes:
                say(f"note: {note}")
            write_csv(record["rows"], tuple(record["rows"][0]), out)
        else:
            out.writelines(line + "\n" for line in sweep_lines(screen_for(out), record))
    best = found.best("cluster_f1") or threshold
    show_steps(
        river.progress.seconds,
        [
            step(f"clusters at {best:.2f}", "cluster", level=settings.level, threshold=best),
            None if labels is None else step("see the mistakes", "bench", misses=5, false_alarms=5),
        ],
    )
    return river.intake.exit_code
