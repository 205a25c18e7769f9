"""The shipped site on a port of its own, and pages in a real Chromium that are watched while tests use them.

A watched page may say nothing in the console, ask no other host for anything and keep no cookie: whatever
a test is about, it fails when one of its pages does.
"""

from __future__ import annotations

import os
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, WebError, expect
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.browser.kinds import DESKTOP, STANDING
from tests.browser.waiting import PATIENCE
from tests.conftest import make_app
from tests.databases import copy_database
from tests.mail import server as mail_server
from tests.mail.server import Inbox
from tests.missing import refuse
from tests.watch.recruiting.making import make_search, make_trial
from tests.watch.trials.making import hear
from webapp import create_app
from webapp.documents.schema import SummaryContent
from webapp.editorial.dates import PartialDate
from webapp.extensions import db
from webapp.models import Category, Summary, Term
from webapp.research.pictures import pictures_of
from webapp.research.queries import summary_at

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
TOO_LATE = "Autofocus processing was blocked because a document already has a focused element"
"""Said or not, as the browser gets to it: what came with an answer was given the focus by its `autofocus` before."""
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",  # nothing leaves this machine
)

JOINED = "NCT04697472"
CRITERIA = (
    "Inclusion Criteria:\n\n" + "* Donaudampfschifffahrt" + "gesellschaft" * 8 + "\n* Pain\n\nExclusion:\n1. None"
)

expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The system's Chromium, or the one CHROMIUM names. Without one: skipped, but a failure where CI=true."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if not found:
        refuse("The browser tests need Chromium: install it, or name it in CHROMIUM.")
    return {**browser_type_launch_args, "executable_path": found, "args": list(ARGUMENTS)}


class Quiet(WSGIRequestHandler):
    """Serves without writing a line for every request."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # or the second of two packets waits 40 ms for the browser's word on the first

    def log(self, type: str, message: str, *args: Any) -> None:
        if type == "error":
            super().log(type, message, *args)


@pytest.fixture(scope="session")
def site_app(shipped_instance: Path, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The shipped site with the cache it has in production. A trial of it looks for people, and so do those that its
    owner approved a search for.
    """
    instance = tmp_path_factory.mktemp("browser")
    copy_database(shipped_instance, instance)
    app = create_app(instance, SITE_URL="https://example.org")
    with app.app_context():
        hear("RECRUITING", JOINED, eligibilityModule={"eligibilityCriteria": CRITERIA})
        old, long = PartialDate(2020, 1), "Neurogenic Detrusor Overactivity After a Spinal Cord Injury " * 4
        make_search(make_trial(1, title=long), make_trial(2, verified=old), make_trial(3, countries=()), slug="bladder")
    return app


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Serves an application on a port of its own, and says where."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def base_url(site_app: Flask) -> Iterator[str]:
    """Where the site is served; urls tests visit are relative to it."""
    with served(site_app) as url:
        yield url


@pytest.fixture(scope="session")
def urls(site_app: Flask) -> dict[str, str]:
    """One url for every kind of page (tests/browser/kinds.py)."""
    with site_app.app_context():
        rows = select(Summary).options(joinedload(Summary.study)).order_by(Summary.published_on, Summary.slug)
        summaries = list(db.session.scalars(rows))
        category = db.session.scalars(select(Category).where(Category.slug == "bladder")).one()
        contents = {one.slug: _content(one) for one in summaries}
        term = db.session.scalars(select(Term).order_by(Term.slug)).first()
    assert term is not None
    plain = [
        one for one in summaries if not one.study.notice and one.study.evidence.level and not one.study.evidence.caution
    ]

    sizes = {slug: sum(len(text.split()) for text in one.prose().values()) for slug, one in contents.items()}

    def is_drawn(one: Summary) -> bool:
        """In pairs, with the empty row of those who are not known or were not there."""
        panels = pictures_of(contents[one.slug].study).main
        return any(panel.is_drawn and any(row.is_empty for row in panel.rows) for panel in panels)

    def summary(fits: Callable[[Summary], Any], among: list[Summary] = summaries) -> str:
        return f"/research/{next(one.slug for one in among if fits(one))}"

    return {
        "home": "/",
        "list": "/research/",
        "search": "/research/?q=bladder",
        "ask": "/ask",
        "nothing found": "/research/?q=zzzzzz",
        "filtered": "/research/?stage=larger-trials&phase=chronic",
        "category": f"/categories/{category.slug}",
        "trials": f"/categories/{category.slug}/trials",
        "categories": "/categories/",
        "glossary": "/glossary/",
        "term": f"/glossary/{term.slug}",
        "summary": summary(lambda one: one.study.evidence.stage and not is_drawn(one), plain),
        "pictures": summary(is_drawn, plain),
        "retracted": summary(lambda one: one.study.is_retracted),
        "corrected": summary(lambda one: one.study.is_corrected),
        "animals": summary(lambda one: one.study.evidence.design.is_preclinical and not one.study.notice),
        "longest": f"/research/{max(sizes, key=sizes.__getitem__)}",
        "joining": summary(lambda one: JOINED in one.study.registrations),
        "not found": "/nowhere",
        **{url: url for url in STANDING},
    }


