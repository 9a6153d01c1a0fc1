"""The stories of the page: a line each, and behind it who reported what and when, and what differs.

In: stories of a briefing. Out: markup, readable and foldable without scripts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dedup.plurals import many
from dedup.report.page.drawing import spread, strip
from dedup.report.page.levels import CALLED, rank_of
from dedup.report.page.markup import NAME_CHARS, day, isolated, link, span, stranger, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from dedup.briefs import Briefing, Fact, Story, Version

OPEN_LISTED = 100
"""Stories listed at once; the others stand behind a fold."""

RULES = {
    "first": "it has the smallest id (keep rule “first”)",
    "earliest": "it is the earliest (keep rule “earliest”)",
    "longest": "it is the longest (keep rule “longest”)",
}


def story_list(briefing: Briefing, outlets: Mapping[str, int]) -> Iterator[str]:
    """Yield the ranked list; ``outlets`` : the number each outlet is known by to the filter."""
    if not briefing.stories:
        yield "<p class=empty>Every article stands alone.</p>\n"
        return
    yield "<ol class=stories id=list>\n"
    for story in briefing.stories[:OPEN_LISTED]:
        yield from _story(briefing, story, outlets)
    yield "</ol>\n"
    rest = briefing.stories[OPEN_LISTED:]
    if rest:
        called, most = CALLED[briefing.level], rank_of(rest[0], briefing.level)
        yield (
            f"<details id=more><summary>{many(len(rest), f'more {called.one}', f'more {called.several}')}, of "
            f"{many(most, called.ranked_by)} or fewer</summary>\n<ol class=stories start={OPEN_LISTED + 1}>\n"
        )
        for story in rest:
            yield from _story(briefing, story, outlets)
        yield "</ol></details>\n"
    if briefing.unlisted:
        yield f"<p class=note>{briefing.unlisted:,} more are not listed here; <code>dedup cluster</code> has all.</p>\n"


def _story(briefing: Briefing, story: Story, outlets: Mapping[str, int]) -> Iterator[str]:
    """Yield one story, folded; a later one in short."""
    known = " ".join(str(number) for number in sorted(outlets[name] for name in story.outlets if name in outlets))
    first, last = ("" if each is None else str(each) for each in (story.first, story.last))
    doubtful = " data-doubt" if story.doubts else ""
    yield f'<li data-n={rank_of(story, briefing.level)} data-o="{known}" data-d="{first} {last}"{doubtful}>'
    yield from _in_full(briefing, story) if story.told else _in_short(briefing, story)
    yield "</li>\n"


def _head(story: Story) -> tuple[str, str]:
    """Return the title of a story and what is told of it in a line."""
    title = isolated(f"<b class=title>{words(story.title or story.events[0].versions[0].title)}</b>")
    copies = story.articles - story.reports
    facts = (
        many(story.articles, "article"),
        many(story.n_events, "event") if story.n_events > 1 else "",
        many(copies, "copy") if copies else "",
        span(story.first, story.last),
    )
    return title + (" <i class=flag>needs a person</i>" if story.doubts else ""), " · ".join(filter(None, facts))


def _in_full(briefing: Briefing, story: Story) -> Iterator[str]:
    """Yield a story with all that is told of it behind its line."""
    days = [version.day for event in story.events for version in event.versions if version.day is not None]
    several = story.first is not None and story.last is not None and story.first < story.last
    drawn = strip(days, story.first or 0, story.last or 0) if several and days else ""
    title, facts = _head(story)
    yield (
        f"<details><summary><b class=rank>{rank_of(story, briefing.level)}</b>"
        f"<span class=head>{title}<span class=facts>{facts}</span></span>{drawn}</summary>\n"
    )
    yield from _inside(briefing, story)
    yield "</details>"


def _inside(briefing: Briefing, story: Story) -> Iterator[str]:
    """Yield what stands behind the line of a story."""
    versions = [version for event in story.events for version in event.versions]
    yield "<div class=inside>"
    if story.first is not None and story.last is not None and story.first < story.last:
        yield spread(versions, story.first, story.last)
    why = RULES.get(briefing.keep, f"of its outlets it comes first in the keep rule “{words(briefing.keep, 200)}”")
    newsrooms = (
        f"{many(story.newsrooms, 'newsroom')} with a report of {'its' if story.newsrooms == 1 else 'their'} own, "
        f"{many(story.reports, 'text that is no copy', 'texts that are no copies')}. "
    )
    yield (
        f"<p class=why>{newsrooms if CALLED[briefing.level].ranked_by == 'newsroom' else ''}"
        f"Cohesion {story.cohesion:.2f}; <code>{words(story.id)}</code>. "
        f"{stranger(story.representative, NAME_CHARS)} represents it because {why}.</p>\n"
    )
    yield from _noted(briefing, story)
    yield from _common(story)
    for number, event in enumerate(story.events, start=1):
        if story.n_events > 1:
            yield (
                f"<h4>Event {number} <small><code>{words(event.id)}</code>, {day(event.versions[0].day)}, "
                f"{many(len(event.versions), 'article')}</small></h4>\n"
            )
        yield "<ul class=versions>"
        for version in event.versions:
            yield _version(version, first=version is versions[0] and _is_first(versions))
        yield "</ul>\n"
    if story.unlisted:
        yield f"<p class=note>… and {many(story.unlisted, 'more article')}.</p>"
    yield "</div>"


def _in_short(briefing: Briefing, story: Story) -> Iterator[str]:
    """Yield a later story as lines of text: thousands of them must not make the page slow."""
    title, facts = _head(story)
    yield f"<b class=rank>{rank_of(story, briefing.level)}</b><p class=plain>{title}\n{facts} · {words(story.id)}\n"
    yield "\n\n".join("\n".join(map(_line, event.versions)) for event in story.events)
    yield f"\n… and {many(story.unlisted, 'more article')}" if story.unlisted else ""
    yield from _noted(briefing, story)


def _line(version: Version) -> str:
    copied = f" ({_copied(version)} {isolated(words(version.copy_of, 60))})" if version.copy_of is not None else ""
    return (
        f"{day(version.day)} {isolated(words(version.outlet or 'no outlet', 40))} "
        f"{link(version.url, version.title or version.id)}{copied}"
    )


def _noted(briefing: Briefing, story: Story) -> Iterator[str]:
    """Yield why a person should look, and the pairs of the story shown side by side."""
    if story.doubts:
        doubts = (f"{_pair_link(briefing, number)}: {words(doubt, 400)}" for number, doubt in story.doubts)
        yield f"<p class=doubt>Needs a person: {'; '.join(doubts)}.</p>\n"
    if story.pairs:
        links = " ".join(_pair_link(briefing, number) for number in story.pairs)
        yield f"<p class=side>Side by side: {links}</p>\n"


def _pair_link(briefing: Briefing, number: int) -> str:
    """Return a pair's two outlets and what it is, leading to the two texts side by side."""
    return f'<a href="#pair-{number}">{_pair_name(briefing, number)}</a>'


