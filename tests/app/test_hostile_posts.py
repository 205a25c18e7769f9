"""Whatever is sent to a form or written into an address, the answer is a page that says what is so."""

from __future__ import annotations

import datetime as dt
import io
import json
import logging
import re
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask, request
from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.ask.conftest import DOI, TITLE, make_asked
from tests.conftest import STARTER, address_of
from tests.desk.conftest import PASSWORD, enter, give_password
from tests.desk.inbox.conftest import make_message
from tests.factories import make_categories, make_summary, make_terms
from tests.page import Page, PageClient
from tests.subscriptions.conftest import ask, mails, make_subscriber, path_in, subscribers
from tests.watch.making import hear
from tests.watch.papers.making import make_new_paper
from tests.watch.recruiting.making import make_search, make_trial
from tests.watch.trials.making import hear as hear_trial
from webapp import clock
from webapp.ask.found import Found, signed
from webapp.desk.accounts.actions import add_account, add_passkey
from webapp.desk.accounts.queries import account_named
from webapp.desk.inbox.actions import mark_answered
from webapp.desk.writing.actions import begin, publish
from webapp.documents.actions import correct, save_revision
from webapp.documents.queries import document_named, newest_revision
from webapp.documents.schema import JsonContent
from webapp.extensions import db
from webapp.forms import PostForm, clean_text
from webapp.letters.actions import send_letters
from webapp.models import Account, Message, MissedSearch, WatchedTrial
from webapp.scholarly.trial_search import FoundTrials
from webapp.subscriptions.tokens import Purpose, token_for
from webapp.watch.holding import HOLD

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=x"
KEPT = "These words must not be lost."


def _confirm(client: PageClient) -> str:
    ask(client, "waiting@example.org")
    return path_in(mails("confirm_subscription")[0], "/subscribe/confirm/")


def _at_the_desk(address: str) -> Callable[[PageClient], str]:
    def entered(client: PageClient) -> str:
        enter(client)
        account = account_named("Mira")
        assert account
        add_passkey(account, "my phone", b"id", b"key", 0)
        if "documents" in address:
            return address.format(_published(account))
        if "messages" in address:
            message = make_message()
            if "not-answered" in address:
                mark_answered(account, message)
        if "subscribers" in address:
            make_subscriber()
        give_password()
        return address

    return entered


def _forgetting(client: PageClient) -> str:
    """Words that were searched for in vain."""
    today = clock.today()
    db.session.add(MissedSearch(digest="a" * 64, words="service dog", days=3, first_on=today, last_on=today))
    db.session.commit()
    return _at_the_desk(f"/desk/not-found/{'a' * 64}/forget")(client)


def _among_others(client: PageClient, address: str) -> str:
    make_categories("hand-and-arm-use", "pain")
    make_terms(sham="Not real.", placebo="A dummy.")
    return _at_the_desk(address)(client)


def _published(account: Account) -> int:
    """The number of a document that readers see."""
    document = begin(account, "page", "Visits")
    text: JsonContent = {**VISITS, "title": "Visits"}
    publish(account, document, save_revision(document, text, by="Mira", base=1))
    return document.id


def _with_files(what: str) -> Callable[[PageClient], str]:
    def sent(client: PageClient) -> str:
        data: dict[str, Any] = dict(enter(client).page("/desk/files").values("form[enctype]"))
        about = (STARTER / "pages" / "about.md").read_bytes()
        sent = client.post("/desk/files", data=data | {"files": (io.BytesIO(about), "visits.md")})
        return f"{sent.location}{what}"

    return sent


def _corrected(client: PageClient) -> str:
    """Where those who were sent a mistake can be told of it."""
    today = dt.datetime.now(dt.UTC).date()
    make_summary(date=today, lastmod=today)
    make_subscriber()
    send_letters()
    document = document_named("summary", "arm-training")
    assert document
    draft = newest_revision(document)
    assert draft
    correct(document, draft, KEPT)
    return _at_the_desk("")(client) + f"/desk/documents/{document.id}/corrections/1/mail"


