"""The compiled kernels under one roof; ``plain`` offers the same names."""

from dedup.kernels.join import (
    band_links,
    index_units,
    keep_groups,
    large_groups,
    matching_slots,
    shared_links,
    slice_entries,
)
from dedup.kernels.lines import line_batch
from dedup.kernels.measure import measure_batch
from dedup.kernels.sketch import sketch_batch

__all__ = [
    "band_links",
    "index_units",
    "keep_groups",
    "large_groups",
    "line_batch",
    "matching_slots",
    "measure_batch",
    "shared_links",
    "sketch_batch",
    "slice_entries",
]
