"""A reply as a link: it opens whole in any mail program, whatever was written."""

from __future__ import annotations

import datetime as dt
import re
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from webapp.desk.inbox.reply import LEFT_OUT, MOST, reply_to
from webapp.models import Message

WRITTEN_AT = dt.datetime(2026, 11, 20, 21, 14, tzinfo=dt.UTC)


def reply(text: str, *, name: str | None = "Kim", address: str = "kim@example.org") -> tuple[str, str, str, bool]:
    """Whom a mail program would write to, the subject, the text, and whether something was left out."""
    message = Message(name=name, address=address, text=text, written_at=WRITTEN_AT)
    link, is_cut = reply_to(message, "A question about a summary")
    assert len(link) <= MOST
    assert re.fullmatch(r"mailto:[\w.~%@-]+\?subject=[\w.~%-]+&body=[\w.~%-]+", link, re.ASCII), "all else is encoded"
    assert not re.search(r"%(?![0-9A-F]{2})", link)
    parts = urlsplit(link)
    fields = parse_qs(parts.query, strict_parsing=True, errors="strict")
    assert set(fields) == {"subject", "body"}
    return unquote(parts.path), fields["subject"][0], fields["body"][0], is_cut


def test_it_names_address_and_topic_and_quotes_the_message() -> None:
    address, subject, body, is_cut = reply("Is it open?\n\nThank you.")
    assert (address, subject) == ("kim@example.org", "Re: A question about a summary")
    assert body == "\r\n\r\n\r\nKim wrote on 20 November 2026:\r\n\r\n> Is it open?\r\n>\r\n> Thank you."
    assert not is_cut
    assert "You wrote on" in reply("Is it open?", name=None)[2]


@pytest.mark.parametrize(
    "text",
    [
        "a&body=b&cc=all@example.org?#",
        "50 % + 1 = ?",
        "Zürich, Łódź, 東京, 🦽",
        "half \ud800 a character",
        "\r\nBcc: a",
    ],
)
def test_every_character_arrives(text: str) -> None:
    body = reply(text)[2]
    quoted = body.partition(":\r\n\r\n")[2].replace("\r\n> ", "\n").removeprefix("> ").replace(">\n", "\n")
    assert quoted.strip() == text.strip().replace("\ud800", "?")
    assert "\n" not in body.replace("\r\n", "")


@pytest.mark.parametrize(
    "address", ["ada+letters@example.org", "a?cc=b&c@example.org", "ädä@xn--fa-hia.de", "a%20b@c.de"]
)
def test_no_address_adds_to_the_link(address: str) -> None:
    assert reply("Hello", address=address)[0] == address


@pytest.mark.parametrize("letter", ["x", "é", "東", "🦽", "\n", " ", "a b "])
@pytest.mark.parametrize("name", [None, "🦽" * 20])
def test_a_long_message_is_cut_between_characters_and_says_so(letter: str, name: str | None) -> None:
    _, _, body, is_cut = reply(f"Begin {letter * 5000}end", name=name)
    assert is_cut
    assert body.endswith(f"\r\n{LEFT_OUT}")
    assert "> Begin" in body
    assert "\ufffd" not in body


def test_the_longest_that_fits_is_whole_and_a_word_more_is_not() -> None:
    words = "word " * 2000
    whole = [length for length in range(1000, 2000) if not reply(words[:length].strip())[3]]
    assert whole
    assert reply(words[: max(whole) + 5].strip())[3]
    assert re.search(r"> (word )+\r\n|word\r\n", reply(words)[2]), "it ends with a word"


def test_even_the_longest_name_and_address_leave_a_link_that_opens() -> None:
    reply("東" * 100, name="🦽" * 100, address="é" * 64 + "@" + "e" * 189)
