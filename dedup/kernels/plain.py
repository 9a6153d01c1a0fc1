"""The kernels in plain Python under one roof: what each computes, without haste and without a compiler.

Small piles of articles run on this; tests hold it against the compiled kernels of ``fast``, equal to the last bit.
"""

from dedup.kernels.plain_boost import directed, grow_tables, rising
from dedup.kernels.plain_centres import join_groups
from dedup.kernels.plain_days import dated_company, day_batch, days_around
from dedup.kernels.plain_evidence import judge_batch, rivals, standing, title_batch
from dedup.kernels.plain_heads import head_batch
from dedup.kernels.plain_join import (
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
from dedup.kernels.plain_lines import crowded_lines, line_batch, tally_lines
from dedup.kernels.plain_nesting import best_ties, mean_tie, merge_groups
from dedup.kernels.plain_packing import cut_batch, encode_batch
from dedup.kernels.plain_quotes import common_quotes, keep_repeated, quotations, quote_batch
from dedup.kernels.plain_terms import (
    count_terms,
    keep_shared,
    likeness_batch,
    neighbours,
    post_terms,
    term_batch,
    term_lengths,
    weigh_terms,
)
from dedup.kernels.plain_texts import (
    folded_words,
    mark_words,
    measure_batch,
    shingle,
    sketch_batch,
    tokenize,
)
from dedup.kernels.plain_words import word_batch

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
    "directed",
    "encode_batch",
    "folded_words",
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
    "mark_words",
    "matching_slots",
    "mean_tie",
    "measure_batch",
    "merge_groups",
    "neighbours",
    "post_terms",
    "quotations",
    "quote_batch",
    "rising",
    "rivals",
    "shared_links",
    "shingle",
    "sketch_batch",
    "slice_entries",
    "slice_sizes",
    "sort_entries",
    "standing",
    "tally_lines",
    "term_batch",
    "term_lengths",
    "title_batch",
    "tokenize",
    "weigh_terms",
    "word_batch",
]
