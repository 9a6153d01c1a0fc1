"""Tables in memory as a corpus, and the clusters of their rows as more columns.

In: a pandas or polars frame, an Arrow table, a Hugging Face dataset. Out: a corpus whose texts stay in the table's own
memory; the same kind of table with columns behind its own. Rows whose text is null take no part.
"""

from __future__ import annotations

from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING, Any

from dedup.arrow_texts import texts_of
from dedup.article import Article
from dedup.corpus import as_article, build_corpus
from dedup.errors import InputError
from dedup.read.arrow_values import as_binary, holds_text, is_utf8, values_of
from dedup.read.fields import FieldError, plan_fields
from dedup.read.naming import list_names, one_line
from dedup.read.options import ReadOptions
from dedup.settings import LEVELS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dedup.arrow_texts import ArrowTexts
    from dedup.corpus import Corpus
    from dedup.results import Result
    from dedup.table_kinds import TableKind

COLUMN_FIELDS = ("text", "id", "title", "source", "date", "language", "url")
"""The fields of an article a column can be named for, in the order of the article."""


_PILE = "articles"
"""What the pile is called in messages: the name of the parameter."""


class TableArticles:
    """The rows of a table as articles; ``asked`` names the columns of fields, others are found by their usual names."""

    def __init__(self, table: TableKind, asked: Mapping[str, str]) -> None:
        self._table = table
        self._names = _named_columns(table.names, asked)
        self._rows: list[int] = []
        self._ids: list[str] = []

    def corpus(self) -> Corpus:
        """Return the rows that have a text as a corpus; InputError names a column or row that cannot be used."""
        others = {field: self._values(name) for field, name in self._names.items() if field != "text"}
        self._ids = others.get("id", [])
        text = self._table.column(self._names["text"])
        if isinstance(text, list):
            self._rows = [k for k, value in enumerate(text) if not _is_null(value)]
            for k in self._rows:
                if not isinstance(text[k], str):
                    met = f"column '{one_line(self._names['text'])}' is a {type(text[k]).__name__}"
                    raise InputError(_place(k), f"{met}; wanted text or null")
            records = ({"text": text[k], **{field: values[k] for field, values in others.items()}} for k in self._rows)
            return build_corpus(as_article(record, k) for k, record in zip(self._rows, records, strict=True))
        texts = _checked_texts(text, self._names["text"])
        known = texts.known()
        self._rows = known.tolist()
        unknown = [""] * len(texts)
        fields = list(zip(*(others.get(field, unknown) for field in COLUMN_FIELDS[1:]), strict=True))
        return build_corpus((Article(*("", *fields[k], _place(k))) for k in self._rows), texts.picked(known))

    def with_clusters(self, result: Result) -> Any:
        """Return the caller's table with the clusters of each row behind its columns, null where it has no text.

        The representative is told by the id it has in the table; where the rows have no ids of their own, or share
        them, by the one it was given, and all that were given become a column.
        """
        import pyarrow as pa

        rows = list(result.rows)
        ids = [row.id for row in rows]
        kept_own = "id" in self._names and [self._ids[k] for k in self._rows] == ids
        own = self._table.column(self._names["id"]) if kept_own else []
        columns = {} if not isinstance(own, list) else {"id": self._spread(ids, pa.string())}
        for level in LEVELS:
            columns[level] = self._spread([getattr(row, level) for row in rows], pa.string())
        if isinstance(own, list):
            columns["representative"] = self._spread([row.representative for row in rows], pa.string())
        else:
            place = dict(zip(ids, self._rows, strict=True))
            kept = self._spread([place[row.representative] for row in rows], pa.int64())
            columns["representative"] = _taken(own.combine_chunks(), kept)
        return self._table.with_columns({self._free(name): column for name, column in columns.items()})

    def _values(self, name: str) -> list[str]:
        """Return a column as the text of each row, empty where it is unknown."""
        column = self._table.column(name)
        if not isinstance(column, list):
            arrays = _validated(column, name)
            column = chain.from_iterable(map(values_of, arrays))
        return [
            value if type(value) is str and value.isascii() else _as_text(value, name, k)
            for k, value in enumerate(column)
        ]

    def _spread(self, values: Sequence[Any], kind: Any) -> Any:
        """Return an Arrow array with a value for each row that took part and null for the others."""
        import pyarrow as pa

        spread: list[Any] = [None] * self._table.n_rows
        for k, value in zip(self._rows, values, strict=True):
            spread[k] = value
        return pa.array(spread, kind)

    def _free(self, name: str) -> str:
        """Return a name no column has."""
        while name in self._table.names:
            name = f"dedup_{name}"
        return name


