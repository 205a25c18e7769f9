"""The search index in PostgreSQL: its own full text search, with the stems and the words of the other one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Float, Integer, Select, String, Subquery, bindparam, column, select, table, text
from sqlalchemy.orm import Session

from webapp.editorial.characters import without_forbidden
from webapp.search.index import COLUMNS, MARK_CLOSE, MARK_OPEN, Entry
from webapp.search.terms import Query

LETTERS = dict(zip(COLUMNS, "ABBCCCDD", strict=True))
"""PostgreSQL tells four weights apart, by letters."""
WEIGHTS = "{0.1, 0.3, 0.6, 1.0}"
"""How much a match counts, from D to A: tenths of what it counts in SQLite."""
SHOWN = ("description", "body", "findings")
"""The texts that an excerpt is made for: out of the second or the third, where the first holds no match."""
SHOWN_WORDS = 36
MOST_RANKED = 2_000
"""Summaries that a search ranks: the newest that it finds. One takes microseconds, and some words stand in all."""
MOST_COUNTED = 1_000
"""Summaries that are counted to know how rare a word is: what more of them have is not rare."""
_LONGEST = 500
"""Letters of a word that are looked at: PostgreSQL takes 2,046 bytes."""
_WORD = re.compile(r"[^\W_]+")
_STEMS = " || ".join(
    f"setweight(to_tsvector('summary_search', CAST(:words_of_{name} AS text)), '{letter}')"
    for name, letter in LETTERS.items()
)
_INSERT = text(
    "INSERT INTO summary_search (id, description, findings, body, length, stems, words) VALUES "
    f"(:id, :description, :findings, :body, :length, {_STEMS}, "
    "strip(to_tsvector('simple', CAST(:every_word AS text))))"
)
_WORDS_OF = "SELECT lexeme, count(*) AS n FROM summary_search, unnest(words) WHERE id = ANY(:ids) GROUP BY lexeme"
_COUNT_IN = text(
    f"INSERT INTO summary_vocabulary (term, summaries) {_WORDS_OF} "
    "ON CONFLICT (term) DO UPDATE SET summaries = summary_vocabulary.summaries + excluded.summaries"
)
_COUNT_OUT = text(
    f"UPDATE summary_vocabulary SET summaries = summaries - n FROM ({_WORDS_OF}) AS gone WHERE term = lexeme"
)
_DELETE = text("DELETE FROM summary_search WHERE id = ANY(:ids)")


def _is(which: str) -> str:
    return f"stems @@ to_tsquery('summary_search', :{which})"


def _newest(which: str, is_loose: int, condition: str = "true") -> str:
    """The newest summaries found. Those that have all words come from the index, since nobody says how many there will
    be (the subquery); whether the words of a name stand together is looked up in them, until there are enough.
    """
    return f"""
    SELECT id, length, stems, {is_loose} AS is_loose FROM (
        SELECT id FROM summary_search
        WHERE stems @@ (SELECT to_tsquery('summary_search', :{which}_apart)) AND {condition}
        ORDER BY id DESC OFFSET 0
    ) AS near, LATERAL (SELECT length, stems FROM summary_search AS one WHERE one.id = near.id OFFSET 0) AS own
    WHERE CAST(:{which} AS text) = CAST(:{which}_apart AS text) OR {_is(which)} LIMIT {MOST_RANKED}"""


_MATCHES = f"""
WITH size AS (
    SELECT greatest(count(*), (SELECT reltuples FROM pg_class WHERE oid = CAST('summary_search' AS regclass))) AS every,
    avg(length) AS length FROM (SELECT length FROM summary_search LIMIT {MOST_COUNTED}) AS several
), asked AS MATERIALIZED (
    SELECT part, names * greatest(0.000001, ln((every - having_it + 0.5) / (having_it + 0.5))) AS rarity
    FROM size, (
        SELECT to_tsquery('summary_search', name) AS part, count(*) AS names
        FROM unnest(CAST(:parts AS text[])) AS name GROUP BY part
    ) AS alike, LATERAL (
        SELECT count(*) AS having_it
        FROM (SELECT FROM summary_search WHERE stems @@ part LIMIT {MOST_COUNTED}) AS several
    ) AS counted
    WHERE having_it > 0
), whole AS MATERIALIZED ({_newest("every", 0)}
), found AS MATERIALIZED (
    SELECT * FROM whole UNION ALL ({_newest("some", 1, "NOT EXISTS (SELECT FROM whole)")})
)
SELECT id, rank, is_loose FROM found, size, LATERAL (
    SELECT -sum(rarity * 2.2 * times / (times + 0.3 + 0.9 * found.length / size.length)) AS rank
    FROM asked, LATERAL (SELECT 10 * ts_rank_cd('{WEIGHTS}', stems, part) AS times OFFSET 0) AS weighed
) AS ranked
ORDER BY rank LIMIT :most
"""
"""bm25, as SQLite ranks with it: a word counts by how few summaries have it, how often and where it stands in this
one, and by how short this one is. For one word, ts_rank_cd is the sum of the weights of its places.
"""

_SOME = "to_tsquery('summary_search', :some)"
_HEADLINE = (
    f"StartSel={MARK_OPEN}, StopSel={MARK_CLOSE}, MaxFragments=1, MaxWords={SHOWN_WORDS}, MinWords=5, ShortWord=0"
)
_EXCERPTS = f"""
SELECT id, concat(
    CASE WHEN strpos(whole, plain) > 1 THEN ' … ' END, excerpt, CASE WHEN rest ~ '\\w' THEN ' … ' ELSE rest END
) AS excerpt
FROM summary_search, LATERAL (
    SELECT whole, regexp_replace(headline, '^[^{MARK_OPEN}]*[.!?]\\s+', '') AS excerpt
    FROM (VALUES (1, body), (2, findings)) AS texts (place, whole),
    LATERAL (SELECT ts_headline('summary_search', whole, {_SOME}, '{_HEADLINE}') AS headline OFFSET 0) AS made
    WHERE strpos(headline, '{MARK_OPEN}') > 0 ORDER BY place LIMIT 1
) AS best, translate(excerpt, '{MARK_OPEN}{MARK_CLOSE}', '') AS plain,
substr(whole, strpos(whole, plain) + length(plain)) AS rest
WHERE id IN :ids AND {_is("some")} AND NOT to_tsvector('summary_search', description) @@ {_SOME}
"""
"""From the beginning of the sentence, as SQLite prefers it, with dots where the text goes on."""


class PostgresqlIndex:
    """Porter stems, no accents. Its tables come with the migrations."""

    def replace(self, session: Session, entries: Sequence[Entry]) -> None:
        self.remove(session, ids := [entry.id for entry in entries])
        if rows := [_row(entry) for entry in entries]:
            session.execute(_INSERT, rows)
            session.execute(_COUNT_IN, {"ids": ids})

    def remove(self, session: Session, ids: Iterable[int]) -> None:
        if numbers := list(ids):
            session.execute(_COUNT_OUT, {"ids": numbers})
            session.execute(_DELETE, {"ids": numbers})

    def keep_only(self, session: Session, ids: Select[int]) -> None:
        others = select(column("id", Integer)).select_from(table("summary_search")).where(column("id").not_in(ids))
        self.remove(session, session.scalars(others))

    def matches(self) -> Subquery:
        names = ("id", Integer), ("rank", Float), ("is_loose", Integer)
        return text(_MATCHES).columns(*(column(name, type_) for name, type_ in names)).subquery("matches")

    def excerpts(self) -> Subquery:
        statement = text(_EXCERPTS).bindparams(bindparam("ids", expanding=True))
        return statement.columns(column("id", Integer), column("excerpt", String)).subquery("excerpts")

    def values(self, query: Query) -> dict[str, Any]:
        parts = [_one(name, is_prefix=_is_prefix(group)) for group in query.groups for name in group]
        asked = {"every": _tsquery(query, " & "), "some": _tsquery(query, " | ")}
        apart = {f"{which}_apart": words.replace("<->", "&") for which, words in asked.items()}
        return asked | apart | {"parts": [one for one in parts if one]}

    def vocabulary(self) -> Select[str]:
        return select(column("term", String)).select_from(table("summary_vocabulary")).where(text("summaries > 0"))


def _row(entry: Entry) -> dict[str, Any]:
    texts = {name: without_forbidden(getattr(entry, name)) for name in COLUMNS}
    words = {name: _words(value) for name, value in texts.items()}
    return {
        "id": entry.id,
        "length": sum(map(len, words.values())),
        "every_word": " ".join(word for found in words.values() for word in found),
        **{name: texts[name] for name in SHOWN},
        **{f"words_of_{name}": " ".join(found) for name, found in words.items()},
    }


def _words(value: str) -> list[str]:
    """The words of a text as SQLite takes it apart: without accents and signs. So DOIs and times are found as well."""
    plain = "".join(one for one in unicodedata.normalize("NFKD", value) if not unicodedata.combining(one))
    return [word[:_LONGEST] for word in _WORD.findall(plain.lower())]


def _tsquery(query: Query, joined: str) -> str:
    """The query in the language of to_tsquery. Every word is quoted, so nothing typed can be an operator."""
    groups = [[_one(name, is_prefix=_is_prefix(group)) for name in group] for group in query.groups]
    return joined.join(f"({' | '.join(f'({one})' for one in group if one)})" for group in groups if any(group))


def _one(name: str, *, is_prefix: bool) -> str:
    """The words of a name, one after the other; empty where it has none."""
    words = " <-> ".join(f"'{word}'" for word in _words(name))
    return f"{words}:*" if words and is_prefix else words


def _is_prefix(group: tuple[str, ...]) -> bool:
    """A word of three letters and more also finds longer ones, unless its other names are known: "wee" is no week."""
    return len(group) == 1 and len(group[0]) > 2
