"""Growth and worst cases, on generated text: CPU seconds and memory of the whole job, each case in a fresh process.

Growth: 10,000 to 1,000,000 articles and the exponent from 100,000 up, for copies, and for events and stories among dated
articles. Piles: all articles identical, all near copies of
one, one line of boilerplate in all, each against as many unlike articles.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict
from statistics import median

import numpy as np
from machine import describe_machine, machine_line
from measure import Job, Measure, measure
from tables import number, put_results, put_tables, table

SIZES = (10_000, 30_000, 100_000, 300_000, 1_000_000)
FIT_FROM = 100_000
PILE = 100_000
PILES = {
    "unlike articles": "unique_columns",
    "identical articles": "identical_columns",
    "near copies of one article": "bucket_columns",
    "one boilerplate line in all": "boilerplate_columns",
}

Runs = dict[str, list[Measure]]


def main() -> None:
    """Measure, print the tables, and write them where they are published."""
    options = read_options()
    sizes = [size for size in options.sizes if size <= options.max]
    growth = {f"{size:,}": job("growing_columns", size) for size in sizes}
    stories = {f"{size:,}, dated": job("dated_columns", size, "count_stories") for size in sizes}
    piles = {name: job(columns, options.pile) for name, columns in PILES.items()}
    runs = take_turns(growth | stories | piles, options.repeats)
    machine = describe_machine(["samestory", "numpy", "numba"])
    note = f"Articles of about 700 characters, one thread, runs: {options.repeats}. {machine_line(machine)}"
    tables = {
        "growth": f"{note}\n\n{growth_table({name: runs[name] for name in growth})}",
        "growth-stories": f"All four levels.\n\n{growth_table({name: runs[name] for name in stories})}",
        "piles": f"{options.pile:,} articles each.\n\n{piles_table({name: runs[name] for name in piles})}",
    }
    print("\n\n".join(tables.values()))
    if not options.quick and not options.no_write:
        figures = {name: list(map(asdict, taken)) for name, taken in runs.items()}
        put_results("scale", {"machine": machine, "pile": options.pile, "runs": figures})
        put_tables(tables)


def read_options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a smoke run on small sizes; writes nothing")
    parser.add_argument("--max", type=int, default=SIZES[-1], help="the largest size of the growth cases")
    parser.add_argument("--pile", type=int, default=PILE, help="articles in each of the other cases")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--no-write", action="store_true", help="print the tables, change no file")
    options = parser.parse_args()
    options.sizes = SIZES
    if options.quick:
        options.sizes, options.pile, options.repeats = (500, 2000), 1000, 1
    return options


def job(columns: str, n_articles: int, count: str = "count_clusters") -> Job:
    """Return the job that finds the clusters of generated articles."""
    return Job(f"generated:{columns}", {"n_articles": n_articles}, f"scale:{count}")


def count_clusters(texts: list[str]) -> int:
    """Do the whole job on texts in memory; return how many clusters there are."""
    import dedup

    return len(dedup.find(texts).clusters)


def count_stories(texts: list[str], titles: list[str], dates: list[str]) -> int:
    """Do the whole job of all four levels; return how many stories there are."""
    import dedup

    rows = zip(texts, titles, dates, strict=True)
    articles = ({"id": str(i), "text": t, "title": h, "date": d} for i, (t, h, d) in enumerate(rows))
    return len(dedup.find(articles, level="story").clusters)


def take_turns(jobs: dict[str, Job], repeats: int) -> Runs:
    """Run every case once per turn."""
    runs: Runs = {name: [] for name in jobs}
    for turn in range(repeats):
        for name, each in jobs.items():
            runs[name].append(measure(each))
            print(f"turn {turn + 1}: {name} {runs[name][-1].cpu_seconds:.2f} s", file=sys.stderr, flush=True)
    return runs


def growth_table(runs: Runs) -> str:
    """Return the table of sizes, with the exponent of growth below it."""
    header = ["articles", "CPU s", "µs/article", "memory kB/article", "clusters"]
    rows = [[name, number(cpu(taken)), *per_article(taken), f"{taken[0].answer:,}"] for name, taken in runs.items()]
    sizes = [taken[0].rows for taken in runs.values()]
    seconds = [cpu(taken) for taken in runs.values()]
    return f"{table(header, rows)}\n\n{growth_sentence(sizes, seconds)}"


def growth_sentence(sizes: list[int], seconds: list[float]) -> str:
    """Say how time grows from ``FIT_FROM`` articles up, or over all sizes where fewer than two are that large."""
    fitted = [pair for pair in zip(sizes, seconds, strict=True) if pair[0] >= FIT_FROM]
    if len(fitted) < 2:
        fitted = list(zip(sizes, seconds, strict=True))
    if len(fitted) < 2:
        return "One size: no growth to fit."
    exponent = growth_exponent(*zip(*fitted, strict=True))
    return f"CPU time grows as n^{exponent:.2f} from {fitted[0][0]:,} to {fitted[-1][0]:,} articles."


def growth_exponent(sizes: tuple[int, ...], seconds: tuple[float, ...]) -> float:
    """Return the slope of the least-squares line through log size and log seconds."""
    return float(np.polyfit(np.log(sizes), np.log(seconds), 1)[0])


def piles_table(runs: Runs) -> str:
    """Return the table of the other cases; times are relative to the first, unlike articles."""
    header = ["case", "CPU s", "µs/article", "memory kB/article", "relative time", "clusters"]
    base = cpu(next(iter(runs.values())))
    rows = [
        [name, number(cpu(taken)), *per_article(taken), number(cpu(taken) / base), f"{taken[0].answer:,}"]
        for name, taken in runs.items()
    ]
    return table(header, rows)


def cpu(taken: list[Measure]) -> float:
    """Return the median CPU seconds."""
    return median(run.cpu_seconds for run in taken)


def per_article(taken: list[Measure]) -> tuple[str, str]:
    """Return the microseconds and the kilobytes above the texts, per article."""
    rows = taken[0].rows
    return number(cpu(taken) / rows * 1e6), number(median(run.peak_kb for run in taken) / rows)


if __name__ == "__main__":
    main()
