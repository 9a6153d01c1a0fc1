"""The compiled kernels under one roof; ``plain`` offers the same names."""

from dedup.kernels.boost import grow_tables
from dedup.kernels.centres import join_groups
from dedup.kernels.days import dated_company, day_batch, days_around
from dedup.kernels.heads import head_batch
from dedup.kernels.join import (
    band_entries,
    band_links,
    index_units,
    keep_groups,
    large_groups,
    matching_slots,
    shared_links,
    slice_entries,
    slice_sizes,
    sort_entries,
)
from dedup.kernels.judge import judge_batch
from dedup.kernels.likeness import likeness_batch, term_lengths
from dedup.kernels.lines import crowded_lines, line_batch, tally_lines
from dedup.kernels.measure import measure_batch
from dedup.kernels.neighbours import count_terms, keep_shared, neighbours, post_terms
from dedup.kernels.nesting import best_ties, merge_groups
from dedup.kernels.packing import cut_batch, encode_batch
from dedup.kernels.quotes import common_quotes, keep_repeated, quote_batch
from dedup.kernels.rivals import rivals, standing
from dedup.kernels.sketch import sketch_batch
from dedup.kernels.terms import term_batch, weigh_terms
from dedup.kernels.titles import title_batch
from dedup.kernels.words import word_batch

__all__ = [
    "band_entries",
    "band_links",
    "best_ties",
    "common_quotes",
    "count_terms",
    "crowded_lines",
    "cut_batch",
    "dated_company",
    "day_batch",
    "days_around",
    "encode_batch",
    "grow_tables",
    "head_batch",
    "index_units",
    "join_groups",
    "judge_batch",
    "keep_groups",
    "keep_repeated",
    "keep_shared",
    "large_groups",
    "likeness_batch",
    "line_batch",
    "matching_slots",
    "measure_batch",
    "merge_groups",
    "neighbours",
    "post_terms",
    "quote_batch",
    "rivals",
    "shared_links",
    "sketch_batch",
    "slice_entries",
    "slice_sizes",
    "sort_entries",
    "standing",
    "tally_lines",
    "term_batch",
    "term_lengths",
    "title_batch",
    "weigh_terms",
    "word_batch",
]
