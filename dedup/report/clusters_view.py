"""What ``dedup cluster`` shows a person: what was compared, the clusters largest first, and a small pile in full."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedup.plurals import many
from dedup.report.escape import inert
from dedup.report.terminal import table_lines
from dedup.report.width import fit, wrap

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dedup.article import Article
    from dedup.report.terminal import Screen
    from dedup.results import Cluster, ClusterRow, Explanation, Result

SMALL_PILE = 20
"""Up to this many articles, each one is shown."""

_MEMBERS_SHOWN = 10
_NOUNS = {"event": "event", "story": "story"}
"""What a cluster is called where it is more than one of copies."""


@dataclass(frozen=True, slots=True)
class Overview:
    """A run as its table needs it: ``n_joined`` articles are in clusters, ``n_bad`` records were left out.

    ``article`` finds an article by id; ``closest`` is told where nothing was joined.
    """

    result: Result
    n_joined: int
    article: Callable[[str], Article]
    n_bad: int = 0
    closest: Explanation | None = None


def cluster_lines(screen: Screen, overview: Overview, *, show: int) -> Iterator[str]:
    """Yield the lines about a run, with at most ``show`` clusters."""
    result = overview.result
    yield from (screen.paint(line, "bold") for line in wrap(_counted(overview), screen.columns))
    for sentence in _compared(result):
        yield from wrap(sentence, screen.columns)
    if not result.clusters and len(result.rows) > 1:
        yield ""
        yield from _nothing_joined(screen, overview)
    for place, cluster in enumerate(result.clusters[:show], start=1):
        yield ""
        yield from _cluster(screen, cluster, overview.article, (place, result.settings.level))
    if len(result.clusters) > show:
        noun = _NOUNS.get(result.settings.level, "cluster")
        yield ""
        yield f"... and {many(len(result.clusters) - show, f'more {noun}')}; --show {len(result.clusters)} shows all"
    if 0 < len(result.rows) <= SMALL_PILE:
        yield ""
        yield from _small_pile(screen, result)


def _counted(overview: Overview) -> str:
    """Return the counts of a run as one sentence."""
    result, level = overview.result, overview.result.settings.level
    n, n_joined, n_clusters = len(result.rows), overview.n_joined, len(result.clusters)
    parts = [f"{many(n, 'article')} compared, {many(int(result.stats.get('unique_texts', n)), 'different text')}"]
    if n_clusters and level in _NOUNS:
        parts.append(f"{many(n_clusters, _NOUNS[level])} of {n_joined:,} articles ({n - n_joined:,} stand alone)")
    elif n_clusters:
        parts.append(
            f"{many(n_clusters, f'{level} cluster')} of {n_joined:,} articles"
            f" ({n_joined - n_clusters:,} could go, {n - n_joined:,} in none)"
        )
    elif n > 1:
        parts.append(
            f"no copies at level {level}" if level in ("exact", "near") else f"nothing joined at level {level}"
        )
    if overview.n_bad:
        parts.append(f"{many(overview.n_bad, 'bad record')} left out")
    return "; ".join(parts)


def _compared(result: Result) -> Iterator[str]:
    """Yield what was compared with what, and what the sketches were set to find."""
    n = len(result.rows)
    if n < 2:
        yield "nothing to compare"
        return
    candidates, neighbours = (int(result.stats.get(name, 0)) for name in ("candidates", "neighbours"))
    subject = f", {neighbours:,} more by the subjects" if neighbours else ""
    yield (
        f"of {many(n * (n - 1) // 2, 'possible pair')}, {candidates:,} shared enough wording to be measured word by "
        f"word{subject}; {_joined(result)}"
    )
    if banding := result.stats.get("banding"):
        curve = ", ".join(
            f"{100 * recall:.0f} % at {likeness:.1f}" for likeness, recall in banding["expected_recall"][::2]
        )
        yield f"{banding['bands']} bands of {many(banding['rows'], 'row')} find, by likeness of the wording: {curve}"
    capped = {name: n for name, n in result.stats.get("capped_groups", {}).items() if n}
    if capped:
        listed = ", ".join(f"{name} {n:,}" for name, n in capped.items())
        yield f"groups too large to link all to all: {listed}"


def _joined(result: Result) -> str:
    """Return from which probability on articles were joined."""
    level = result.settings.level
    return "joined where all words agree" if level == "exact" else f"joined from p({level}) {result.threshold:.2f} up"


def _nothing_joined(screen: Screen, overview: Overview) -> Iterator[str]:
    """Yield how alike the closest pair is, where nothing was joined."""
    if overview.closest is None:
        yield "every article stands alone"
        return
    pair = overview.closest.pair
    one, other = (_name(overview.article(name)) for name in (pair.a, pair.b))
    level = overview.result.settings.level
    chance = {"event": f"p(event) {pair.p_event:.2f}", "story": f"p(story) {pair.p_story:.2f}"}.get(level)
    likeness = f"{chance or f'p(near) {pair.p_near:.2f}'}, {100 * pair.jaccard:.0f} % of wording in common"
    yield from wrap(f"closest pair: {one} | {other}: {likeness}", screen.columns)
    for line in (overview.closest.verdict, *overview.closest.sentences):
        yield from wrap(inert(line), screen.columns, "  ")


def _cluster(
    screen: Screen, cluster: Cluster, article: Callable[[str], Article], named: tuple[int, str]
) -> Iterator[str]:
    """Yield one cluster: its title, how well it holds together, and its members."""
    place, level = named
    span = cluster.first if cluster.first == cluster.last else f"{cluster.first} to {cluster.last}"
    outlets = many(len(cluster.outlets), "outlet") if cluster.outlets else ""
    head = [f"{place}. {level} {inert(cluster.id)}", f"{len(cluster.members):,} articles", outlets, span]
    for k, line in enumerate(wrap(" · ".join(filter(None, head)), screen.columns - 3)):
        yield screen.paint(f"   {line}" if k else line, level)
    yield screen.paint(fit(_name(article(cluster.representative)), screen.columns), "bold")
    held = f"  cohesion {cluster.cohesion:.2f} · weakest link {cluster.weakest_score:.2f}"
    weakest = fit(f" ({inert(cluster.weakest)})", screen.columns - len(held))
    yield screen.paint_by(cluster.weakest_score, held) + weakest
    below = {"event": "near", "story": "event"}.get(level)
    rows = []
    for name, part in list(zip(cluster.members, cluster.parts, strict=True))[:_MEMBERS_SHOWN]:
        found = article(name)
        mark = "*" if name == cluster.representative else ""
        inner = [inert(part)] if below else []
        rows.append([mark, inert(name), *inner, *map(inert, (found.source, found.date, found.title))])
    yield from table_lines(screen, ["", "id", *([below] if below else []), "source", "date", "title"], rows, "  ")
    if len(cluster.members) > len(rows):
        yield f"     ... and {len(cluster.members) - len(rows):,} more"


def _small_pile(screen: Screen, result: Result) -> Iterator[str]:
    """Yield every article with the clusters it is in; a cluster of one is a dash."""
    levels = ("exact", "near", "event", "story")
    sizes: dict[tuple[str, str], int] = {}
    for row in result.rows:
        for level in levels:
            key = (level, getattr(row, level))
            sizes[key] = sizes.get(key, 0) + 1
    rows = []
    for row in result.rows:
        named = [(level, getattr(row, level)) for level in levels]
        rows.append([inert(row.id), *(inert(name[1]) if sizes[name] > 1 else "-" for name in named), _name(row)])
    yield from table_lines(screen, ["id", *levels, "title"], rows)
    yield screen.paint("- : alone at that level", "dim")


def _name(named: Article | ClusterRow) -> str:
    """Return what a reader calls an article."""
    return inert(named.title) or inert(named.id)
