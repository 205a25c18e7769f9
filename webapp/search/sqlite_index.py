"""The search index in SQLite: FTS5."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Float, Integer, Select, String, Subquery, bindparam, column, delete, select, table, text
from sqlalchemy.orm import Session

from webapp.editorial.characters import without_forbidden
from webapp.search.index import COLUMNS, MARK_CLOSE, MARK_OPEN, WEIGHTS, Entry
from webapp.search.terms import Query


class SqliteIndex:
    """FTS5: Porter stems, no accents, bm25 ranking. Its tables come with the migrations."""

    def replace(self, session: Session, entries: Sequence[Entry]) -> None:
        rows = [
            {"id": entry.id} | {name: without_forbidden(getattr(entry, name)) for name in COLUMNS} for entry in entries
        ]
        self.remove(session, [entry.id for entry in entries])
        if rows:
            names, places = ", ".join(COLUMNS), ", ".join(f":{name}" for name in COLUMNS)
            session.execute(text(f"INSERT INTO summary_search (rowid, {names}) VALUES (:id, {places})"), rows)
            words = [{"id": row["id"], "words": " ".join(str(row[name]) for name in COLUMNS)} for row in rows]
            session.execute(text("INSERT INTO summary_words (rowid, words) VALUES (:id, :words)"), words)

    def remove(self, session: Session, ids: Iterable[int]) -> None:
        rows = [{"id": number} for number in ids]
        if rows:
            session.execute(text("DELETE FROM summary_search WHERE rowid = :id"), rows)
            session.execute(text("DELETE FROM summary_words WHERE rowid = :id"), rows)

    def keep_only(self, session: Session, ids: Select[int]) -> None:
        for name in ("summary_search", "summary_words"):
            session.execute(delete(table(name)).where(column("rowid").not_in(ids)))

    def matches(self) -> Subquery:
        weights = ", ".join(str(weight) for weight in WEIGHTS)
        found = f"SELECT rowid AS id, bm25(summary_search, {weights}) AS rank"
        statement = text(
            f"{found}, 0 AS is_loose FROM summary_search WHERE summary_search MATCH :every "
            f"UNION ALL {found}, 1 AS is_loose FROM summary_search WHERE summary_search MATCH :some "
            "AND NOT EXISTS (SELECT 1 FROM summary_search WHERE summary_search MATCH :every)"
            " ORDER BY rank LIMIT :most"
        )
        return statement.columns(column("id", Integer), column("rank", Float), column("is_loose", Integer)).subquery(
            "matches"
        )

    def excerpts(self) -> Subquery:
        # The first of these columns that holds a matched word; none when the sentence on the card holds one, or when
        # only names or headings match.
        shown = {"description": 60, "body": 28, "findings": 28}
        snippets = ", ".join(
            f"snippet(summary_search, {COLUMNS.index(name)}, '{MARK_OPEN}', '{MARK_CLOSE}', ' … ', {length}) AS {name}"
            for name, length in shown.items()
        )
        whens = " ".join(f"WHEN instr({name}, '{MARK_OPEN}') THEN {name}" for name in ("body", "findings"))
        statement = text(
            f"SELECT id, CASE WHEN instr(description, '{MARK_OPEN}') THEN NULL {whens} END AS excerpt "
            f"FROM (SELECT rowid AS id, {snippets} "
            "FROM summary_search WHERE summary_search MATCH :some AND rowid IN :ids)"
        ).bindparams(bindparam("ids", expanding=True))
        return statement.columns(column("id", Integer), column("excerpt", String)).subquery("excerpts")

    def values(self, query: Query) -> dict[str, Any]:
        return {"every": _fts(query, " AND "), "some": _fts(query, " OR ")}

    def vocabulary(self) -> Select[str]:
        return select(column("term", String)).select_from(table("summary_vocabulary"))


def _fts(query: Query, joined: str) -> str:
    """The query in FTS5's language. Every word is a quoted string, so nothing typed can be an operator."""
    groups = [" OR ".join(f'"{name}"' for name in group) + _prefix(group) for group in query.groups]
    return joined.join(f"({group})" for group in groups) or '""'


def _prefix(group: tuple[str, ...]) -> str:
    """A word of three letters and more also finds longer ones, unless its other names are known: "wee" is no week."""
    return "*" if len(group) == 1 and len(group[0]) > 2 else ""
