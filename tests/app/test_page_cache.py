"""Pages kept until the next edition: their identity, their bounds, and what of a request may reach them."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import brotli
import pytest
from flask import Flask, Response
from flask.testing import FlaskClient

from tests.conftest import counted, make_app
from tests.factories import make_categories, make_summary
from tests.page import PageClient
from webapp import assets
from webapp.extensions import db
from webapp.models import Edition
from webapp.page_cache import memory

BYTES = 200_000


@pytest.fixture
def caching(app: Flask, client: PageClient, monkeypatch: pytest.MonkeyPatch) -> PageClient:
    """A client of a site that keeps its pages."""
    monkeypatch.setitem(app.extensions, "page_cache", memory.PageCache(BYTES))
    return client


def test_a_cached_page_is_answered_before_flask_looks_at_it(app: Flask, caching: PageClient) -> None:
    first = caching.get("/research/")
    with counted(app) as sent, pytest.MonkeyPatch.context() as patch:
        patch.setattr(app, "full_dispatch_request", None)
        again = caching.get("/research/")
        seen = caching.get("/research/", headers={"If-None-Match": first.headers["ETag"]})
        head = caching.head("/research/")
    assert again.text == first.text
    assert dict(again.headers) == dict(first.headers)
    assert (seen.status_code, seen.data) == (304, b"")
    assert (head.status_code, head.data, dict(head.headers)) == (200, b"", dict(first.headers))
    assert not sent


def test_a_change_makes_a_new_edition_at_once(app: Flask, caching: PageClient) -> None:
    etag = caching.get("/research/").headers["ETag"]
    make_categories()
    make_summary(title="Something new")
    after = caching.get("/research/", headers={"If-None-Match": etag})
    assert after.status_code == 200
    assert "Something new" in after.text


def test_an_edition_never_comes_round_again(app: Flask) -> None:
    """As it would with a number: back up, publish, restore, publish something else."""
    tokens = set()
    for title in "abcdef":
        make_categories(title)
        tokens.add(db.session.scalar(db.select(Edition.token)))
    assert len(tokens) == 6
    assert all(token and len(token) == 16 for token in tokens)


def test_a_changed_setting_makes_every_page_anew(app: Flask, caching: PageClient, tmp_path: Path) -> None:
    before = caching.get("/about", headers={"Accept-Encoding": "br"}).headers["ETag"]
    same, other = (make_app(tmp_path / "instance", OWNER_EMAIL=owner) for owner in (None, "owner@example.org"))
    seen = {"If-None-Match": before, "Accept-Encoding": "br"}
    assert same.test_client().get("/about", headers=seen).status_code == 304
    assert other.test_client().get("/about", headers=seen).status_code == 200


def test_another_build_makes_every_page_anew(app: Flask, caching: PageClient, monkeypatch: pytest.MonkeyPatch) -> None:
    before = caching.get("/about").headers["ETag"]
    monkeypatch.setattr(assets, "build", lambda: "another")
    other = make_app(Path(app.instance_path)).test_client()
    assert other.get("/about", headers={"If-None-Match": before}).status_code == 200


def test_an_error_is_not_cached(app: Flask, caching: PageClient) -> None:
    url = "/research/a-trial-of-arm-training-arm-training"
    assert caching.get(url).status_code == 404
    make_categories()
    make_summary()
    assert caching.get(url).status_code == 200


@pytest.mark.parametrize("star", ["*", 'W/"x", *', '"*"'])
def test_a_page_that_is_not_there_is_never_not_modified(caching: PageClient, star: str) -> None:
    for url in ("/research/nothing", "/glossary/nothing", "/categories/nothing", "/research/nothing/cite.ris"):
        assert caching.get(url, headers={"If-None-Match": star}).status_code == 404


def test_a_star_does_not_hide_a_page(caching: PageClient) -> None:
    assert caching.get("/about", headers={"If-None-Match": "*"}).status_code == 200


def test_another_search_is_another_page_and_an_unknown_parameter_is_not(app: Flask, caching: PageClient) -> None:
    def etag(url: str) -> str:
        return caching.get(url).headers["ETag"]

    make_categories("hand-and-arm-use")
    make_summary(title="One in two")  # what finds nothing is kept nowhere
    assert caching.get("/research/?q=one").text != caching.get("/research/?q=two").text
    assert etag("/research/?q=one") == etag("/research/?utm_source=x&q=one&stage=nonsense") == etag("/research/?q=+one")
    assert etag("/about") == etag("/about?q=one")


def test_one_page_more_than_there_is_room_for_takes_the_place_of_one(app: Flask, caching: PageClient) -> None:
    pages = 2 * BYTES // len(caching.get("/research/").data)
    for number in range(pages):
        caching.get(f"/research/?q={number}")
    with counted(app) as sent:
        caching.get(f"/research/?q={pages - 1}")
        caching.get(f"/research/?q={pages - 2}")
    assert not sent, "the newest pages are still there"
    with counted(app) as sent:
        caching.get("/research/?q=0")
    assert sent, "the oldest went"


def test_what_is_not_asked_of_us_or_not_for_reading_goes_the_long_way(app: Flask, caching: PageClient) -> None:
    before = caching.get("/about")
    assert caching.get("/about", headers={"Host": "evil.example"}).status_code == 400
    assert caching.post("/about").status_code == 405
    assert caching.get("/about", headers={"Accept-Encoding": "br"}).data != before.data
    assert caching.get("/about").data == before.data


def test_another_process_may_publish_and_no_older_page_is_shown(app: Flask, caching: PageClient) -> None:
    """The edition is read from the database for each request."""
    for url in ("/research/", "/about"):
        caching.get(url)
    with db.engine.begin() as other:
        values = "(1, 'of-another', '2026-01-01') ON CONFLICT (id) DO UPDATE SET token = excluded.token"
        other.exec_driver_sql(f"INSERT INTO editions (id, token, changed_at) VALUES {values}")
    with counted(app) as sent:
        caching.get("/research/")
    assert sent, "it was made anew"


@pytest.mark.sqlite
def test_a_database_that_is_replaced_is_noticed(app: Flask, caching: PageClient) -> None:
    file = Path(app.instance_path) / "site.db"
    assert caching.get("/about").status_code == 200
    db.session.remove()
    file.rename(file.with_name("gone.db"))
    assert caching.get("/about").status_code == 503
    db.session.remove()
    shutil.copy(file.with_name("gone.db"), file)
    assert caching.get("/about").status_code == 200


def test_a_page_is_compressed_once_for_each_encoding(caching: PageClient, monkeypatch: pytest.MonkeyPatch) -> None:
    runs = []

    def compress(body: bytes) -> bytes:
        runs.append(len(body))
        compressed: bytes = brotli.compress(body)
        return compressed

    monkeypatch.setitem(memory.ENCODINGS, "br", compress)
    bodies = {caching.get("/about", headers={"Accept-Encoding": "gzip, br"}).data for _ in range(5)}
    assert len(runs) == 1
    assert [brotli.decompress(body).decode() for body in bodies] == [caching.get("/about").text]


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0.1, gzip;q=1", "gzip"),
        ("identity", None),
        ("", None),
        ("zstd", None),
        ("*;q=0", None),
    ],
)
def test_a_page_comes_as_the_browser_can_read_it(caching: PageClient, accepted: str, encoding: str | None) -> None:
    first = caching.get("/about", headers={"Accept-Encoding": accepted})
    assert first.headers.get("Content-Encoding") == encoding
    assert "Accept-Encoding" in first.headers["Vary"]
    again = caching.get("/about", headers={"Accept-Encoding": accepted, "If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert not again.data
    assert "Accept-Encoding" in again.headers["Vary"]


def test_each_encoding_has_its_own_identity(caching: PageClient) -> None:
    etags = {caching.get("/about", headers={"Accept-Encoding": name}).headers["ETag"] for name in ("br", "gzip", "")}
    assert len(etags) == 3


def test_head_answers_as_get_does(caching: PageClient) -> None:
    for _ in range(2):
        head, get = caching.head("/about"), caching.get("/about")
        assert not head.data
        assert {name: value for name, value in head.headers if name != "Date"} == dict(get.headers)


# Every header a client or a careless proxy may send that some library between the socket and us is known to read.
HEADERS = {
    "Script-Name": "//evil.example",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Port": "1",
    "X-Forwarded-Prefix": "//evil.example",
    "X-Forwarded-For": "203.0.113.9",
    "Forwarded": "host=evil.example;proto=https",
    "X-Script-Name": "//evil.example",
    "X-Original-URL": "//evil.example/",
    "X-Rewrite-URL": "//evil.example/",
    "X-HTTP-Method-Override": "POST",
    "X-Host": "evil.example",
    "Host": "localhost:81",
    "Cookie": "session=evil; reader=evil",
    "Accept": "application/json",
    "Accept-Language": "de",
    "Accept-Charset": "utf-7",
    "User-Agent": "evil",
    "Referer": "https://evil.example/",
    "Origin": "https://evil.example",
    "Authorization": "Basic ZXZpbDpldmls",
    "Range": "bytes=0-9",
    "If-Modified-Since": "Thu, 01 Jan 2037 00:00:00 GMT",
    "If-Match": '"evil"',
    "If-Unmodified-Since": "Thu, 01 Jan 1970 00:00:00 GMT",
    "Save-Data": "on",
    "DNT": "1",
    "Prefer": "return=minimal",
    "HX-Boosted": "true",
    "HX-Target": "evil",
    "HX-Trigger": "evil",
    "HX-Current-URL": "https://evil.example/",
    "X-Requested-With": "XMLHttpRequest",
    "TE": "trailers",
}
READING = ["/about", "/research/?q=arm", "/feed.atom"]


@pytest.mark.parametrize("environ", [{}, {"SCRIPT_NAME": "//evil.example"}, {"wsgi.url_scheme": "https"}])
@pytest.mark.parametrize("url", READING)
def test_no_header_reaches_a_cached_page(
    app: Flask, monkeypatch: pytest.MonkeyPatch, url: str, environ: dict[str, Any]
) -> None:
    """A stranger asks first; what everybody gets afterwards is as if they had not."""
    clean: Any = app.test_client().get(url)
    for name, value in HEADERS.items():
        monkeypatch.setitem(app.extensions, "page_cache", memory.PageCache(BYTES))
        client = app.test_client()
        asked: Any = client.get(url, headers={name: value}, environ_overrides=environ)
        after: Any = client.get(url)
        assert (asked.status_code, asked.data) == (200, clean.data), name
        assert (after.status_code, after.data, after.headers) == (200, clean.data, clean.headers), name
        assert b"evil" not in asked.data


def test_an_answer_with_a_cookie_is_kept_for_nobody(app: Flask, caching: PageClient) -> None:
    """Whatever part of the site set it: it is one reader's."""
    app.after_request_funcs[None].insert(0, _with_cookie)
    strict = FlaskClient(app)  # `caching` refuses any page with a cookie
    try:
        first = strict.get("/about")
    finally:
        app.after_request_funcs[None].remove(_with_cookie)
    assert "Set-Cookie" in first.headers
    assert "Set-Cookie" not in strict.get("/about").headers


def _with_cookie(response: Response) -> Response:
    response.set_cookie("reader", "1")
    return response


def test_a_flood_of_odd_queries_takes_no_room(app: Flask, caching: PageClient) -> None:
    kept: Any = app.extensions["page_cache"]
    for number in range(50):
        assert caching.get(f"/about?{number}{'x' * 500}").status_code == 200
    assert len(kept._keys) == 0
    caching.get("/about?utm=1")
    assert len(kept._keys) == 1
