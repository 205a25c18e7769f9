"""Pages kept until the next edition."""

from __future__ import annotations

import brotli
import pytest
from flask import Flask

from tests.conftest import counted
from tests.factories import make_categories, make_summary
from tests.page import PageClient
from webapp import create_app
from webapp.extensions import cache


@pytest.fixture
def caching(app: Flask) -> PageClient:
    app.config["CACHE_TYPE"] = "SimpleCache"
    cache.init_app(app)
    return app.test_client()  # type: ignore[return-value]


def test_a_kept_page_takes_one_statement(app: Flask, caching: PageClient) -> None:
    first = caching.get("/research/")
    with counted(app) as sent:
        again = caching.get("/research/")
    assert again.text == first.text
    assert again.mimetype == first.mimetype
    assert len(sent) == 1


def test_a_change_makes_a_new_edition_at_once(app: Flask, caching: PageClient) -> None:
    etag = caching.get("/research/").headers["ETag"]
    make_categories()
    make_summary(title="Something new")
    after = caching.get("/research/", headers={"If-None-Match": etag})
    assert after.status_code == 200
    assert "Something new" in after.text


def test_an_error_is_not_kept(app: Flask, caching: PageClient) -> None:
    address = "/research/a-trial-of-arm-training-arm-training"
    assert caching.get(address).status_code == 404
    make_categories()
    make_summary()
    assert caching.get(address).status_code == 200


def test_one_address_with_another_query_is_another_page(app: Flask, caching: PageClient) -> None:
    assert caching.get("/research/?q=one").text != caching.get("/research/?q=two").text


def test_a_compressed_page_is_still_not_modified(caching: PageClient) -> None:
    first = caching.get("/research/", headers={"Accept-Encoding": "br"})
    assert first.headers["Content-Encoding"] == "br"
    again = caching.get("/research/", headers={"Accept-Encoding": "br", "If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_a_static_file_is_kept_for_good_and_named_by_its_content(caching: PageClient) -> None:
    page = caching.page("/")
    address = page.one("link[rel=stylesheet]").get("href")
    response = caching.get(address)
    assert response.mimetype == "text/css"
    assert "immutable" in response.headers["Cache-Control"]
    before_an_update = caching.get(address.replace("site-", "site-0"))
    assert before_an_update.text == response.text
    assert before_an_update.headers["Cache-Control"] == "no-store"


def test_a_proxy_is_believed_only_when_the_owner_says_so(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    from flask import request

    seen = {}
    for hops in ("0", "1"):
        monkeypatch.setenv("TRUSTED_PROXIES", hops)
        app = create_app(tmp_path / hops)
        app.before_request(lambda: seen.update({"address": request.remote_addr}))
        app.test_client().get("/robots.txt", headers={"X-Forwarded-For": "203.0.113.9"})
        assert (seen["address"] == "203.0.113.9") == (hops == "1")


def test_styles_and_script_are_sent_as_small_as_the_browser_can_read_them(caching: PageClient) -> None:
    page = caching.page("/research/")
    for address in (page.one("link[rel=stylesheet]").get("href"), page.one("script[src]").get("src")):
        plain = caching.get(address, headers={"Accept-Encoding": "identity"})
        small = caching.get(address, headers={"Accept-Encoding": "gzip, br"})
        assert "Content-Encoding" not in plain.headers
        assert small.headers["Content-Encoding"] == "br"
        assert brotli.decompress(small.data) == plain.data
        assert "Accept-Encoding" in small.headers["Vary"]
        assert "immutable" in small.headers["Cache-Control"]
        assert caching.get(address, headers={"Accept-Encoding": "gzip"}).headers["Content-Encoding"] == "gzip"
