"""The line for each request: what an owner can ask of a log, and nothing of a reader."""

from __future__ import annotations

import json
import logging

import pytest
from flask import Flask

from tests.page import PageClient
from webapp.logs import REQUESTS

ALLOWED = {"at", "view", "method", "status", "milliseconds", "bytes"}


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO, REQUESTS.name)
    return caplog


def read(lines: pytest.LogCaptureFixture) -> list[dict[str, object]]:
    return [json.loads(record.getMessage()) for record in lines.records if record.name == REQUESTS.name]


def test_a_request_is_a_line_that_names_the_view(client: PageClient, lines: pytest.LogCaptureFixture) -> None:
    page = client.get("/about")
    client.post("/contact", data={})
    client.get("/nowhere")
    shown, posted, missed = read(lines)
    assert (shown["view"], shown["method"], shown["status"]) == ("pages.show", "GET", page.status_code)
    assert shown["bytes"] == len(page.data)
    assert posted["method"] == "POST"
    assert (missed["view"], missed["status"]) == ("pages.show", 404)


def test_no_line_says_anything_of_who_asked_or_for_what(client: PageClient, lines: pytest.LogCaptureFixture) -> None:
    said = {"User-Agent": "Secret-Browser", "X-Forwarded-For": "198.51.100.7", "Referer": "https://secret.example/"}
    client.get("/research/?q=secret-words", headers=said, environ_base={"REMOTE_ADDR": "198.51.100.9"})
    client.get("/research/secret-slug", headers=said)
    for line in read(lines):
        assert set(line) == ALLOWED
        assert not any(word in json.dumps(line) for word in ("ecret", "198.51", "example"))
    assert len(read(lines)) == 2


def test_a_fault_of_ours_has_its_line(
    answering: PageClient, app: Flask, monkeypatch: pytest.MonkeyPatch, lines: pytest.LogCaptureFixture
) -> None:
    def broken() -> str:
        raise RuntimeError

    monkeypatch.setitem(app.view_functions, "pages.home", broken)
    answering.get("/")
    assert [(line["view"], line["status"]) for line in read(lines)] == [("pages.home", 500)]


def test_by_default_there_is_none(client: PageClient) -> None:
    assert not REQUESTS.isEnabledFor(logging.INFO)