def _content(summary: Summary) -> SummaryContent:
    shown = summary_at(summary.slug)
    assert shown
    return shown.content


class Watch:
    """What the pages of one context did that they must not do."""

    def __init__(self, context: BrowserContext, host: str, expected: str) -> None:
        self.context, self.host, self.expected = context, host, re.compile(expected or r"(?!)")
        self.faults: list[str] = []
        context.on("console", self._said)
        context.on("weberror", self._broke)
        context.on("request", self._asked)

    def _said(self, message: ConsoleMessage) -> None:
        if not (self.expected.search(message.text) or message.text.startswith(TOO_LATE)):
            self.faults.append(f"console: {message.text} ({message.location.get('url')})")

    def _broke(self, error: WebError) -> None:
        self.faults.append(f"script: {error.error}")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((f"{self.host}/", "data:")):
            self.faults.append(f"another host: {request.url}")

    def check(self) -> None:
        cookies = [cookie.get("name") for cookie in self.context.cookies()]
        assert not self.faults, self.faults
        assert not cookies, f"cookies on reading pages: {cookies}"


@pytest.fixture
def visit(new_context: Callable[..., BrowserContext], base_url: str) -> Iterator[Callable[..., Page]]:
    """Opens an url in a fresh, watched context; keyword arguments are those of Playwright's contexts.

    `expected` is a pattern of console messages that this test provokes, `host` where a test serves the site itself.
    """
    watches = []

    def opened(url: str, *, expected: str = "", host: str = base_url, **options: Any) -> Page:
        context = new_context(**options)
        watches.append(Watch(context, host, expected))
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(url)
        return page

    yield opened
    for watch in watches:
        watch.check()


@pytest.fixture
def running_site(tmp_path: Path) -> Iterator[Callable[..., tuple[Flask, str]]]:
    """Serves a site on a copy of a database, with the cache of pages it has in production."""
    servers = ExitStack()

    def run(source: Path, **settings: Any) -> tuple[Flask, str]:
        copy_database(source, tmp_path / "instance")
        app = make_app(tmp_path / "instance", SITE_URL="http://localhost", PAGE_CACHE_BYTES=2**20, **settings)
        app.test_client_class = None
        return app, servers.enter_context(served(app)).replace("127.0.0.1", "localhost")

    with servers:
        yield run


@pytest.fixture
def browse(new_context: Callable[..., BrowserContext]) -> Iterator[Callable[..., Page]]:
    """Opens an address in a browser of its own, which is watched; only at the desk it may keep cookies."""
    watches = []

    def opened(address: str, *, expected: str = "", **options: Any) -> Page:
        context = new_context(**{"viewport": DESKTOP, **options})
        host = "/".join(address.split("/")[:3])
        watches.append((Watch(context, host, expected), "/desk" in address))
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(address)
        return page

    yield opened
    for watch, is_desk in watches:
        assert not watch.faults, watch.faults
        if not is_desk:
            watch.check()


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    """Where the site's mails arrive."""
    one = Inbox()
    with mail_server.serving(one):
        yield one
