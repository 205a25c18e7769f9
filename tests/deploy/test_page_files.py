"""What nginx sends from the page folder is what the site would have answered."""

from __future__ import annotations

import itertools
import re
import threading
from pathlib import Path

import pytest
from sqlalchemy import select, update

from tests.conftest import make_app
from tests.deploy.clients import Answer, ask
from tests.deploy.conftest import InFrontOf, Site
from tests.deploy.proxies import Proxy
from tests.ports import free_port
from webapp.edition import raise_edition
from webapp.extensions import db
from webapp.models import Term

PAGES = [
    "/",
    "/research/",
    "/categories/",
    "/glossary/",
    "/about",
    "/research/?level=2&sort=oldest",
    "/research/?page=2",
]
OTHERS = [
    "/feed.atom",
    "/sitemap.xml",
    "/research/?q=bladder",
    "/contact",
    "/nowhere",
    "/research",
    "/research/?stage=%61nimal",
]
CODINGS = ["", "gzip", "br", "gzip, deflate, br", "identity", "zstd"]
FRAGMENT = ("HX-Request: true", "HX-Request-Type: partial")
OF_THE_SERVER = {"date", "server", "connection", "strict-transport-security", "transfer-encoding"}


@pytest.fixture
def asked(site: Site) -> list[str]:
    """Pages that lie in files, since each worker was asked for them often enough."""
    listed = ask(site.port, "/research/").text
    summaries = sorted({word.split('"')[0] for word in listed.split('href="')[1:] if word.startswith("/research/")})
    pages = [*PAGES, *[url for url in summaries if "?" not in url][:3]]
    for url, _ in itertools.product(pages, range(6)):
        assert ask(site.port, url).status == 200
    return pages


@pytest.fixture
def alone(site: Site, asked: list[str], in_front_of: InFrontOf) -> Proxy:
    """nginx, with nobody behind it."""
    return in_front_of("nginx", free_port(), site.pages)


def seen(answer: Answer) -> tuple[int, bytes, dict[str, str]]:
    headers = {name: value for name, value in answer.headers.items() if name not in OF_THE_SERVER}
    headers["vary"] = ", ".join(sorted(headers.get("vary", "").split(", ")))
    return answer.status, answer.body, headers


def test_nginx_alone_sends_what_the_site_would(site: Site, asked: list[str], alone: Proxy) -> None:
    for url, coding in itertools.product(asked, CODINGS):
        accepts = (f"Accept-Encoding: {coding}",) if coding else ()
        ours = ask(site.port, url, *accepts)
        theirs = ask(alone.port, url, *accepts)
        assert seen(theirs) == seen(ours), (url, coding)
        for method in ("HEAD", "GET"):
            again = [
                ask(port, url, *accepts, f"If-None-Match: {ours.headers['etag']}", method=method)
                for port in (site.port, alone.port)
            ]
            assert [(one.status, one.body) for one in again] == [(304, b"")] * 2
            assert again[0].headers["etag"] == again[1].headers["etag"] == ours.headers["etag"]
            assert again[0].headers["cache-control"] == again[1].headers["cache-control"]
            assert set(again[0].headers["vary"].split(", ")) == set(again[1].headers["vary"].split(", "))
        head = ask(alone.port, url, *accepts, method="HEAD")
        assert (head.status, head.body, head.headers["content-length"]) == (200, b"", ours.headers["content-length"])


def test_nothing_else_is_sent_from_files(asked: list[str], alone: Proxy) -> None:
    """The site has to say what it thinks of it, and there is none."""
    for url in asked:
        for line in (*FRAGMENT, "HX-History-Restore-Request: true"):
            assert ask(alone.port, url, line).status == 502
        assert ask(alone.port, url, method="POST").status == 502
        assert ask(alone.port, f"{url}{'&' if '?' in url else '?'}utm_source=A").status == 502
    folder = ["/.size", "/~.html", "/about~.html", "/about~", "/about~.json", "/../about", "/%2e%2e/about", "//about"]
    for url in [*OTHERS, *folder, "/about?../../secret_key", "/about/", "/ABOUT", "/?/../../../secret_key"]:
        assert ask(alone.port, url).status in {400, 502}, url


def test_through_nginx_a_reader_gets_the_same_as_without(site: Site, asked: list[str], in_front_of: InFrontOf) -> None:
    nginx = in_front_of("nginx", site.port, site.pages)
    for url in [*asked, *OTHERS]:
        for lines in ((), FRAGMENT, ("Accept-Language: de",), ("Accept-Encoding: br", "Range: bytes=0-9")):
            ours, theirs = (ask(port, url, "Accept: text/html", *lines) for port in (site.port, nginx.port))
            if url == "/contact":
                assert theirs.status == ours.status
            else:
                assert seen(theirs) == seen(ours), (url, lines)


def test_no_page_older_than_what_was_published_comes_out_of_nginx(
    site: Site, project: Path, asked: list[str], in_front_of: InFrontOf
) -> None:
    """Readers ask all the time, while a command publishes again and again."""
    nginx = in_front_of("nginx", site.port, site.pages)
    published, stopped, wrong, counts = [0], threading.Event(), list[tuple[int, ...]](), [0, 0]

    def read() -> None:
        while not stopped.is_set():
            at_least = published[0]
            answer = ask(nginx.port, f"/glossary/{slug}")
            found = re.search(rb"Edition number ([0-9]+)", answer.body)
            shown = int(found[1]) if found else 0
            counts[shown > 0] += 1
            if answer.status != 200 or shown < at_least:
                wrong.append((answer.status, shown, at_least))

    app = make_app(project / "instance")
    readers = [threading.Thread(target=read) for _ in range(3)]
    with app.app_context():
        term, slug, words = db.session.execute(select(Term.id, Term.slug, Term.definition)).first() or (0, "", "")
        for reader in readers:
            reader.start()
        try:
            for number in range(1, 41):
                publish(term, f"Edition number {number}")
                published[0] = number
                stopped.wait(0.05)
        finally:
            stopped.set()
            for reader in readers:
                reader.join()
            publish(term, words)
    assert not wrong
    assert counts[1] > 100
    assert ask(nginx.port, "/about").status == 200
    assert (site.pages / "current").is_symlink(), "the site puts the link back"


def publish(term: int, words: str) -> None:
    db.session.execute(update(Term).where(Term.id == term).values(definition=words))
    raise_edition(db.session())
    db.session.commit()
