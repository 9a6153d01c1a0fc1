"""The model file that ships with the package, and how a fit gets into it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from dedup.rank import MODEL_PATH, model_text, plain_relation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dedup.rank import Relation


def update_model(
    relations: Mapping[str, Relation], thresholds: Mapping[str, float], records: Mapping[str, Mapping[str, Any]]
) -> None:
    """Put relations into the model file beside those it has."""
    model = json.loads(MODEL_PATH.read_text(encoding="utf-8")) if MODEL_PATH.exists() else {}
    parts = dict(model.get("relations", {}))
    for name, relation in relations.items():
        parts[name] = plain_relation(relation)
    cuts, made = {**model.get("thresholds", {}), **thresholds}, {**model.get("record", {}), **records}
    MODEL_PATH.write_text(model_text(parts, cuts, made), encoding="utf-8")
