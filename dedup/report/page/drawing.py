"""What is drawn: a story's reports over its days, the waterfall of reasons, and curves over the threshold, as inline SVG.

In: numbers, and names already inert. Out: markup that takes its colours from the style sheet.
"""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

from dedup.dates import day_text
from dedup.plurals import many
from dedup.report.page.markup import words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dedup.briefs import Threshold, Version
    from dedup.results import Explanation

OUTLETS_DRAWN = 14
"""Outlets with a line of their own in the drawing of a story; the rest share one."""

REASONS_DRAWN = 8
"""Reasons drawn one by one; the smaller ones are drawn together."""

LEFT, WIDTH, RIGHT, ROW = 150, 640, 14, 18
"""Sizes of that drawing: room for names, in all, behind the last day, and of a line."""


def strip(days: Sequence[int], first: int, last: int) -> str:
    """Return a story's reports by day as a small strip: a bar a day, as high as the day has reports."""
    room, height = 96, 18
    by_day = Counter(days)
    most = max(by_day.values())
    bars = "".join(
        f"M{2 + (room - 4) * (day - first) / max(1, last - first):.0f} {height}v-{4 + (height - 4) * n / most:.0f}"
        for day, n in sorted(by_day.items())
    )
    return (
        f'<svg class=strip viewBox="0 0 {room} {height}" aria-hidden="true"><path d="M0 {height}h{room}"/>'
        f'<path class=bars d="{bars}"/></svg>'
    )