def _named_columns(names: Sequence[Any], asked: Mapping[str, str]) -> dict[str, str]:
    """Return the column of each field there is."""
    known = [name for name in names if isinstance(name, str)]
    missing = [name for name in asked.values() if name not in known]
    if missing:
        reason = (
            f"no column {list_names(map(str, missing))} in the table (found: {list_names(known)}); name one of those"
        )
        raise InputError(_PILE, reason)
    try:
        plan = plan_fields(known, _options(asked))
    except FieldError:
        reason = f"no column 'text' in the table (found: {list_names(known)}); name the texts' column with text=..."
        raise InputError(_PILE, reason) from None
    found = {field: getattr(plan, field) for field in COLUMN_FIELDS if getattr(plan, field) is not None}
    count = Counter(known)
    twice = sorted({name for name in found.values() if count[name] > 1})
    if twice:
        raise InputError(_PILE, f"the table names columns twice ({list_names(twice)}); wanted each name once")
    return found


def _options(asked: Mapping[str, str]) -> ReadOptions:
    given: dict[str, Any] = {f"{'lang' if field == 'language' else field}_field": name for field, name in asked.items()}
    return ReadOptions(**given)


def _checked_texts(column: Any, name: str) -> ArrowTexts:
    """Return a column's texts where they are, every one of them UTF-8."""
    import pyarrow as pa

    if column.null_count == len(column):  # frames give columns without a value any type
        column = pa.chunked_array([pa.nulls(len(column))])
    if not holds_text(column.type):
        kind = one_line(str(column.type))[:40]
        raise InputError(_PILE, f"column '{one_line(name)}' is {kind}, not text; name another with text=...")
    arrays = _validated(column, name)
    texts = texts_of(arrays)
    if not all(map(is_utf8, arrays)):
        for k in texts.known().tolist():
            try:
                str(texts[k], "utf-8")
            except UnicodeDecodeError as error:
                reason = f"column '{one_line(name)}' is not valid UTF-8 at byte {error.start + 1}; decode it first"
                raise InputError(_place(k), reason) from None
    return texts


def _validated(column: Any, name: str) -> list[Any]:
    """Return the arrays of a column, strings as bytes, after a look at their offsets."""
    import pyarrow as pa

    arrays = [as_binary(chunk) for chunk in column.chunks]
    try:
        for array in arrays:
            array.validate(full=True)
    except pa.ArrowInvalid as error:
        raise InputError(_PILE, f"column '{one_line(name)}' is damaged ({one_line(str(error))[:160]})") from None
    return arrays


def _as_text(value: Any, name: str, row: int) -> str:
    if _is_null(value):
        return ""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, list | dict):
        reason = f"column '{one_line(name)}' is a {type(value).__name__}; wanted text, a number, a date or null"
        raise InputError(_place(row), reason)
    return str(value).encode("utf-8", "replace").decode()


def _taken(array: Any, rows: Any) -> Any:
    """Return the values of some rows; Arrow cannot yet take from views."""
    import pyarrow as pa

    return (array.cast(pa.large_string()) if str(array.type) == "string_view" else array).take(rows)


def _is_null(value: Any) -> bool:
    return value is None or bool(type(value) is float and value != value)  # noqa: PLR0124 - only NaN differs from itself


def _place(row: int) -> str:
    return f"{_PILE}[{row}]"
