"""One normal form for every way in which an address can be typed."""

from __future__ import annotations

import random

import pytest

from tests.mail.conftest import Post
from tests.mail.server import Inbox
from webapp.addresses import MAX_LENGTH, mailbox_of, normal_address, with_ascii_domain
from webapp.mail.transport import SmtpTransport, compose


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("Ada@Example.ORG", "ada@example.org"),
        ("ａｄａ＠ｅｘａｍｐｌｅ．ｏｒｇ", "ada@example.org"),
        ("ada@ｅｘａｍｐｌｅ.org", "ada@example.org"),
        ("x@faß.de", "x@xn--fa-hia.de"),
        ("x@FAẞ.DE", "x@xn--fa-hia.de"),
        ("x@xn--fa-hia.de", "x@xn--fa-hia.de"),
        ("x@fass.de", "x@fass.de"),
        ("x@Bücher.example", "x@xn--bcher-kva.example"),
        ("x@bu\u0308cher.example", "x@xn--bcher-kva.example"),
        ("лев@пример.example", "лев@xn--e1afmkfd.example"),
        ("jose\u0301@example.org", "josé@example.org"),
    ],
)
def test_every_spelling_leads_to_one_form(typed: str, normal: str) -> None:
    assert normal_address(typed) == normal
    assert normal_address(normal) == normal


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "@",
        "ada",
        "ada@localhost",
        "a b@example.org",
        "a@example.org, b@example.org",
        "Ada <ada@example.org>",
        '"a b"@example.org',
        "＂ada＂@example.org",
        "ada@[127.0.0.1]",
        "ada@exa\u200bmple.org",
        "a\u202eda@example.org",
        "\ud800@example.org",
        "ada@xn--zz.example",
        f"{'a' * MAX_LENGTH}@example.org",
        "a@" + "é" * 80 + ".example",
    ],
)
def test_what_is_no_address_has_no_normal_form(typed: str) -> None:
    assert normal_address(typed) is None


def test_the_normal_form_of_a_normal_form_is_itself() -> None:
    chance = random.Random(7)  # noqa: S311 (the same texts every time)
    ranges = [(0x20, 0x250), (0x370, 0x400), (0x2000, 0x2200), (0xFF00, 0xFFEF), (0, 0x10FFFF)]
    found = 0
    for _ in range(2000):
        odd = "".join(chr(chance.randint(*chance.choice(ranges))) for _ in range(2))
        normal = normal_address(f"a{odd}b@example.org") or normal_address(f"ab@c{odd}d.example")
        if normal:
            found += 1
            assert normal_address(normal) == normal
            assert normal.rpartition("@")[2].isascii()
    assert found > 200


def test_a_tag_behind_a_plus_is_the_same_mailbox() -> None:
    assert mailbox_of("ada+one@example.org") == mailbox_of("ada@example.org") == "ada@example.org"
    assert mailbox_of("+@example.org") == "+@example.org"


def test_only_the_domain_is_written_anew_for_the_wire() -> None:
    assert with_ascii_domain("Ada@faß.de") == "Ada@xn--fa-hia.de"
    assert with_ascii_domain("Ada@localhost") == "Ada@localhost"
    assert with_ascii_domain("ada@é..example") == "ada@é..example"


def test_mail_for_one_domain_never_goes_to_its_neighbour(inbox: Inbox, post: Post) -> None:
    server = SmtpTransport(inbox.url, "letters@faß.de", timeout=5)
    mail = post("x@faß.de")
    server.send(mail)
    server.close()
    [envelope] = inbox.envelopes
    assert (envelope.mail_from, envelope.rcpt_tos) == ("letters@xn--fa-hia.de", ["x@xn--fa-hia.de"])
    assert compose(mail, "letters@example.org")["To"] == "x@xn--fa-hia.de"