def _pair_name(briefing: Briefing, number: int) -> str:
    pair = briefing.pairs[number - 1]
    ends = " and ".join(words(side.outlet or side.id, 30) for side in pair.sides)
    none = "unrelated" if briefing.level in ("event", "story") else "no copies"
    relation = {"near": "copies", "exact": "same text", "none": none}.get(pair.explanation.pair.relation, "")
    return ends + (f" ({relation})" if relation else "")


def _common(story: Story) -> Iterator[str]:
    """Yield what most versions tell and where they contradict each other."""
    if story.common:
        yield f"<p><b class=label>Most tell</b> {_facts(story.common)}</p>\n"
    if not story.differences:
        return
    yield "<table class=differ><caption>Where versions differ</caption><tbody>"
    for each in story.differences:
        cells = "".join(
            f"<li><bdi>…{words(each.before, 60)} <b>{words(text, 40)}</b> {words(each.after, 40)}…</bdi> "
            f"<span class=who>{', '.join(words(name, 40) for name in who[:6])}"
            f"{f' and {len(who) - 6} more' if len(who) > 6 else ''}</span></li>"
            for text, who in each.said[:5]
        )
        yield f"<tr><td><ul>{cells}</ul></td></tr>"
    yield "</tbody></table>\n"


def _facts(facts: tuple[Fact, ...]) -> str:
    return " ".join(f"<bdi class=fact-{fact.kind}>{words(fact.text, 60)}</bdi>" for fact in facts)


def _is_first(versions: Sequence[Version]) -> bool:
    """Say whether the first of some versions, in the order of time, is known to be earlier than the others."""
    begun = versions[0].day
    return begun is not None and all(other.day is not None and other.day > begun for other in versions[1:])


def _copied(version: Version) -> str:
    """Return what an article is to the one whose text it has: of one day nobody knows who copied whom."""
    return "copy of" if version.later else "same text as"


def _version(version: Version, *, first: bool) -> str:
    """Return one article of a story: when, where, its title, and what it is or brings."""
    parts = [
        f"<li{' class=copied' if version.copy_of is not None else ''}>{day(version.day)} "
        f"<b dir=auto>{words(version.outlet, 40) if version.outlet else 'no outlet'}</b> "
        f"{link(version.url, version.title or version.id)}"
    ]
    if version.copy_of is not None:
        shared = f", {100 * version.shared:.0f} % of the wording" if version.shared is not None else ""
        parts.append(f" <span class=copyof>{_copied(version)} {stranger(version.copy_of, 60)}{shared}</span>")
    if first:
        parts.append(" <small>first seen</small>")
    if version.new:
        more = f" and {version.more_new} more" if version.more_new else ""
        parts.append(f"<div class=new><b class=label>New here</b> {_facts(version.new)}{more}</div>")
    if version.sentence:
        parts.append(f'<blockquote dir="auto">{words(version.sentence, 320)}</blockquote>')
    return "".join(parts) + "</li>"
