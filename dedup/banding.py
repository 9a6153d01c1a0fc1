"""How many bands of how many rows: the shape of the LSH channel, chosen for a recall and told.

Two articles of resemblance s agree in one slot with probability s, in a band of r slots with s^r, and in at least one
of b bands with 1 - (1 - s^r)^b (Leskovec, Rajaraman, Ullman, Mining of Massive Datasets, section 3.4.2).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Banding:
    """``bands`` bands of ``rows`` slots each."""

    bands: int
    rows: int

    def recall(self, similarity: float) -> float:
        """Return the expected share of pairs of that resemblance (0..1) that become candidates."""
        return 1.0 - (1.0 - similarity**self.rows) ** self.bands

    def curve(self) -> list[tuple[float, float]]:
        """Return (resemblance, expected recall) from 0.1 to 0.9."""
        return [(s / 10, self.recall(s / 10)) for s in range(1, 10)]


def choose_banding(n_slots: int, target_recall: float, similarity: float) -> Banding:
    """Return the widest bands that still reach the target at that similarity, using all slots.

    Wider bands let fewer chance pairs through; if even one-slot bands miss the target, those are used.
    """
    for rows in range(min(16, n_slots), 0, -1):
        banding = Banding(n_slots // rows, rows)
        if banding.recall(similarity) >= target_recall:
            return banding
    return Banding(n_slots, 1)
