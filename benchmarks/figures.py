"""What a fit is judged by: scored pairs against their labels, as figures by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dedup.metrics import average_precision, expected_calibration_error, pair_counts

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def pair_figures(score: NDArray[np.float64], truth: NDArray[np.bool_], cut: float) -> dict[str, float]:
    """Return precision, recall and F1 at a cut, average precision and calibration error."""
    counts = pair_counts(score >= cut, truth)
    return {
        "precision": counts.precision,
        "recall": counts.recall,
        "f1": counts.f1,
        "average_precision": average_precision(score, truth),
        "calibration_error": expected_calibration_error(score, truth),
    }