def _withdrawn(address: str) -> Callable[[PageClient], str]:
    """Where the owner decides about a paper that was withdrawn."""

    def entered(client: PageClient) -> str:
        make_summary(study={"doi": "10.5555/arms"})
        return f"{_at_the_desk('')(client)}/desk/watch/{hear('arm-training', 'retraction')}{address}"

    return entered


def _new_paper(address: str) -> Callable[[PageClient], str]:
    """Where the owner decides about a new paper."""

    def entered(client: PageClient) -> str:
        state = "declined" if "take-back" in address else "waiting"
        return f"{_at_the_desk('')(client)}/desk/papers/{make_new_paper(state=state)}{address}"

    return entered


def _asked(address: str) -> Callable[[PageClient], str]:
    """Where a reader asks for a paper that others asked for, or the owner answers them."""

    def entered(client: PageClient) -> str:
        make_asked()
        return _at_the_desk(address)(client) if "desk" in address else address

    return entered


def _with_trial(address: str) -> Callable[[PageClient], str]:
    """Where the owner looks at the trial of a summary; nobody is asked, as a run has it to itself."""

    def entered(client: PageClient) -> str:
        make_summary(study={"registrations": ["NCT09990001"]})
        hear_trial("RECRUITING", "NCT09990001")
        db.session.execute(db.update(WatchedTrial).values(held_until=clock.now() + HOLD))
        db.session.commit()
        return f"{_at_the_desk('')(client)}/desk/watch/trials/9990001{address}"

    return entered


def _searched(address: str) -> Callable[[PageClient], str]:
    """Where the owner decides about a search for trials that found one."""

    def entered(client: PageClient) -> str:
        make_search(make_trial())
        return _at_the_desk(f"/desk/recruiting/1{address}")(client)

    return entered


def _found(client: PageClient) -> str:
    """Where a reader is asked whether it is the paper."""
    with client.application.test_request_context():
        return f"/ask/paper?found={signed(Found(DOI, TITLE))}"


def _kept(address: str) -> Callable[[PageClient], str]:
    """Where a text that could not be saved is brought back, or deleted."""

    def entered(client: PageClient) -> str:
        document = f"/desk/documents/{_at_the_desk('{}documents')(client).removesuffix('documents')}"
        late = client.page(document).values("#writing", lead=KEPT)
        client.post(document, data=client.page(document).values("#writing", lead="Come soon."))
        assert client.post(document, data=late).status_code == 409
        return f"{document}/kept/1{address}"

    return entered


def _door_of_the_desk(client: PageClient) -> str:
    _at_the_desk("")(client)
    client.post("/desk/sign-out", data=client.page("/desk/").values("header form"))
    return "/desk/sign-in"


