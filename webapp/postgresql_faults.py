"""Why a PostgreSQL database cannot be used, in sentences for the owner.

On a connection that stands, the server gives each fault a code; before that psycopg has nothing but the server's own
words, which may be in any language. Where they are known they find the remedy, and they are told with it; they never
hold the password.
"""

from __future__ import annotations

import re

NOT_SET_UP = {"42P01", "42703"}
"""No such table, no such column: https://www.postgresql.org/docs/current/errcodes-appendix.html"""
FULL = {"53100"}
BUSY = {"55P03"}

NOT_UTF_8 = (
    "The database's encoding is not UTF-8, so it could not hold every text. Make one that is, as deploy/README.md "
    "says, and name it in DATABASE_URL."
)
NO_RIGHT = (
    "The user in DATABASE_URL may not change this database. Make that user the owner of the database and of its "
    "tables, as deploy/README.md says."
)
READ_ONLY = (
    "The database can be read, and not written: its server is a standby, or was set so. Name the server that is "
    "written to in DATABASE_URL."
)
NO_PLACE = (
    "The database server has no connection left for the site. Raise max_connections there, or run fewer workers: "
    "deploy/README.md has the sum."
)
NOT_THERE = (
    "The database server cannot be reached, or does not let the site in. Look whether it runs, and whether "
    "DATABASE_URL is right. When it is back, the site goes on by itself."
)
WRONG_USER = (
    "The database server does not take the user or the password in DATABASE_URL. Put them right there: in a password "
    "`@`, `:` and `/` are written `%40`, `%3A` and `%2F`."
)
NO_DATABASE = (
    "The server has no database of the name in DATABASE_URL. Put the name right, or make the database as "
    "deploy/README.md says; then run `flask db upgrade`."
)
NOT_LET_IN = (
    "The database server lets nobody in from this machine as DATABASE_URL says. Add a line for it to pg_hba.conf on "
    "the server, and have the server read that again."
)
WRONG_OPTION = "DATABASE_URL cannot be used: what stands after its `?` is wrong. Put it right, or take it out."

BY_CODE = {
    "42501": NO_RIGHT,
    "3F000": NO_RIGHT,  # no schema in which this user may make a table
    "25006": READ_ONLY,
    "53300": NO_PLACE,
}
STOOD_STILL = "25P03"
OF_THE_DATABASE = {*NOT_SET_UP, *BY_CODE, STOOD_STILL}
"""What psycopg takes for a fault of the statement, though no other statement would fare better."""
BROKEN_OFF = ("08", "57P", STOOD_STILL)
"""How the codes begin that say: the connection broke, the server stops or starts, or ended what stood too long."""
BY_WORDS = {
    r"authentication failed|no password supplied|role .* (does not exist|not permitted to log in)": WRONG_USER,
    r"too many (connections|clients)|connection slots": NO_PLACE,
    r"no pg_hba\.conf entry|pg_hba\.conf rejects|permission denied for database": NOT_LET_IN,
    r'database ".*" does not exist': NO_DATABASE,
    r"invalid (URI query parameter|connection option|sslmode)|(invalid|bad) .*value": WRONG_OPTION,
}
"""What is said by a server that does not let us in; the first that fits counts."""


class NotUtf8(Exception):  # noqa: N818 (a fault of the database, which nobody catches by this name)
    """A database of another encoding was opened."""


def says_not_set_up(error: object) -> bool:
    return getattr(error, "sqlstate", None) in NOT_SET_UP


def says_full(error: object) -> bool:
    return getattr(error, "sqlstate", None) in FULL


def says_busy(error: object) -> bool:
    return getattr(error, "sqlstate", None) in BUSY


def why_unusable(error: object) -> str | None:
    """The sentences for the owner, with the remedy; None for a fault of another kind, or of another database."""
    if isinstance(error, NotUtf8):
        return NOT_UTF_8
    code = getattr(error, "sqlstate", "none of PostgreSQL's")
    if code is not None:
        return NOT_THERE if code.startswith(BROKEN_OFF) else BY_CODE.get(code)
    sentence = next((told for words, told in BY_WORDS.items() if re.search(words, str(error))), NOT_THERE)
    return f"{sentence} The reason: {_reason(error)}."


def _reason(error: object) -> str:
    """The server's own words, on one line, without what every one of them begins with."""
    line = str(error).strip().partition("\n")[0]
    return line.removeprefix("connection failed: ").removeprefix("connection to ").rstrip(".")
