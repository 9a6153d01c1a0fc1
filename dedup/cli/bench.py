"""``dedup bench``: what a run finds, measured against labels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from dedup.cli.options import FILE, format_from, input_options, output_options, run_options, settings_from

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dedup.cli.river import River
    from dedup.mistakes import Mistake

_REASONS_TOLD = 3


@click.command("bench")
@click.argument("paths", metavar="CORPUS...", nargs=-1, required=True, type=FILE)
@click.option("--labels", required=True, type=FILE, metavar="FILE", help="CSV of id_a,id_b,label or of id,cluster.")
@click.option("--misses", type=click.IntRange(min=0), default=0, metavar="N", help="List N labelled pairs not found.")
@click.option("--false-alarms", type=click.IntRange(min=0), default=0, metavar="N", help="List N pairs found wrongly.")
@run_options("near")
@output_options("table", "json")
@input_options
def command(paths: tuple[str, ...], **given: Any) -> int:
    """Measure candidates, pairs and clusters of CORPUS against labels made by people."""
    from dedup.cli.intake import all_there
    from dedup.cli.next_steps import show_steps, step
    from dedup.cli.output import opened
    from dedup.cli.river import River
    from dedup.evaluation import evaluate
    from dedup.labels import read_labels
    from dedup.mistakes import false_alarms, misses
    from dedup.report.evaluation_view import evaluation_lines
    from dedup.report.jsonl import write_document
    from dedup.report.records import rounded_throughout
    from dedup.report.terminal import screen_for

    form, settings = format_from(given, "json"), settings_from(given)
    all_there([given["labels"]])
    labels = read_labels(given["labels"])
    with opened(given["output"]) as out:
        river = River(paths, settings, given)
        threshold = river.result().threshold
        asked: dict[str, Any] = {"level": settings.level, "threshold": threshold}
        found = evaluate(river.corpus, river.findings, labels, **asked)
        record = rounded_throughout(found.as_dict())
        for name, mistakes in (("misses", misses), ("false_alarms", false_alarms)):
            listed = mistakes(river.corpus, river.findings, labels, **asked, limit=given[name]) if given[name] else []
            record[name] = _told(river, listed)
        if form == "json":
            write_document(record, out)
        else:
            out.writelines(line + "\n" for line in evaluation_lines(screen_for(out), record))
    asked_for = given["misses"] or given["false_alarms"]
    show_steps(
        river.progress.seconds,
        [
            None if asked_for else step("see the mistakes", "bench", misses=5, false_alarms=5),
            step("other thresholds", "sweep"),
        ],
    )
    return river.intake.exit_code


def _told(river: River, mistakes: Sequence[Mistake]) -> list[dict[str, Any]]:
    """Return mistakes by field, with the reasons of most weight."""
    from dedup.report.pairs_view import top_reasons
    from dedup.report.records import reason_record, rounded

    pairs = river.judged([(mistake.id_a, mistake.id_b) for mistake in mistakes])
    return [
        {
            "a": mistake.id_a,
            "b": mistake.id_b,
            "score": rounded(mistake.score),
            "why": mistake.why,
            "reasons": [reason_record(reason) for reason in top_reasons(pair.reasons, _REASONS_TOLD)],
        }
        for mistake, pair in zip(mistakes, pairs, strict=True)
    ]
