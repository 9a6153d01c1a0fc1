"""What every command begins with: the input read into articles, and what was wrong with it told as it is met."""

from __future__ import annotations

import errno
import os
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dedup.article import Article
from dedup.cli.options import read_options_from

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from dedup.cli.progress import Progress
    from dedup.corpus import Corpus
    from dedup.results import BadRecord

    OnRest = Callable[[str, dict[str, Any]], None]

BAD_RECORDS_EXIT = 3
BAD_RECORDS_TOLD = 20
ALIKE_TOLD = 3
"""While not one article has been read, a reason is told so often: it is likely that of all records."""


class Intake:
    """The reading of one run's input; ``n_bad`` counts the records left out, ``bad`` holds the first of them."""

    def __init__(self, given: Mapping[str, Any], progress: Progress) -> None:
        self._given = given
        self._progress = progress
        self.n_bad = self._n_told = 0
        self._reasons: Counter[str] = Counter()
        self.bad: list[BadRecord] = []

    @property
    def exit_code(self) -> int:
        """What a run that got this far ends with."""
        return BAD_RECORDS_EXIT if self.n_bad else 0

    def articles(self, paths: Sequence[str], on_rest: OnRest | None = None) -> Iterator[Article]:
        """Yield the articles of ``paths`` in order, telling of each bad record and note; ``on_rest`` as in ``read_articles``."""
        from dedup.read import read_articles, total_bytes

        all_there(paths)
        inputs_kept(paths, self._given)
        options = read_options_from(self._given)
        self._progress.total_bytes = total_bytes(paths) or 0
        heard = self._progress.bytes_read
        found = read_articles(paths, options, on_bad=self._bad, on_note=self._note, on_bytes=heard, on_rest=on_rest)
        yield from self._progress.counted(found)
        if self.n_bad > self._n_told:
            self._progress.say(f"... and {self.n_bad - self._n_told:,} more; {self.n_bad:,} bad records in all")

    def corpus(self, paths: Sequence[str], on_rest: OnRest | None = None) -> Corpus:
        """Return the articles of ``paths`` as a corpus, telling how many had to be given another id.

        Texts are kept as UTF-8, as every stage wants them: a ``str`` with one curly quote takes two bytes a letter.
        """
        from dedup.corpus import build_corpus
        from dedup.packing import as_bytes

        texts: list[bytes] = []

        def without_texts() -> Iterator[Article]:
            for article in self.articles(paths, on_rest):
                texts.append(as_bytes(article.text))
                yield Article("", *article[1:])

        corpus = build_corpus(without_texts(), texts)
        if corpus.renamed:
            those = "article is" if corpus.renamed == 1 else "articles are"
            self._note(f"ids met more than once: {corpus.renamed:,} {those} told apart as ID~2, ID~3, ...")
        for note in corpus.notes:
            self._note(note)
        return corpus

    def _bad(self, record: BadRecord) -> None:
        """Name a bad record; after the first twenty, or three alike where nothing could be read yet, only count."""
        self.n_bad += 1
        if len(self.bad) < BAD_RECORDS_TOLD:
            self.bad.append(record)
        if self._n_told == BAD_RECORDS_TOLD:
            return
        self._reasons[record.reason] += 1
        if self._progress.n_articles or self._reasons[record.reason] <= ALIKE_TOLD:
            self._n_told += 1
            self._progress.say(f"{record.where}: {record.reason}")

    def _note(self, note: str) -> None:
        """Pass a note on."""
        self._progress.say(f"note: {note}")


def all_there(paths: Iterable[str]) -> None:
    """Refuse a path that does not exist, before any work is done."""
    for path in paths:
        if path != "-" and not Path(path).exists():
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)


def inputs_kept(paths: Iterable[str], given: Mapping[str, Any]) -> None:
    """Refuse to write over a file that is read: an input itself, or one of the kind in a folder of the input."""
    from dedup.read.files import format_of

    written = {f"--{name}": Path(given[name]) for name in ("output", "report", "dropped") if given.get(name)}
    for option, target in written.items():
        for path in map(Path, paths):
            if not target.is_file() or not path.exists():
                continue
            inside = path.is_dir() and path.resolve() in target.resolve().parents and format_of(target.name)
            if inside or target.samefile(path):
                reason = f"{option} {target} is one of the files read; give another"
                raise click.UsageError(reason)