PLACES: dict[str, Callable[[PageClient], str]] = {
    "contact.send": lambda _: "/contact",
    "feedback.answer": lambda _: f"/research/{make_summary().slug}/feedback",
    "subscriptions.subscribe": lambda _: "/subscribe",
    "subscriptions.confirm": _confirm,
    "subscriptions.manage": lambda _: f"/subscribe/manage/{token_for(make_subscriber(), Purpose.MANAGE)}",
    "subscriptions.leave": lambda _: f"/unsubscribe/{token_for(make_subscriber(), Purpose.LEAVE)}",
    "desk.accounts.sign_in": _door_of_the_desk,
    "desk.accounts.sign_in_with_passkey": lambda _: "/desk/sign-in/passkey",
    "desk.accounts.use_link": lambda _: f"/desk/link/{add_account('Mira')}",
    "desk.accounts.sign_out": _at_the_desk("/desk/sign-out"),
    "desk.accounts.set_password": _at_the_desk("/desk/account/password"),
    "desk.accounts.remove_password": _at_the_desk("/desk/account/password/remove"),
    "desk.accounts.add_passkey": _at_the_desk("/desk/account/passkeys"),
    "desk.accounts.remove_passkey": _at_the_desk("/desk/account/passkeys/1/remove"),
    "desk.attention.forget": _forgetting,
    "desk.attention.forget_all": _at_the_desk("/desk/not-found/forget-all"),
    "desk.writing.begin": _at_the_desk("/desk/documents"),
    "desk.writing.save": _at_the_desk("/desk/documents/{}"),
    "desk.versions.restore": _at_the_desk("/desk/documents/{}/history/1/restore"),
    "desk.versions.put_part_back": _at_the_desk("/desk/documents/{}/history/2/put-back/0"),
    "desk.corrections.have_mailed": _corrected,
    "desk.versions.bring_back": _kept("/bring-back"),
    "desk.versions.forget": _kept("/delete"),
    "desk.watch.settle": _withdrawn(""),
    "desk.watch.change": _withdrawn("/notice/down"),
    "desk.papers.summarise": _new_paper("/summarise"),
    "desk.papers.decline": _new_paper("/decline"),
    "desk.papers.take_back": _new_paper("/take-back?state=declined"),
    "desk.papers.change_words": _at_the_desk("/desk/papers/search"),
    "desk.trials.settle": _with_trial(""),
    "desk.trials.look": _with_trial("/look"),
    "desk.recruiting.edit": _searched(""),
    "desk.recruiting.attempt": _searched("/try"),
    "desk.recruiting.stop": _searched("/stop"),
    "desk.recruiting.sort_out": _searched("/trials/NCT00000001/leave-out"),
    "ask.look_up": _asked("/ask"),
    "ask.confirm": _found,
    "ask.wish": _asked("/ask/1"),
    "desk.asked.answer": _asked("/desk/asked/1"),
    "desk.asked.summarise": _asked("/desk/asked/1/summarise"),
    "desk.asked.delete": _asked("/desk/asked/1/delete"),
    "desk.writing.change": _at_the_desk("/desk/documents/{}/unpublish"),
    "desk.previews.beside": _at_the_desk("/desk/documents/{}/beside/show"),
    "desk.files.look": _at_the_desk("/desk/files"),
    "desk.files.download": _at_the_desk("/desk/files/documents.zip"),
    "desk.files.bring_in": _with_files(""),
    "desk.files.discard": _with_files("/discard"),
    "desk.backup.download": _at_the_desk("/desk/backup"),
    "desk.settings.choose": _at_the_desk("/desk/settings"),
    "desk.inbox.mark_answered": _at_the_desk("/desk/messages/1/answered"),
    "desk.inbox.mark_unanswered": _at_the_desk("/desk/messages/1/not-answered"),
    "desk.inbox.delete": _at_the_desk("/desk/messages/1/delete"),
    "desk.readers.find": _at_the_desk("/desk/subscribers"),
    "desk.readers.export": _at_the_desk("/desk/subscribers/export"),
    "desk.readers.delete": _at_the_desk("/desk/subscribers/1/delete"),
    "desk.categories.new": _at_the_desk("/desk/categories/new"),
    "desk.categories.edit": _at_the_desk("/desk/categories/1"),
    "desk.categories.move": lambda client: _among_others(client, "/desk/categories/1/down"),
    "desk.categories.merge": lambda client: _among_others(client, "/desk/categories/1/merge"),
    "desk.categories.delete": _at_the_desk("/desk/categories/1/delete"),
    "desk.glossary.new": _at_the_desk("/desk/glossary/new"),
    "desk.glossary.edit": lambda client: _among_others(client, "/desk/glossary/1"),
    "desk.glossary.merge": lambda client: _among_others(client, "/desk/glossary/1/merge"),
    "desk.glossary.delete": lambda client: _among_others(client, "/desk/glossary/1/delete"),
    "desk.accounts.sign_out_everywhere": _at_the_desk("/desk/account/sign-out-everywhere"),
}
"""For every endpoint that takes posts: a page that shows its form, at the address that takes it."""
SHOWN_AT = {
    "/desk/sign-in/passkey": "/desk/sign-in",
    "/desk/sign-out": "/desk/account",
    "/desk/files/documents.zip": "/desk/files",
    "/desk/messages/1/answered": "/desk/messages/1",
    "/desk/messages/1/not-answered": "/desk/messages/1",
    "/desk/watch/trials/9990001/look": "/desk/watch/trials/9990001",
    "/desk/categories/1/down": "/desk/categories",
    "/desk/papers/1/summarise": "/desk/papers?state=waiting",
    "/desk/papers/1/decline": "/desk/papers?state=waiting",
    "/desk/papers/1/take-back?state=declined": "/desk/papers?state=declined",
    "/desk/asked/1/summarise": "/desk/asked/1",
    "/desk/categories/1/merge": "/desk/categories/1/merge?into=2",
    "/desk/glossary/1/merge": "/desk/glossary/1/merge?into=2",
    "/desk/recruiting/1/stop": "/desk/recruiting/1",
    "/desk/recruiting/1/trials/NCT00000001/leave-out": "/desk/recruiting/1",
}
"""Where a form is shown that is not at its own address; those of an account are all on one page."""
FILLED_IN = {
    "contact.send": {"name": "Ada", "address": "ada@example.org", "topic": "question", "text": KEPT},
    "feedback.answer": {"choice": "yes"},
    "ask.look_up": {"paper": DOI},
    "ask.wish": {"choice": "want"},
    "desk.asked.answer": {"answer": "no", "sentence": KEPT},
    "subscriptions.subscribe": {"address": "new@example.org", "consent": "y", "frequency": "weekly"},
    "desk.accounts.sign_in": {"name": "Mira", "password": PASSWORD},
    "desk.accounts.set_password": {"password": PASSWORD},
    "desk.readers.find": {"part": "reader@"},
    "desk.writing.begin": {"kind": "page", "title": "Something else"},
    "desk.writing.change": {"sentence": KEPT},
    "desk.papers.change_words": {"words": KEPT},
    "desk.categories.new": {"name": "Sleep", "description": KEPT, "group": "Topics"},
    "desk.categories.edit": {"description": KEPT},
    "desk.glossary.new": {"name": "Dysphagia", "definition": KEPT},
    "desk.glossary.edit": {"definition": KEPT},
    "desk.recruiting.edit": {"words": KEPT},
}
TAKES_AWAY = {
    "desk.accounts.remove_passkey",
    "desk.versions.forget",
    "desk.categories.merge",
    "desk.categories.delete",
    "desk.glossary.merge",
    "desk.glossary.delete",
}
"""What can be done once: then there is nothing left at that address."""
VISITS = {
    "description": "When.", "lead": "Come.", "text": "On Mondays.", "date": "2026-01-15", "lastmod": "2026-01-15",
    "author": "Mira",
}  # fmt: skip
"""What a reader types or presses, beyond what the form brings."""


