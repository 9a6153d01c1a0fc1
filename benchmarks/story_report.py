"""What a fit of events and stories is worth, out of fold: printed a line a set, and returned for the tables.

In: samples of the labelled sets and what they are fitted beside, with a probability for each of their pairs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from figures import pair_figures

from dedup.metrics import b_cubed
from dedup.nesting import LINKAGES, nest_clusters

if TYPE_CHECKING:
    from labelled_pairs import Labelled, Sample
    from numpy.typing import NDArray


def report(
    relation: str, samples: dict[str, Sample], p: dict[str, NDArray[np.float64]], cut: float
) -> dict[str, dict[str, float]]:
    """Print and return how well each set is told apart."""
    found = {}
    for name, sample in samples.items():
        truth = sample.labelled.truth[relation]
        mine = truth >= 0
        lost = [sample.missed[relation], sample.unproposed[relation]]
        truth = np.concatenate([truth[mine] == 1, np.ones(lost[0], bool), np.zeros(lost[1], bool)])
        score = np.concatenate([p[name][mine], np.zeros(sum(lost))])
        found[name] = pair_figures(score, truth, cut)
        if sample.named is not None and relation == "event":
            labels = nest_clusters(sample.near, sample.near, sample.pairs, p[name], (cut, LINKAGES[relation])).labels
            found[name]["bcubed_f1"] = b_cubed(labels, sample.named).f1
        print(f"{relation:6s}{name:15s}", " ".join(f"{key} {value:.3f}" for key, value in found[name].items()))
    return found


def report_frames(
    relation: str, frames: dict[str, Labelled], p: dict[str, NDArray[np.float64]], cut: float
) -> dict[str, dict[str, float]]:
    """Print and return what share of the frames filled twice, and of the copies beside them, is joined."""
    found = {}
    for name, part in frames.items():
        truth, joined = part.truth[relation], p[name] >= cut
        if (truth == 0).any():
            found[name] = {
                "frames_joined": float(joined[truth == 0].mean()),
                "copies_joined": float(joined[truth == 1].mean()),
            }
            print(f"{relation:6s}{name:28s}", " ".join(f"{key} {value:.3f}" for key, value in found[name].items()))
    return found


def report_graded(
    graded: Labelled, stands_for: NDArray[np.float64], p: NDArray[np.float64], cut: float
) -> dict[str, float]:
    """Print and return how well graded pairs of a crowd are told apart, each counted as often as it stands for others."""
    truth = graded.truth["event"] == 1
    joined = p >= cut
    found = float((stands_for * (joined & truth)).sum())
    precision, recall = found / max(1.0, stands_for[joined].sum()), found / stands_for[truth].sum()
    order = np.argsort(-p, kind="stable")
    right, all_ = np.cumsum((stands_for * truth)[order]), np.cumsum(stands_for[order])
    figures = {
        "precision": precision,
        "recall": recall,
        "f1": 2 * precision * recall / max(1e-9, precision + recall),
        "average_precision": float((stands_for * truth)[order] @ (right / all_) / right[-1]),
    }
    print("event graded", " ".join(f"{key} {value:.3f}" for key, value in figures.items()))
    return figures
