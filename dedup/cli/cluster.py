"""``dedup cluster``: every article with its clusters, or the clusters as a person wants to see them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from dedup.cli.options import FILE, format_from, input_options, output_options, run_options, settings_from, show_option

if TYPE_CHECKING:
    from dedup.results import Cluster


@click.command("cluster")
@click.argument("paths", metavar="IN...", nargs=-1, required=True, type=FILE)
@run_options("story")
@show_option(10, "Clusters")
@click.option("--report", type=FILE, metavar="FILE", help="Write the page of dedup report here as well.")
@output_options("table", "jsonl", "csv", "parquet")
@input_options
def command(paths: tuple[str, ...], **given: Any) -> int:
    """Group the articles of IN into stories, the events they consist of, and the copies among their reports.

    Machine formats hold one row an article, in input order: id, title, source, date, the cluster at each level, and
    the id of the article that represents its cluster.
    """
    from dedup.cli.closest import closest_pair
    from dedup.cli.next_steps import show_steps, step
    from dedup.cli.output import check_parquet, opened_both
    from dedup.cli.report import write_report
    from dedup.cli.river import River
    from dedup.report.clusters_view import Overview, cluster_lines
    from dedup.report.columns import write_parquet
    from dedup.report.jsonl import write_lines
    from dedup.report.records import CLUSTER_FIELDS, cluster_record
    from dedup.report.table import write_csv
    from dedup.report.terminal import screen_for

    form, settings = format_from(given), settings_from(given)
    with opened_both(given, "report") as (out, page):
        if form == "parquet":
            check_parquet(out)
        river = River(paths, settings, given)
        result = river.result()
        if form == "table":
            closest = None if result.clusters else closest_pair(river.corpus, river.findings, settings)
            overview = Overview(result, river.n_joined(), river.article, river.intake.n_bad, closest)
            out.writelines(line + "\n" for line in cluster_lines(screen_for(out), overview, show=given["show"]))
        elif form == "csv":
            write_csv(map(cluster_record, result.rows), CLUSTER_FIELDS, out)
        elif form == "parquet":
            write_parquet(result, "rows", out.buffer)
        else:
            write_lines(map(cluster_record, result.rows), out)
        if page:
            write_report(river, page)
    first = [_loosest_pair(cluster) for cluster in result.clusters[:1]]
    steps = [
        *(step("look at one pair", "explain", ids, level=settings.level) for ids in first),
        step("leave copies out", "filter", level="near", output="unique.jsonl"),
        step("report for an editor", "report", output="report.html"),
    ]
    show_steps(river.progress.seconds, steps if first else [])
    return river.intake.exit_code


def _loosest_pair(cluster: Cluster) -> tuple[str, str]:
    """Return the ids of a cluster's representative and its weakest link, or of any other where they are one."""
    other = cluster.weakest if cluster.weakest != cluster.representative else cluster.members[-1]
    return cluster.representative, other
