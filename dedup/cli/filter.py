"""``dedup filter``: one article per cluster out, the others written where they can be looked at."""

from __future__ import annotations

from itertools import chain
from json import dumps, loads
from typing import TYPE_CHECKING, Any

import click

from dedup.cli.options import (
    FILE,
    format_from,
    input_options,
    output_options,
    read_options_from,
    run_options,
    settings_from,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import TextIO

    from dedup.article import Article
    from dedup.cli.river import River
    from dedup.corpus import Corpus
    from dedup.read.files import FoundFile
    from dedup.results import Result


@click.command("filter")
@click.argument("paths", metavar="IN...", nargs=-1, required=True, type=FILE)
@run_options("near")
@output_options("jsonl", "parquet")
@click.option("--dropped", type=FILE, metavar="FILE", help="Write what was left out, and what each matched, as JSONL.")
@input_options
def command(paths: tuple[str, ...], **given: Any) -> int:
    """Write one article per cluster of IN as JSONL, in input order, with all fields of its record.

    From Parquet and Arrow files, -f parquet writes Parquet with all their columns.
    Rows of --dropped hold id, matched (the article kept instead), relation, score and cluster.
    """
    from dedup.cli.next_steps import show_steps, step
    from dedup.cli.output import check_parquet, opened_both
    from dedup.cli.river import River
    from dedup.cli.rows import article_at
    from dedup.cli.talk import say
    from dedup.plurals import many
    from dedup.read.kept_rows import table_files
    from dedup.report.jsonl import write_lines

    form, settings = format_from(given), settings_from(given)
    with opened_both(given, "dropped") as (out, dropped):
        if form == "parquet":
            check_parquet(out)
            tables = table_files(paths, read_options_from(given))
        rest: dict[str, str] = {}
        river = River(paths, settings, given, on_rest=lambda where, fields: rest.update({where: dumps(fields)}))
        result = river.result()
        kept = _kept_rows(river.corpus, result)
        if form == "parquet":
            _write_rows(tables, [river.corpus.wheres[row] for row in kept], out)
        else:
            write_lines((_record(article_at(river.corpus, row), rest) for row in kept), out)
        if dropped:
            write_lines(_dropped(river, result), dropped)
    say(f"{len(kept):,} of {many(len(result.rows), 'article')} kept, {len(result.rows) - len(kept):,} left out")
    gone = next(((row.representative, row.id) for row in result.rows if row.representative != row.id), None)
    told = {"output": "unique.jsonl" if given["output"] == "-" else given["output"], "dropped": "dropped.jsonl"}
    show_steps(
        river.progress.seconds,
        [
            None if dropped else step("list what was dropped", "filter", **told),
            step("why one was dropped", "explain", gone, level=settings.level) if gone else None,
        ],
    )
    return river.intake.exit_code


def _kept_rows(corpus: Corpus, result: Result) -> list[int]:
    """Return the corpus rows of the representatives, in input order."""
    return [
        int(row) for row, found in zip(corpus.input_order, result.rows, strict=True) if found.representative == found.id
    ]


def _record(article: Article, rest: Mapping[str, str]) -> dict[str, Any]:
    """Return an article by the usual names, then the ``rest`` of its record; a name that is taken gets ``~2`` behind it.

    ``rest`` : by ``where``, as JSON. A number too large for one, which JSON cannot say, becomes null.
    """
    from dedup.cli.rows import article_record

    record = article_record(article)
    more = loads(rest.get(article.where, "{}"), parse_constant=lambda _: None)
    return record | {f"{name}~2" if name in record else name: value for name, value in more.items()}


def _write_rows(files: Sequence[FoundFile], wheres: Sequence[str], out: TextIO) -> None:
    """Write the rows at some places of table files as Parquet, with all their columns."""
    from dedup.read.kept_rows import kept_tables
    from dedup.report.columns import write_tables

    tables = kept_tables(files, wheres)
    first = next(tables)
    write_tables(chain((first,), tables), first.schema, out.buffer)


def _dropped(river: River, result: Result) -> Iterator[dict[str, Any]]:
    """Yield a record for each article left out; a pair the run did not compare, since others tie it in, is measured now."""
    from dedup.report.records import rounded

    exact, level = river.findings.labels["exact"], result.settings.level
    gone = [row for row in result.rows if row.representative != row.id]
    equal = [exact[river.row_of(row.id)] == exact[river.row_of(row.representative)] for row in gone]
    pairs = river.judged([(row.id, row.representative) for row, same in zip(gone, equal, strict=True) if not same])
    for row, same in zip(gone, equal, strict=True):
        relation, score = ("exact", 1.0) if same else ((pair := next(pairs)).relation, pair.score)
        yield {
            "id": row.id,
            "matched": row.representative,
            "relation": relation,
            "score": rounded(score),
            "cluster": getattr(row, level),
        }
