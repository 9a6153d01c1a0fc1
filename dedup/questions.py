"""Which pairs a person should judge, and when enough of them are judged.

In: what the river found. Out: pairs in the order to ask about them. Each turn takes a pair from every tenth of the
range of probabilities, beginning at the threshold, so that the labels tell of precision and recall as well as of the
border; within a tenth no cluster is asked about twice before all others were asked once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from dedup.metrics import wilson_interval
from dedup.rank import RELATIONS
from dedup.tally import earlier

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup.results import Findings
    from dedup.settings import Level

ENOUGH_WIDTH = 0.2
"""Once precision and recall are each known to lie within so much, more labels move the figures little."""


def asking_order(findings: Findings, level: Level, threshold: float) -> NDArray[np.int64]:
    """Return the candidates between different texts in the order to ask about them: int64[n], places among the pairs.

    ``level`` is near, event or story.
    """
    left, right = findings.left, findings.right
    scores = findings.p[:, RELATIONS.index(level)]
    rows = np.flatnonzero((scores > 0) & (findings.unit[left] != findings.unit[right]))
    distance = np.abs(scores[rows] - threshold)
    order = np.argsort(distance, kind="stable")
    rows, distance = rows[order], distance[order]
    tenth = np.minimum((scores[rows] * 10).astype(np.int64), 9)
    cluster = findings.labels[level][left[rows]]
    turn = earlier(np.asarray(tenth * len(findings.unit) + cluster, np.int64))
    order = np.lexsort((np.arange(len(rows)), turn, tenth))
    rows, distance, tenth = rows[order], distance[order], tenth[order]
    found: NDArray[np.int64] = rows[np.lexsort((np.arange(len(rows)), distance, earlier(tenth)))]
    return found


@dataclass(slots=True)
class Judged:
    """The pairs judged so far: what the model said (whether it claims the pair) and what the person said.

    ``answers`` : label 1, 0 or nothing, in the order given; ``claims`` : as many verdicts of the model.
    """

    claims: list[bool] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)

    def add(self, answer: str, *, claimed: bool) -> None:
        """Count an answer."""
        self.claims.append(claimed)
        self.answers.append(answer)

    def take_back(self) -> None:
        """Forget the last answer."""
        self.claims.pop()
        self.answers.pop()

    @property
    def precision(self) -> tuple[int, int]:
        """Pairs both claim, of those the model claims."""
        return self._both(), sum(claim for claim, answer in self._scored())

    @property
    def recall(self) -> tuple[int, int]:
        """Pairs both claim, of those the person claims."""
        return self._both(), self.answers.count("1")

    @property
    def enough(self) -> bool:
        """Whether precision and recall of these pairs are known to ``ENOUGH_WIDTH``, nine times of ten."""
        intervals = (wilson_interval(*share) for share in (self.precision, self.recall))
        return all(high - low <= ENOUGH_WIDTH for low, high in intervals)

    def _scored(self) -> list[tuple[bool, str]]:
        return [(claim, answer) for claim, answer in zip(self.claims, self.answers, strict=True) if answer]

    def _both(self) -> int:
        return sum(claim and answer == "1" for claim, answer in self._scored())
