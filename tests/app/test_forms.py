"""Readers' forms: their token, their trap, their shortest time, and posts of other sites."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask, render_template_string, request
from itsdangerous import TimestampSigner
from wtforms import RadioField, SelectChoice, StringField
from wtforms.validators import InputRequired, Length

from tests.conftest import make_app
from tests.page import Page, PageClient, client_of
from webapp.forms import (
    FILLED_TRAP,
    MAX_OPEN_SECONDS,
    TOO_FAST,
    TOO_OLD,
    PostForm,
    checks_own_token,
    clean_text,
    one_line,
)

TEMPLATE = """{% extends "base.html" %}
{% from "components/form.html" import choices, csrf, error_summary, field, honeypot %}
{% block title %}Try{% endblock %}{% block main %}<h1>Try</h1><form method="post" novalidate>{{ error_summary(form) }}
{{ csrf(form) }}{{ honeypot(form) }}{{ field(form.name, "As you like", autocomplete="name") }}{{ field(form.note) }}
{{ choices(form.pace) }}<button>Send</button></form>{% endblock %}"""


class TryForm(PostForm):
    name = StringField("Name", [InputRequired("Please write a name."), Length(max=5)], filters=[one_line])
    note = StringField("Note")
    pace = RadioField("Pace", choices=[SelectChoice("slow", "Slow"), SelectChoice("fast", "Fast")], default="slow")


class OtherForm(TryForm):
    pass


def with_form(app: Flask) -> PageClient:
    @app.route("/try", methods=["GET", "POST"])
    @checks_own_token
    def attempt() -> tuple[str, int]:
        form = TryForm()
        if request.method == "POST" and form.validate():
            return f"<p>thanks {form.name.data}</p>", 200
        return render_template_string(TEMPLATE, form=form), 422 if request.method == "POST" else 200

    return client_of(app)


@pytest.fixture
def trying(app: Flask) -> PageClient:
    return with_form(app)


@pytest.fixture
def hurried(tmp_path: Path) -> PageClient:
    """The same form where two seconds are the least."""
    return with_form(make_app(tmp_path, FORM_MINIMUM_SECONDS=2))


def token(page: Page) -> str:
    value: str = page.one("input[name=csrf_token]").get("value")
    return value


def faults(page: Page) -> list[str]:
    return page.texts(".error-summary li")


def test_a_form_is_posted_without_any_cookie(trying: PageClient) -> None:
    page = trying.page("/try")
    assert "thanks Ada" in trying.post("/try", data={"csrf_token": token(page), "name": " Ada\u00a0\x00 "}).text


@pytest.mark.parametrize("sent", ["", "abc", "no.such.token"])
def test_a_post_with_no_token_of_ours_is_refused(trying: PageClient, sent: str) -> None:
    response = trying.post("/try", data={"csrf_token": sent, "name": "Ada"})
    assert response.status_code == 400
    assert trying.post("/try", data={"name": "Ada"}).status_code == 400


def test_a_token_of_another_form_or_another_key_is_refused(
    app: Flask, trying: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.test_request_context():
        other = OtherForm()["csrf_token"]._value()
    assert trying.post("/try", data={"csrf_token": other, "name": "Ada"}).status_code == 400
    good = token(trying.page("/try"))
    monkeypatch.setitem(app.config, "SECRET_KEY", "another key, which is long")
    assert trying.post("/try", data={"csrf_token": good, "name": "Ada"}).status_code == 400


def test_errors_stand_at_the_top_and_beside_their_field(trying: PageClient) -> None:
    response = trying.post("/try", data={"csrf_token": token(trying.page("/try")), "note": "kept"})
    assert response.status_code == 422
    page = Page(response.text)
    assert page.one(".error-summary").get("tabindex") == "-1"
    assert [link.get("href") for link in page.select(".error-summary a")] == ["#name"]
    name = page.one("#name")
    assert name.get("aria-invalid") == "true"
    assert name.get("aria-describedby").split() == ["name-hint", "name-error"]
    assert page.texts("#name-error") == ["Error: Please write a name."]
    assert page.one("#note").get("value") == "kept"
    assert page.texts("label[for=note]") == ["Note (optional)"]
    assert name.get("autocomplete") == "name"


def test_a_post_that_was_too_fast_is_shown_again_and_then_taken(hurried: PageClient) -> None:
    response = hurried.post("/try", data={"csrf_token": token(hurried.page("/try")), "name": "Ada", "pace": "fast"})
    assert response.status_code == 422
    again = Page(response.text)
    assert faults(again) == [TOO_FAST]
    assert again.one("#name").get("value") == "Ada"
    assert again.one("input[value=fast]").get("checked") is not None
    assert "thanks Ada" in hurried.post("/try", data={"csrf_token": token(again), "name": "Ada"}).text


def test_a_mistake_after_a_fast_post_does_not_start_the_clock_again(hurried: PageClient) -> None:
    first = hurried.post("/try", data={"csrf_token": token(hurried.page("/try"))})
    second = hurried.post("/try", data={"csrf_token": token(Page(first.text))})
    assert faults(Page(second.text)) == ["Please write a name."]
    assert "thanks Ada" in hurried.post("/try", data={"csrf_token": token(Page(second.text)), "name": "Ada"}).text


@pytest.mark.parametrize(("age", "taken"), [(3, True), (MAX_OPEN_SECONDS - 10, True), (MAX_OPEN_SECONDS + 10, False)])
def test_nobody_is_hurried(hurried: PageClient, monkeypatch: pytest.MonkeyPatch, age: int, taken: bool) -> None:
    now = TimestampSigner("key").get_timestamp()
    with monkeypatch.context() as earlier:
        earlier.setattr(TimestampSigner, "get_timestamp", lambda self: now - age)
        page = hurried.page("/try")
    response = hurried.post("/try", data={"csrf_token": token(page), "name": "Ada"})
    assert ("thanks" in response.text) == taken
    if not taken:
        again = Page(response.text)
        assert faults(again) == [TOO_OLD]
        assert "thanks" in hurried.post("/try", data={"csrf_token": token(again), "name": "Ada"}).text


def test_the_trap_is_hidden_from_people_and_emptied_when_a_tool_fills_it(trying: PageClient) -> None:
    page = trying.page("/try")
    trap = page.one("#homepage")
    assert trap.get("tabindex") == "-1"
    assert trap.get("autocomplete") == "off"
    assert trap.getparent().get("aria-hidden") == "true"
    filled = {"csrf_token": token(page), "name": "Ada", "homepage": "https://example.org"}
    response = trying.post("/try", data=filled)
    assert response.status_code == 422
    again = Page(response.text)
    assert faults(again) == [FILLED_TRAP]
    assert not again.one("#homepage").get("value")
    assert trying.post("/try", data=filled | {"csrf_token": token(again)}).status_code == 422, "a program stays out"
    assert "thanks" in trying.post("/try", data={"csrf_token": token(again), "name": "Ada"}).text


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 422),
        ({"Sec-Fetch-Site": "same-origin"}, 422),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://proxied.internal"}, 422),
        ({"Sec-Fetch-Site": "none"}, 422),
        ({"Origin": "http://localhost"}, 422),
        ({"Origin": "https://example.org"}, 422),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "https://elsewhere.example"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site", "Origin": "https://other.example.org"}, 403),
        ({"Origin": "https://elsewhere.example"}, 403),
        ({"Origin": "https://example.org.elsewhere.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://["}, 403),
    ],
)
def test_a_post_from_another_site_is_refused(trying: PageClient, headers: dict[str, str], status: int) -> None:
    data = {"csrf_token": token(trying.page("/try")), "name": ""}
    response = trying.post("/try", data=data, headers=headers)
    assert response.status_code == status
    if status == 403:
        assert "page of another site" in response.text


def test_a_page_may_be_asked_for_from_anywhere(client: PageClient) -> None:
    assert client.get("/", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


def test_text_is_tidied() -> None:
    assert clean_text(" a \t\r\n\r\nb\x00\x1b\rc ") == "a\n\nb\nc"
    assert one_line("a\nBcc: b\u2028c") == "a Bcc: b c"
    assert (clean_text(None), one_line(None)) == (None, None)
    assert not re.search(r"[\r\n]", one_line("a\r\nb\u0085c\x0b\x0cd") or "")


def test_a_refused_post_is_logged_without_anything_personal(
    client: PageClient, caplog: pytest.LogCaptureFixture
) -> None:
    data = {"address": "ada@example.org", "text": "My secret.", "csrf_token": "stale"}
    elsewhere = {"Sec-Fetch-Site": "cross-site", "Referer": "https://elsewhere.example/ada"}
    assert client.post("/contact", data=data, headers=elsewhere).status_code == 403
    assert client.post("/contact", data=data).status_code == 400
    lines = [record.getMessage() for record in caplog.records if record.name == "webapp"]
    assert len(lines) == 2
    assert all(line.startswith("Refused at contact.send: ") for line in lines)
    for word in ("ada", "secret", "stale", "127.0.0.1"):
        assert word not in caplog.text
