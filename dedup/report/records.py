"""Results as plain records: the field names and the rounding every machine format shares.

In: rows of ``dedup.results``. Out: dicts of text, numbers and lists, in a fixed field order.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dedup.results import ClusterRow, Explanation, PairRow, Reason

PLACES = 6
"""Decimal places of every printed number that is not a count."""

CLUSTER_FIELDS = ("id", "title", "source", "date", "exact", "near", "event", "story", "representative")
"""The fields of a cluster row, a stable contract."""

PAIR_FIELDS = (
    "a", "b", "relation", "score", "p_near", "p_event", "p_story", "jaccard",
    "containment_a", "containment_b", "title_similarity", "reasons",
)  # fmt: skip
"""The fields of a pair row, a stable contract."""


def rounded(value: float | None) -> float | None:
    """Return a number to ``PLACES`` places, and None for what is unknown or not a number."""
    if value is None or not math.isfinite(value):
        return None
    return round(float(value), PLACES) + 0.0  # -0.0 prints as 0.0


def rounded_throughout(value: Any) -> Any:
    """Return nested dicts, lists and numbers with every fraction rounded."""
    if isinstance(value, dict):
        return {name: rounded_throughout(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [rounded_throughout(inner) for inner in value]
    return rounded(value) if isinstance(value, float) else value


def cluster_record(row: ClusterRow) -> dict[str, Any]:
    """Return a cluster row by field."""
    return {
        "id": row.id,
        "title": row.title,
        "source": row.source,
        "date": row.date,
        "exact": row.exact,
        "near": row.near,
        "event": row.event,
        "story": row.story,
        "representative": row.representative,
    }


def pair_record(pair: PairRow) -> dict[str, Any]:
    """Return a pair row by field, its reasons as a list of records."""
    record: dict[str, Any] = {"a": pair.a, "b": pair.b, "relation": pair.relation}
    for name in PAIR_FIELDS[3:-1]:
        record[name] = rounded(getattr(pair, name))
    record["reasons"] = [reason_record(reason) for reason in pair.reasons]
    return record


def reason_record(reason: Reason) -> dict[str, Any]:
    """Return one reason by field."""
    return {
        "measure": reason.measure,
        "value": rounded(reason.value),
        "points": rounded(reason.points),
        "words": reason.words,
    }


def explanation_record(found: Explanation) -> dict[str, Any]:
    """Return an explanation by field, with the wording of each shared passage instead of the two texts."""
    return {
        "verdict": found.verdict,
        "sentences": list(found.sentences),
        "pair": pair_record(found.pair),
        "told": found.told,
        "base_points": rounded(found.base_points),
        "log_odds": rounded(found.base_points + sum(reason.points for reason in found.pair.reasons)),
        "overruled": found.overruled,
        "passages": [
            {
                "a_start": passage.a_start,
                "a_end": passage.a_end,
                "b_start": passage.b_start,
                "b_end": passage.b_end,
                "words": passage.words,
                "text": found.text_a[passage.a_start : passage.a_end],
            }
            for passage in found.passages
        ],
        "names": {"shared": list(found.shared_names), "only_a": list(found.only_a), "only_b": list(found.only_b)},
        "numbers": {
            "shared": list(found.shared_numbers),
            "only_a": list(found.numbers_only_a),
            "only_b": list(found.numbers_only_b),
        },
    }
