"""The bytes of one JSON object after the other, as articles.

Anything a record can hold wrongly costs that record and is told to the listener; nothing else is raised.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from dedup.read.encodings import fault_reason
from dedup.read.fields import FieldError, FieldPlan, build_article, plan_fields
from dedup.read.naming import STDIN_NAME, list_names, one_line

if TYPE_CHECKING:
    from dedup.article import Article
    from dedup.read.listener import Listener
    from dedup.read.options import ReadOptions

_KNOWN_SHAPES = 256
"""Shapes of records remembered; a feed has a few, hostile input as many as records."""


class RecordError(ValueError):
    """A record Python's parser takes and we do not."""


class RecordParser:
    """Reads records of one file; what it learns about their shape serves the next."""

    def __init__(self, where: str, options: ReadOptions, listener: Listener) -> None:
        self._where = where
        self._options = options
        self._listener = listener
        self._decode = json.JSONDecoder(object_pairs_hook=_without_duplicates, parse_constant=_refuse).decode
        self._plans: dict[tuple[str, ...], FieldPlan] = {}
        self._noted: set[str] = set()

    def article(self, line: bytes, where: str) -> Article | None:
        """Return the article in one record's bytes, or None after telling the listener what is wrong with it."""
        try:
            record = self._decode(line.decode())
            if type(record) is not dict:
                reason = f"a JSON {_KINDS.get(type(record), 'value')}, not an object with named fields"
            else:
                plan = self._plans.get(tuple(record)) or self._new_plan(record, where)
                article = build_article(record, plan, where)
                self._listener.rest(where, record, plan.used)
                return article
        except UnicodeDecodeError as error:
            reason = fault_reason(error, self._options.encoding)
        except json.JSONDecodeError as error:
            reason = f"malformed JSON: {error.msg} at character {error.pos + 1}; wanted one whole object"
            if self._where == STDIN_NAME and not line.lstrip().startswith((b"{", b"[")):
                reason = "not JSON; wanted one object a line, or the format of standard input named with --input-format"
        except (RecordError, FieldError) as fault:
            reason = str(fault)
        except ValueError:  # Python's limit on digits
            reason = "malformed JSON: a number of too many digits"
        except RecursionError:
            reason = "malformed JSON: nested too deeply"
        self._listener.bad(where, reason)
        return None

    def _new_plan(self, record: dict[str, Any], where: str) -> FieldPlan:
        plan = plan_fields(record, self._options)
        for name in plan.missing:
            if name not in self._noted:
                self._noted.add(name)
                found = list_names(record)
                self._listener.note(f"{where}: no field '{one_line(name)}' here (found: {found}); left empty")
        if len(self._plans) < _KNOWN_SHAPES:
            self._plans[tuple(record)] = plan
        return plan


_KINDS = {list: "list", str: "string", int: "number", float: "number", bool: "true or false", type(None): "null"}


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record = dict(pairs)
    if len(record) != len(pairs):
        seen: set[str] = set()
        twice = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        message = f"field '{one_line(twice[:40])}' stands twice in one object; wanted each name once"
        raise RecordError(message)
    return record


def _refuse(constant: str) -> Any:
    message = f"{constant} is no JSON value; wanted a number, or null for a missing one"
    raise RecordError(message)
