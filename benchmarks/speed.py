"""Speed side by side: CPU seconds, wall seconds and memory of each tool on the same texts, in turns.

Every run is a fresh process that loads the texts, warms up, and then does the tool's whole job: texts in memory to
pairs. Tools take turns, so that a busy machine hits all of them; ratios are taken within a turn, medians over turns.
"""

from __future__ import annotations

import argparse
import gzip
import sys
import time
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from data import CORPUS, NewsSet, add_data_option, find_set, open_text, write_columns
from machine import describe_machine, machine_line
from measure import Job, Measure, command_cpu_seconds, measure
from peers import OURS, TOOLS, Tool
from tables import number, put_results, put_tables, table

if TYPE_CHECKING:
    from collections.abc import Iterator

SLOW_SECONDS = 60.0
"""A tool whose run takes more CPU than this gets ``--slow-repeats`` turns."""

BARE = "import gzip,json,sys\nfor line in gzip.open(sys.argv[1]): json.loads(line)"
"""The least any reader of the file must do: unzip it and parse each line."""

Runs = dict[tuple[str, int], list[Measure]]


@dataclass(frozen=True, slots=True)
class Source:
    """The articles measured: as columns for the tools, as a zipped file for the command line."""

    columns: Path
    feed: Path
    n_articles: int
    size_mb: float


def main() -> None:
    """Measure, print the tables, and write them where they are published."""
    options = read_options()
    tools = [tool for tool in TOOLS if not options.tools or tool.name in options.tools]
    present = [tool for tool in tools if tool.installed]
    news = NewsSet(CORPUS) if options.quick else find_set(options.data, options.set)
    with TemporaryDirectory() as scratch:
        source = copy_articles(news, options.n, Path(scratch))
        runs = take_turns(present, options, source.columns)
        turns = range(options.repeats if (OURS, 1) in runs else 0)
        rates = [measure(job("speed:sketch_rate", source.columns)).answer for _ in turns]
        files = [file_seconds(source.feed) for _ in turns]
    machine = describe_machine(["samestory", "numpy", "numba", *(tool.package for tool in TOOLS)])
    size = f"{news.name}: {source.n_articles:,} articles, {source.size_mb:.1f} MB of text."
    tables = {
        "speed": f"{size} {machine_line(machine)}\n\n{speed_table(tools, runs, source.n_articles)}",
        "speed-parts": parts_table(runs, rates, files),
    }
    print("\n\n".join(tables.values()))
    if options.quick or options.no_write:
        return
    put_tables(tables)
    figures = {
        "machine": machine,
        "set": news.name,
        "articles": source.n_articles,
        "text_mb": round(source.size_mb, 1),
        "runs": {f"{name}, {threads} thread": list(map(asdict, taken)) for (name, threads), taken in runs.items()},
        "sketch_mb_per_second": rates,
        "file_and_bare_cpu_seconds": files,
    }
    put_results("speed", figures)


def read_options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_data_option(parser)
    parser.add_argument("--set", default="news_corpus", help="the set to measure on")
    parser.add_argument("--n", type=int, default=None, help="take this many articles only")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument(
        "--slow-repeats", type=int, default=2, help=f"turns of tools over {SLOW_SECONDS:.0f} CPU seconds"
    )
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--tools", nargs="+", default=[], choices=[tool.name for tool in TOOLS], help="only these")
    parser.add_argument("--no-write", action="store_true", help="print the tables, change no file")
    options = parser.parse_args()
    if options.quick:
        options.repeats = options.slow_repeats = 1
        options.threads = [1]
    return options


def copy_articles(news: NewsSet, limit: int | None, scratch: Path) -> Source:
    """Write what the children read: the texts and titles, and the file cut to as many articles."""
    articles = news.articles(limit)
    columns, feed = scratch / "columns.jsonl", scratch / "feed.jsonl.gz"
    write_columns(articles, columns)
    with open_text(news.file) as lines, gzip.open(feed, "wt", encoding="utf-8") as out:
        out.writelines(islice(lines, limit))
    size = sum(len(row["text"].encode("utf-8", "surrogatepass")) for row in articles)
    return Source(columns, feed, len(articles), size / 1e6)