def test_every_address_that_takes_posts_is_tried_here(app: Flask) -> None:
    posts = {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    assert posts == set(PLACES)


@pytest.fixture
def client(
    answering: PageClient, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> Iterable[PageClient]:
    """Of a site that answers its own faults; but none may have been logged in the end. The registry has one trial."""
    monkeypatch.setattr("webapp.desk.recruiting.routes.find_trials", lambda *_: FoundTrials(1, (make_trial(),)))
    make_categories()
    yield answering
    assert not [record for record in caplog.records if record.exc_info or record.levelno >= logging.ERROR]


def good_values(client: PageClient, endpoint: str) -> tuple[str, dict[str, str]]:
    """The address of a form, and the texts a reader would send there."""
    address = PLACES[endpoint](client)
    shown_at = re.sub(
        r"/bring-back$|/\d+/restore$|/beside/show$|/put-back/\d+$|/discard$|(?<=/account)/.*", "", address
    )
    page = client.page(SHOWN_AT.get(address, shown_at))
    own = f'form[method=post][action="{address}"]'
    values = page.values(own if page.select(own) else "main form[method=post]", **FILLED_IN.get(endpoint, {}))
    return address, {name: value for name, value in values.items() if isinstance(value, str)}


def is_good_answer(response: TestResponse) -> bool:
    """Taken, shown again, or refused with a page. The client has checked the page."""
    return response.status_code in {200, 303, 400, 401, 409, 413, 415, 422} and b"Traceback" not in response.data


@contextmanager
def named(case: str) -> Iterator[None]:
    """Say which of many it was that broke a rule of pages (tests/page.py)."""
    try:
        yield
    except AssertionError as error:
        error.add_note(case)
        raise


def multipart(*parts: tuple[str, str | bytes], end: str = "--x--\r\n") -> bytes:
    """A body, part by part: the headers and the content of each."""
    body = b""
    for headers, content in parts:
        body += f"--x\r\n{headers}\r\n\r\n".encode() + (content.encode() if isinstance(content, str) else content)
        body += b"\r\n"
    return body + end.encode()


def as_parts(values: dict[str, str]) -> list[tuple[str, str | bytes]]:
    return [(f'Content-Disposition: form-data; name="{name}"', value) for name, value in values.items()]


def bodies(values: dict[str, str]) -> dict[str, tuple[str, bytes]]:
    """Hostile bodies made of good values: what they are called, their Content-Type, their bytes."""
    encoded = urlencode(values).encode()
    parts = as_parts(values)
    surrogates = json.dumps(dict.fromkeys(values, "a\ud800b"))
    part = 'Content-Disposition: form-data; name="a"'
    file = 'Content-Disposition: form-data; name="{}"; filename="a.txt"\r\nContent-Type: text/plain'
    files = [(file.format(name), value) for name, value in values.items()]
    nested = multipart(*parts, end="--y--\r\n").replace(b"--x", b"--y")
    found = {
        "nothing": ("", b""),
        "no type": ("", encoded),
        "an empty form": (FORM, b""),
        "JSON": ("application/json", json.dumps(values).encode()),
        "JSON with half characters": ("application/json", surrogates.encode()),
        "a list as JSON": ("application/json", b"[[1, 2, 3]]"),
        "a number as JSON": ("application/json", b"1"),
        "broken JSON": ("application/json", b'{"a": '),
        "deep JSON": ("application/json", b"[" * 20_000),
        "JSON with lists for texts": ("application/json", json.dumps({name: [["a"]] for name in values}).encode()),
        "JSON said to be a form": (FORM, json.dumps(values).encode()),
        "a form said to be JSON": ("application/json", encoded),
        "a form said to be plain text": ("text/plain", encoded),
        "a form said to be parts": (MULTIPART, encoded),
        "parts said to be a form": (FORM, multipart(*parts)),
        "an unknown charset": (f"{FORM}; charset=klingon", encoded),
        "UTF-16": (f"{FORM}; charset=utf-16", urlencode(values).encode("utf-16")),
        "raw Latin-1": (FORM, encoded + b"&name=Andr\xe9"),
        "percent signs that are no code": (FORM, encoded + b"&%zz=%&%ff%fe=%ED%A0%80"),
        "thousands of fields": (FORM, encoded + b"&a=b" * 9000),
        "thousands of one field": (FORM, encoded + b"&topics=pain&text=x&address=x" * 1500),
        "thousands of parts": (MULTIPART, multipart(*parts, *as_parts({"a": "b"}) * 1100)),
        "parts": (MULTIPART, multipart(*parts)),
        "parts without an end": (MULTIPART, multipart(*parts, end="")),
        "parts cut off": (MULTIPART, multipart(*parts)[: len(multipart(*parts)) // 2]),
        "parts without a boundary": ("multipart/form-data", multipart(*parts)),
        "parts with another boundary": ("multipart/form-data; boundary=z", multipart(*parts)),
        "a boundary of control characters": ("multipart/form-data; boundary=\x01\x02", multipart(*parts)),
        "parts in parts": (MULTIPART, multipart((f"{part}\r\nContent-Type: multipart/mixed; boundary=y", nested))),
        "parts of an unknown charset": (
            MULTIPART,
            multipart(*((f"{headers}\r\nContent-Type: text/plain; charset=klingon", text) for headers, text in parts)),
        ),
        "parts that are no UTF-8": (
            MULTIPART,
            multipart(*((headers, b"\xff\xfe\xed\xa0\x80") for headers, _ in parts)),
        ),
        "parts with no header": (MULTIPART, multipart(("", "text"), ("X: y", "text"))),
        "a header that is no UTF-8": (MULTIPART, multipart(*parts).replace(b'name="', b'name="\xff', 1)),
        "files for all fields": (MULTIPART, multipart(*files)),
        "a file beside every field": (MULTIPART, multipart(*files, *parts)),
        "a file after every field": (MULTIPART, multipart(*parts, *files)),
        "too much": (FORM, encoded + b"&filler=" + b"x" * 70_000),
        "too much in parts": (MULTIPART, multipart(*parts, *as_parts({"filler": "x" * 70_000}))),
    }
    for name, value in values.items():
        changes = {
            "missing": {other: text for other, text in values.items() if other != name},
            "empty": values | {name: ""},
            "a NUL": values | {name: f"{value}\x00"},
            "control characters": values | {name: f"\x1b\x02\x03\x7f\x85\u2028\ufffe{value}\x0b\x0c"},
            "markup": values | {name: "</textarea></script><script>alert(1)</script>\"'{{ 7*7 }}"},
            "line ends": values | {name: f"{value}\r\nBcc: all@example.org\r\n\r\n"},
            "directions and joiners": values | {name: "\u202e\u200b\u2066\ufeff" + value},
            "a giant": values | {name: "x" * 40_000},
            "blanks": values | {name: " " * 20_000 + "x" + "\u3000" * 5_000},
        }
        found |= {f"{name}: {what}": (FORM, urlencode(changed).encode()) for what, changed in changes.items()}
        found[f"{name}: a NUL in a part"] = (MULTIPART, multipart(*as_parts(values | {name: f"{value}\x00"})))
        found[f"{name}: twice"] = (FORM, encoded + b"&" + urlencode({name: "another"}).encode())
        found[f"{name}: half a character in percent signs"] = (
            FORM,
            urlencode({other: text for other, text in values.items() if other != name}).encode()
            + f"&{name}=%ED%A0%80".encode(),
        )
    return found


@pytest.mark.parametrize("endpoint", PLACES)
def test_a_hostile_post_gets_a_good_answer(client: PageClient, endpoint: str) -> None:
    address, values = good_values(client, endpoint)
    for number, (what, (content_type, body)) in enumerate(bodies(values).items()):
        headers = {"HX-Request": "true"} if number % 2 else {}  # whole pages and pieces in turn
        with named(f"{endpoint}, {what}"):
            response = client.post(address, data=body, content_type=content_type, headers=headers, buffered=True)
        is_gone = endpoint in TAKES_AWAY and response.status_code == 404  # one of these was taken
        assert is_good_answer(response) or is_gone, f"{endpoint}, {what}: {response.status}"


@pytest.mark.parametrize("endpoint", PLACES)
def test_the_good_post_itself_is_taken(client: PageClient, endpoint: str) -> None:
    """Without this the test above could pass because everything is refused."""
    address, values = good_values(client, endpoint)
    needs_more = {"desk.accounts.sign_in_with_passkey", "desk.accounts.add_passkey", "desk.files.look"}  # a key, a file
    taken = {200, 303} | ({422} if endpoint in needs_more else set())
    assert client.post(address, data=values, buffered=True).status_code in taken


@pytest.mark.parametrize("name", ["name", "address", "text"])
def test_what_was_written_is_kept_without_what_nobody_can_see(client: PageClient, name: str) -> None:
    address, values = good_values(client, "contact.send")
    hostile = values | {name: f"\x00\ufffe\x1b{values[name]}\x85\x7f"}
    assert client.post(address, data=hostile).status_code == 303
    message = db.session.scalars(select(Message)).one()
    assert {one: getattr(message, one) for one in FILLED_IN["contact.send"]} == FILLED_IN["contact.send"]


def test_what_was_written_stands_in_the_form_that_is_shown_again(client: PageClient) -> None:
    address, values = good_values(client, "contact.send")
    body = multipart(
        *as_parts({**values, "address": "nobody\x00"}),
        ('Content-Disposition: form-data; name="text"; filename="a.txt"', "of a file"),
    )
    response = client.post(address, data=body, content_type=MULTIPART)
    assert response.status_code == 422
    page = Page(response.text)
    assert page.one("textarea[name=text]").text.strip() == KEPT
    assert page.one("input[name=address]").get("value") == "nobody"


def test_a_file_is_no_text(client: PageClient) -> None:
    address, values = good_values(client, "subscriptions.subscribe")
    email = values.pop("address")
    data = values | {"address": (io.BytesIO(email.encode()), "address.txt")}
    response = client.post(address, data=data, content_type="multipart/form-data")
    assert response.status_code == 422
    assert "Please enter your e-mail address" in response.text
    assert subscribers() == []


def test_a_form_takes_no_json(client: PageClient) -> None:
    address, values = good_values(client, "contact.send")
    assert client.post(address, json=values).status_code == 400
    assert not db.session.scalars(select(Message)).all()


def test_every_text_of_every_request_is_clean_wherever_it_is_read(app: Flask) -> None:
    """Also in fields without filters, and from a parser that lets half characters through."""
    with app.test_request_context("/?a%00=b%02", method="POST", data={"homepage": "a\x00\ufffeb"}):
        assert request.args.to_dict() == {"a": "b"}
        assert request.form.to_dict() == {"homepage": "ab"}
        assert PostForm().homepage.data == "ab"
    parsed = app.request_class.parameter_storage_class([("a\ud800", "\udfffb\x07"), ("a", "c")])
    assert parsed.getlist("a") == ["b", "c"]


def test_text_of_many_blanks_is_tidied_at_once() -> None:
    started = time.perf_counter()
    assert clean_text(" " * 60_000 + "x") == "x"
    assert clean_text("x" + " \t" * 30_000 + "y\n\n" + "\u3000" * 60_000) == "x" + " \t" * 30_000 + "y"
    assert time.perf_counter() - started < 2


QUERIES = [
    b"q=%00&category=%00&page=%00&topic=%00&said=%00&saved=%00&sort=%00&level=%00&stage=%00&phase=%00",
    b"q=%ED%A0%80%ff%fe&category=%ED%A0%80&topic=%ED%A0%80&said=%ED%A0%80&%ff=%ff",
    b"q=\xff\xfe&topic=\xed\xa0\x80&said=\x00",
    b"q=%EF%BF%BE%C2%85%E2%80%A8%02word%03&topic=%02%03",
    b"q=%%%&&&===;;;&q&page=-1&page=99999999999999999999",
    b"q=" + b"%22(" * 3000,
    b"&".join(b"q=a" for _ in range(3000)) + b"&category=" + b"x" * 5000,
    b"q[]=a&q[a][b]=c&page=%D9%A1&page=%C2%B2",
    b"q=NEAR(a%20b)%20OR%20*%20AND%20title:x%20%5E%22",
]


def addresses(rules: Iterable[Rule], words: str) -> list[str]:
    """Of all pages, with these words in every place."""
    return [
        address_of(rule, **dict.fromkeys(rule.arguments, words))
        for rule in rules
        if "GET" in (rule.methods or ()) and not rule.rule.startswith("/static/")
    ]


@pytest.mark.parametrize("query", QUERIES, ids=range(len(QUERIES)))
def test_a_hostile_query_gets_a_good_answer(client: PageClient, app: Flask, query: bytes) -> None:
    slug = make_summary().slug
    for address in addresses(app.url_map.iter_rules(), slug):
        response = client.get(address, environ_overrides={"QUERY_STRING": query.decode("latin-1")})
        good = {303, 404, 410} if address.startswith("/desk") else {400, 404}
        assert response.status_code in {200} | good, f"{address}?{query[:40]!r}: {response.status}"


@pytest.mark.parametrize(
    "words",
    ["a\x00b", "\udcff", "%ED%A0%80", "\ufffe\u2028", "é" * 200, "%2e%2e"],
)
def test_a_hostile_name_in_an_address_gets_a_good_answer(client: PageClient, app: Flask, words: str) -> None:
    raw = words.encode("utf-8", "surrogatepass").decode("latin-1")
    for address in addresses(app.url_map.iter_rules(), raw):
        response = client.get("/", environ_overrides={"PATH_INFO": address})
        is_fixed = raw not in address
        good = {303, 410} if address.startswith("/desk") else set()
        assert response.status_code in ({200, 404} if is_fixed else {404}) | good, f"{address!r}: {response.status}"
