"""``dedup label``: pairs the model is unsure of, shown one by one; a person's answers go to a file ``bench`` reads."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from dedup.cli.options import FILE, input_options, run_options, settings_from

if TYPE_CHECKING:
    from collections.abc import Callable

    from dedup.cli.label_file import LabelFile
    from dedup.cli.river import River

_CHARS_COMPARED = 50_000
"""Of longer articles only so much is searched for shared passages, so that no question is waited for."""

_LONGEST_ANSWER = 1000
_PROMPT = "y(es), n(o), u(nsure), b(ack), q(uit): "
_LABELS = {"y": "1", "n": "0", "u": ""}


@click.command("label")
@click.argument("paths", type=FILE, metavar="IN...", nargs=-1, required=True)
@click.option(
    "--labels", type=FILE, required=True, metavar="FILE", help="CSV of id_a,id_b,label that your answers are added to."
)
@run_options("near")
@input_options
def command(paths: tuple[str, ...], **given: Any) -> int:
    """Show the pairs of IN the model is unsure of, one by one, and write your answers to a file of labels.

    Answers are read from standard input, one a line: y (yes), n (no), u (unsure, recorded and never scored), b (back to
    the last question) or q (quit). Each is in the file before the next question comes; pairs already in it are not
    asked about. `dedup bench` and `dedup fit` read the file.
    """
    from dedup.cli.intake import all_there
    from dedup.cli.label_file import LabelFile
    from dedup.cli.river import River
    from dedup.cli.talk import say
    from dedup.pipeline import model_of
    from dedup.report.question_view import answers_words

    settings = settings_from(given)
    if settings.level == "exact":
        reason = "equal texts need no judgement; label takes --level near, event or story"
        raise click.UsageError(reason)
    if "-" in paths:
        reason = "standard input holds the answers; give IN as files or folders"
        raise click.UsageError(reason)
    model_of(settings)  # a broken model is told before anything is read
    all_there(paths)
    with LabelFile(given["labels"]) as file:
        session = _Session(River(paths, settings, given), file)
        session.run()
        say(f"{answers_words(session.judged.answers)}; {given['labels']}")
        if session.judged.answers:
            say(session.known())
    return session.river.intake.exit_code


class _Session:
    """The questions still to ask, and what was answered so far, earlier sessions included."""

    def __init__(self, river: River, file: LabelFile) -> None:
        from dedup.answer import PairRows
        from dedup.cli.label_file import can_be_named
        from dedup.pipeline import model_of
        from dedup.questions import Judged, asking_order
        from dedup.rank import RELATIONS

        self.river = river
        self.file = file
        self.level = river.settings.level
        model = model_of(river.settings)
        self.threshold = model.thresholds[self.level]
        self.scores = river.findings.p[:, RELATIONS.index(self.level)]
        order = asking_order(river.findings, self.level, self.threshold)
        self.rows = PairRows(river.corpus, river.findings, order, model, self.level)
        self.questions = [
            k for k in order.tolist() if self.ids(k) not in file.answers and all(map(can_be_named, self.ids(k)))
        ]
        self.judged = Judged()
        self._count_earlier_answers()
        self.told_enough = self.judged.enough

    def ids(self, k: int) -> tuple[str, str]:
        """Return the ids of a pair, the smaller first."""
        found, ids = self.river.findings, self.river.corpus.ids
        return ids[int(found.left[k])], ids[int(found.right[k])]

    def run(self) -> None:
        """Ask until the pairs or the person's patience are at an end."""
        from dedup.cli.output import opened
        from dedup.cli.talk import say

        with opened("-") as out:
            place = 0
            while place < len(self.questions):
                self._show(place, out)
                answer = _answer(partial(print, end="", file=out, flush=True))
                if answer == "q":
                    return
                if answer == "b":
                    place = self._back(place)
                    continue
                self._record(self.questions[place], _LABELS[answer])
                place += 1
                if self.judged.enough and not self.told_enough:
                    self.told_enough = True
                    say("enough for a measurement: " + self.known())
        say("no pair is left to ask about")

    def known(self) -> str:
        """Return what the answers say of the model, and how sure that is."""
        from dedup.metrics import wilson_interval
        from dedup.questions import ENOUGH_WIDTH
        from dedup.report.question_view import share_words

        shares = (("precision", self.judged.precision), ("recall", self.judged.recall))
        said = ", ".join(share_words(name, *share, wilson_interval(*share)) for name, share in shares)
        more = "move these little" if self.judged.enough else f"help until both ranges are {ENOUGH_WIDTH} wide or less"
        return f"of the pairs asked about, at p({self.level}) {self.threshold:.2f}: {said}; more labels {more}"

    def _show(self, place: int, out: Any) -> None:
        from dedup.asked import explain
        from dedup.report.question_view import QUESTIONS, question_lines
        from dedup.report.terminal import screen_for

        k = self.questions[place]
        articles = [self.river.article(name) for name in self.ids(k)]
        cut = [article._replace(text=article.text[:_CHARS_COMPARED]) for article in articles]
        found = explain(cut[0], cut[1], self.river.settings)
        where = f"pair {len(self.judged.answers) + 1:,}, {len(self.questions) - place - 1:,} after it"
        head = f"{where}, p({self.level}) {self.scores[k]:.2f}"
        for line in question_lines(screen_for(out), head, articles, self.rows.row(k), found):
            out.write(line + "\n")
        out.write(QUESTIONS[self.level] + "\n")

    def _record(self, k: int, label: str) -> None:
        """Write an answer down and count it."""
        self.file.add(*self.ids(k), label)
        self.judged.add(label, claimed=bool(self.scores[k] >= self.threshold))

    def _back(self, place: int) -> int:
        """Take the last answer back and return the place of its question."""
        from dedup.cli.talk import say

        if not self.file.take_back():
            say("this is the first question of the session")
            return place
        self.judged.take_back()
        return place - 1

    def _count_earlier_answers(self) -> None:
        """Count what the file already held of the articles of this corpus."""
        import numpy as np

        from dedup.tally import Scorer, claimed

        ids = self.river.corpus.ids
        row_of = {name: row for row, name in enumerate(ids)}
        known = [(pair, label) for pair, label in self.file.answers.items() if set(pair) <= row_of.keys()]
        a, b = (np.array([row_of[pair[side]] for pair, _ in known], np.int64) for side in (0, 1))
        scores, _ = Scorer(self.river.findings, self.level).score(a, b)
        for (_, label), claim in zip(known, claimed(scores, self.threshold).tolist(), strict=True):
            self.judged.add(label, claimed=claim)


def _answer(put: Callable[[str], None]) -> str:
    """Return y, n, u, b or q as the person says it; the end of standard input is q."""
    from dedup.report.escape import inert

    typed = getattr(sys.stdin, "buffer", None)
    while True:
        put(_PROMPT)
        line = typed.readline(_LONGEST_ANSWER) if typed else b""
        said = line.decode("utf-8", "replace").strip().casefold()
        if not sys.stdin or not sys.stdin.isatty():
            put(inert(said) + "\n")
        if not line:
            return "q"
        for answer in ("yes", "no", "unsure", "back", "quit"):
            if said and answer.startswith(said):
                return answer[0]