def take_turns(tools: list[Tool], options: argparse.Namespace, columns: Path) -> Runs:
    """Run every tool once per turn; slow ones sit out the later turns."""
    runs: Runs = {}
    for turn in range(options.repeats):
        for threads in options.threads:
            for tool in tools:
                taken = runs.setdefault((tool.name, threads), [])
                slow = bool(taken) and taken[0].cpu_seconds > SLOW_SECONDS
                if (threads > 1 and not tool.threaded) or (slow and turn >= options.slow_repeats):
                    continue
                taken.append(measure(job(f"{tool.module}:run", columns, threads)))
                say(f"turn {turn + 1}, {threads} thread: {tool.name} {taken[-1].cpu_seconds:.2f} s")
    return {key: taken for key, taken in runs.items() if taken}


def job(run: str, columns: Path, threads: int = 1) -> Job:
    """Return the job that does ``run`` on the articles."""
    return Job(load="data:read_columns", load_with={"path": str(columns)}, run=run, threads=threads)


def sketch_rate(texts: list[str]) -> float:
    """Return the megabytes of text one core turns into sketches per CPU second."""
    from dedup.packing import Texts
    from dedup.settings import Settings
    from dedup.sketch import sketch_texts

    encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
    start = time.process_time()
    sketch_texts(Texts(encoded), Settings())
    return sum(map(len, encoded)) / 1e6 / (time.process_time() - start)


def file_seconds(feed: Path) -> tuple[float, float]:
    """Return the CPU seconds from the zipped file to clusters, and of only unzipping and parsing it."""
    options = ["--level", "near", "--threads", "1", "-f", "jsonl", "-o", "/dev/null"]
    ours = command_cpu_seconds([sys.executable, "-m", "dedup", "cluster", str(feed), *options])
    return ours, command_cpu_seconds([sys.executable, "-c", BARE, str(feed)])


def speed_table(tools: list[Tool], runs: Runs, n_articles: int) -> str:
    """Return the table of tools; ratios are to ours on as many threads."""
    threads = sorted({key[1] for key in runs})
    header = ["tool", "threads", "runs", "CPU s", "ratio", "wall s", "articles/s", "memory kB/article", "pairs"]
    rows = [row for count in threads for tool in tools for row in tool_rows(tool, count, runs, n_articles)]
    return table(header, rows)


def tool_rows(tool: Tool, threads: int, runs: Runs, n_articles: int) -> Iterator[list[object]]:
    """Yield the row of a tool, or say that it is not installed."""
    taken, ours = runs.get((tool.name, threads), []), runs.get((OURS, threads), [])
    if taken:
        wall = median(run.wall_seconds for run in taken)
        ratio = median(a.cpu_seconds / b.cpu_seconds for a, b in zip(taken, ours, strict=False)) if ours else None
        yield [
            f"{tool.name} {tool.version}".strip(),
            threads,
            len(taken),
            number(median(run.cpu_seconds for run in taken)),
            number(ratio) if ratio else "",
            number(wall),
            number(n_articles / wall),
            number(median(run.peak_kb for run in taken) / n_articles),
            f"{taken[0].answer:,}",
        ]
    elif threads == 1 and not tool.installed:
        yield [tool.name, "not installed", *[""] * 7]


def parts_table(runs: Runs, rates: list[float], files: list[tuple[float, float]]) -> str:
    """Return the table of our other figures; none if we were not among the tools."""
    if not rates:
        return ""
    rows = [
        ["texts to sketches, MB per CPU second", number(median(rates))],
        ["file to clusters, CPU s", number(median(ours for ours, _ in files))],
        ["only unzipping and parsing the file, CPU s", number(median(bare for _, bare in files))],
        ["ratio of the two", number(median(ours / bare for ours, bare in files))],
    ]
    one, two = runs.get((OURS, 1)), runs.get((OURS, 2))
    if one and two:
        gain = median(a.wall_seconds / b.wall_seconds for a, b in zip(one, two, strict=False))
        rows.append(["two threads against one, wall", number(gain)])
    return table(["dedup", "median"], rows)


def say(text: str) -> None:
    """Tell the one who waits."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
