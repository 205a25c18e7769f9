"""The search index in PostgreSQL: its own full text search, with the stems and the words of the other one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Float, Integer, Select, String, Subquery, bindparam, column, delete, select, table, text
from sqlalchemy.orm import Session

from webapp.editorial.characters import without_forbidden
from webapp.search.index import COLUMNS, MARK_CLOSE, MARK_OPEN, Entry
from webapp.search.terms import Query

LETTERS = dict(zip(COLUMNS, "ABBCCCDD", strict=True))
"""PostgreSQL tells four weights apart, by letters."""
WEIGHTS = "{0.1, 0.35, 0.6, 1.0}"
"""How much a match counts, from D to A."""
SHOWN = {"description": 60, "body": 28, "findings": 28}
"""The texts of which an excerpt is made, and its words."""
_WORD = re.compile(r"[^\W_]+")
_STEMS = " || ".join(
    f"setweight(to_tsvector('summary_search', CAST(:words_of_{name} AS text)), '{letter}')"
    for name, letter in LETTERS.items()
)
_INSERT = text(
    "INSERT INTO summary_search (id, description, findings, body, stems, words) VALUES "
    f"(:id, :description, :findings, :body, {_STEMS}, to_tsvector('simple', CAST(:every_word AS text)))"
)


class PostgresqlIndex:
    """Porter stems, no accents. Its table comes with the migrations."""

    def replace(self, session: Session, entries: Sequence[Entry]) -> None:
        self.remove(session, [entry.id for entry in entries])
        if rows := [_row(entry) for entry in entries]:
            session.execute(_INSERT, rows)

    def remove(self, session: Session, ids: Iterable[int]) -> None:
        if rows := [{"id": number} for number in ids]:
            session.execute(text("DELETE FROM summary_search WHERE id = :id"), rows)

    def keep_only(self, session: Session, ids: Select[int]) -> None:
        session.execute(delete(table("summary_search")).where(column("id").not_in(ids)))

    def matches(self) -> Subquery:
        statement = text(
            f"SELECT id, {_found('every')} AS rank, 0 AS is_loose FROM summary_search WHERE {_is('every')} "
            f"UNION ALL SELECT id, {_found('some')}, 1 FROM summary_search WHERE {_is('some')} "
            f"AND NOT EXISTS (SELECT 1 FROM summary_search WHERE {_is('every')})"
            " ORDER BY rank LIMIT :most"
        )
        return statement.columns(column("id", Integer), column("rank", Float), column("is_loose", Integer)).subquery(
            "matches"
        )

    def excerpts(self) -> Subquery:
        headlines = ", ".join(
            f"ts_headline('summary_search', {name}, to_tsquery('summary_search', :some), 'StartSel={MARK_OPEN}, "
            f"StopSel={MARK_CLOSE}, MaxFragments=1, FragmentDelimiter= … , MaxWords={words}, MinWords=5') AS {name}"
            for name, words in SHOWN.items()
        )
        whens = " ".join(f"WHEN strpos({name}, '{MARK_OPEN}') > 0 THEN {name}" for name in ("body", "findings"))
        statement = text(
            f"SELECT id, CASE WHEN strpos(description, '{MARK_OPEN}') > 0 THEN NULL {whens} END AS excerpt "
            f"FROM (SELECT id, {headlines} FROM summary_search WHERE {_is('some')} AND id IN :ids) AS found"
        ).bindparams(bindparam("ids", expanding=True))
        return statement.columns(column("id", Integer), column("excerpt", String)).subquery("excerpts")

    def values(self, query: Query) -> dict[str, Any]:
        return {"every": _tsquery(query, " & "), "some": _tsquery(query, " | ")}

    def vocabulary(self) -> Select[str]:
        words = text("SELECT word AS term FROM ts_stat('SELECT words FROM summary_search')")
        return select(words.columns(column("term", String)).subquery().c.term)


def _is(which: str) -> str:
    return f"stems @@ to_tsquery('summary_search', :{which})"


def _found(which: str) -> str:
    """Lower is better, as in SQLite."""
    return f"-ts_rank('{WEIGHTS}', stems, to_tsquery('summary_search', :{which}), 1)"


def _row(entry: Entry) -> dict[str, Any]:
    texts = {name: without_forbidden(getattr(entry, name)) for name in COLUMNS}
    words = {name: " ".join(_words(value)) for name, value in texts.items()}
    return {
        "id": entry.id,
        "every_word": " ".join(words.values()),
        **{name: texts[name] for name in SHOWN},
        **{f"words_of_{name}": value for name, value in words.items()},
    }


def _words(value: str) -> list[str]:
    """The words of a text as SQLite takes it apart: without accents and signs. So DOIs and times are found as well."""
    plain = "".join(one for one in unicodedata.normalize("NFKD", value) if not unicodedata.combining(one))
    return _WORD.findall(plain.lower())


def _tsquery(query: Query, joined: str) -> str:
    """The query in the language of to_tsquery. Every word is quoted, so nothing typed can be an operator."""
    groups = [" | ".join(_one(name, is_prefix=_is_prefix(group)) for name in group) for group in query.groups]
    return joined.join(f"({group})" for group in groups if group)


def _one(name: str, *, is_prefix: bool) -> str:
    words = " ".join(_words(name))
    return f"'{words}'{':*' if is_prefix else ''}"


def _is_prefix(group: tuple[str, ...]) -> bool:
    """A word of three letters and more also finds longer ones, unless its other names are known: "wee" is no week."""
    return len(group) == 1 and len(group[0]) > 2
