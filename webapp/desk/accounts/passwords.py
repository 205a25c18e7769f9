"""Passwords: a length, no common ones, nothing about their composition (NIST SP 800-63B)."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argon2 import PasswordHasher

FEWEST, MOST = 12, 200
"""Characters of a password; the upper end keeps the work of hashing bounded."""
_PADDING = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_LEET = str.maketrans("0134578@$!", "oleastb" + "asi")


class PasswordError(Exception):
    """A password that is not taken. The text is the sentence for who chose it."""


@cache
def _hasher() -> PasswordHasher:
    """argon2id with OWASP's least memory (19 MiB): a small host checks a password in some 30 ms."""
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


def check_choice(password: str, *about: str) -> None:
    """Raise PasswordError for a password that is too short, common, or made of words everybody knows (`about`)."""
    if len(password) < FEWEST:
        raise PasswordError(
            f"Please use at least {FEWEST} characters. Three or four words that do not belong together do."
        )
    if len(password) > MOST:
        raise PasswordError(f"Please use at most {MOST} characters.")
    if len(set(password.lower())) < 5 or _is_row(password.lower()):
        raise PasswordError("This is too easy to guess: the same few characters, or a row of the keyboard.")
    if _core(password) in _common() | {_core(word) for word in about if word}:
        raise PasswordError("This is one of the first passwords that anybody would try. Please choose another.")


def _core(password: str) -> str:
    """A password without what people put around a word: Password123! is password."""
    return re.sub(r"[\W_]+", "", _PADDING.sub("", password.lower()).translate(_LEET))


def _is_row(password: str) -> bool:
    rows = (
        "abcdefghijklmnopqrstuvwxyz",
        "01234567890123456789",
        "qwertyuiopasdfghjklzxcvbnm",
        "qwertzuiopasdfghjkl",
    )
    letters = re.sub(r"[\W_]+", "", password)
    return any(letters in row or letters[::-1] in row for row in rows)


@cache
def _common() -> frozenset[str]:
    text = (files("webapp.desk.accounts") / "common_passwords.txt").read_text(encoding="utf-8")
    return frozenset(_core(line) for line in text.split())


def hash_of(password: str) -> str:
    return _hasher().hash(password)


def is_right(password: str, password_hash: str | None) -> bool:
    """Whether a password belongs to a hash. Without one the same time is spent: nobody learns who has a password."""
    from argon2.exceptions import InvalidHashError, VerificationError

    if len(password) > MOST:
        return False
    try:
        return _hasher().verify(password_hash or _nobodys(), password) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobodys() -> str:
    return hash_of("a password that nobody has")