def spread(versions: Sequence[Version], first: int, last: int) -> str:
    """Return who reported when: a line an outlet, a dot a report, hollow where it is a copy."""
    dated = [version for version in versions if version.day is not None]
    outlets = list(dict.fromkeys(version.outlet for version in dated))
    own = outlets if len(outlets) <= OUTLETS_DRAWN else outlets[: OUTLETS_DRAWN - 1]
    names = [words(name, 22) or "no outlet" for name in own]
    names += [many(len(outlets) - len(own), "more outlet")] if len(own) < len(outlets) else []
    line_of = {name: i for i, name in enumerate(own)}
    height = ROW * len(names) + 22
    place = _placing(first, last)
    drawn = [
        f'<text x="{LEFT - 10}" y="{ROW * i + 13}" text-anchor="end">{name}</text>'
        f'<path class=line d="M{LEFT} {ROW * i + 9}H{WIDTH - RIGHT}"/>'
        for i, name in enumerate(names)
    ]
    stacked: Counter[tuple[int, int]] = Counter()
    for version in dated:
        line, day = line_of.get(version.outlet, len(names) - 1), version.day or 0
        nudge = 3 * stacked[line, day]
        stacked[line, day] += 1
        drawn.append(
            f'<circle class={"own" if version.copy_of is None else "copy"} cx="{place(day) + nudge:.1f}" '
            f'cy="{ROW * line + 9}" r="4"/>'
        )
    ticks = sorted({first, (first + last) // 2, last})
    drawn += [
        f'<text class=tick x="{place(day):.1f}" y="{height - 4}" text-anchor="{anchor}">{day_text(day)}</text>'
        for day, anchor in zip(ticks, ("start", "middle", "end") if len(ticks) > 2 else ("start", "end"), strict=True)
    ]
    label = f"{many(len(dated), 'report')} of {many(len(outlets), 'outlet')}, {day_text(first)} to {day_text(last)}"
    return f'<svg class=spread viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{label}">{"".join(drawn)}</svg>'


def _placing(first: int, last: int) -> Callable[[int], float]:
    """Return what places a day in the drawing."""
    return lambda day: LEFT + 6 + (WIDTH - LEFT - RIGHT - 12) * (day - first) / max(1, last - first)


def waterfall(found: Explanation) -> str:
    """Return the reasons from the starting points down to their sum, each bar beginning where the last one ended."""
    reasons = sorted(found.pair.reasons, key=lambda reason: -abs(reason.points))
    told, small = reasons[:REASONS_DRAWN], reasons[REASONS_DRAWN:]
    steps = [("every pair starts here", found.base_points), *((r.words, r.points) for r in told)]
    steps += [(f"{many(len(small), 'smaller reason')} together", sum(r.points for r in small))] if small else []
    ends = [0.0]
    for _, points in steps:
        ends.append(ends[-1] + points)
    low, high = min(ends), max(ends)
    scale = 200 / max(high - low, 1e-9)
    rows = []
    for (said, points), begun in zip(steps, ends, strict=False):
        x, wide = (min(begun, begun + points) - low) * scale, max(abs(points) * scale, 1)
        rows.append(_step(said, points, (x, wide), -low * scale))
    total = ends[-1]
    rows.append(
        f"<tr class=sum><td class=n>{total:+.2f}</td><td></td><td>log-odds in all: p({found.told}) "
        f"{1 / (1 + math.exp(-max(min(total, 700.0), -700.0))):.3f}</td></tr>"
    )
    if found.overruled:
        rows.append(f"<tr><td></td><td></td><td>{words(found.overruled)}</td></tr>")
    return (
        "<table class=waterfall><thead><tr><th class=n scope=col>points</th><th scope=col>drawn</th>"
        f"<th scope=col>reason</th></tr></thead><tbody>{''.join(rows)}</tbody></table>"
    )


def _step(said: str, points: float, bar: tuple[float, float], zero: float) -> str:
    """Return one reason: its points, its bar, its words; ``zero`` is where no points at all end."""
    x, wide = bar
    return (
        f'<tr><td class=n>{points:+.2f}</td><td><svg class=bar viewBox="0 0 202 14" width="202" height="14" '
        f'aria-hidden="true"><path d="M{zero:.1f} 0V14"/><rect class={"up" if points >= 0 else "down"} x="{x:.1f}" y="2" '
        f'width="{wide:.1f}" height="10"/></svg></td><td>{words(said, 400)}</td></tr>'
    )


def meter(value: float, label: str) -> str:
    """Return a share of 1 as a bar."""
    return (
        f'<svg class=meter viewBox="0 0 100 8" width="100" height="8" role="img" aria-label="{label}">'
        f'<rect class=rest width="100" height="8"/><rect width="{100 * min(1.0, max(0.0, value)):.1f}" height="8"/></svg>'
    )


def curve(points: Sequence[Threshold], name: str, noun: str) -> str:
    """Return one count over the thresholds, the one in use marked; ``name`` is the field of the count."""
    wide, high, left, foot = 300, 150, 46, 22
    values = [getattr(point, name) for point in points]
    most = max(1, *values)

    def at(point: Threshold) -> tuple[float, float]:
        value: int = getattr(point, name)
        return left + (wide - left - 10) * point.at, (high - foot) - (high - foot - 18) * value / most

    places = [at(point) for point in points]
    used = next(point for point in points if point.in_use)
    x, y = at(used)
    line = "M" + "L".join(f"{a:.1f} {b:.1f}" for a, b in places)
    anchor = "end" if x > wide - 90 else "start"
    return (
        f'<figure><figcaption>{noun}</figcaption><svg class=curve viewBox="0 0 {wide} {high}" role="img" '
        f'aria-label="{noun} by threshold: {getattr(used, name):,} at {used.at:.2f}, the threshold in use">'
        f'<path class=axis d="M{left} 10V{high - foot}H{wide - 8}"/>'
        f'<text x="{left - 6}" y="22" text-anchor="end">{most:,}</text>'
        f'<text x="{left - 6}" y="{high - foot}" text-anchor="end">0</text>'
        f'<path class=used d="M{x:.1f} 10V{high - foot}"/><path class=graph d="{line}"/>'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5"/>'
        f'<text class=value x="{x + (-7 if anchor == "end" else 7):.1f}" y="{max(22.0, y - 6):.1f}" '
        f'text-anchor="{anchor}">{getattr(used, name):,}</text>'
        + "".join(
            f'<text x="{left + (wide - left - 10) * tick:.1f}" y="{high - 7}" text-anchor="middle">{tick:g}</text>'
            for tick in (0, 0.25, 0.5, 0.75, 1)
        )
        + "</svg></figure>"
    )
