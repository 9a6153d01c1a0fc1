"""One row of a corpus, as the article it was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dedup.article import Article

if TYPE_CHECKING:
    from dedup.corpus import Corpus


def article_at(corpus: Corpus, row: int) -> Article:
    """Return the article of a row."""
    return Article(
        text=corpus.texts[row].decode("utf-8", "surrogatepass"),
        id=corpus.ids[row],
        title=corpus.titles[row],
        source=corpus.sources[row],
        date=corpus.dates[row],
        language=corpus.languages[row],
        url=corpus.urls[row],
        where=corpus.wheres[row],
    )


def article_record(article: Article) -> dict[str, Any]:
    """Return an article by the field names of the input."""
    return {
        "id": article.id,
        "title": article.title,
        "text": article.text,
        "date": article.date,
        "source": article.source,
        "lang": article.language,
        "url": article.url,
    }
