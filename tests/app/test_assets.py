"""Styles and scripts: named by their content, kept for good, sent small."""

from __future__ import annotations

import brotli

from tests.page import PageClient


def test_a_static_file_is_kept_for_good_and_named_by_its_content(client: PageClient) -> None:
    page = client.page("/")
    address = page.select("link[rel=stylesheet]")[0].get("href")
    response = client.get(address)
    assert response.mimetype == "text/css"
    assert "immutable" in response.headers["Cache-Control"]
    before_an_update = client.get(address.replace("site-", "site-0"))
    assert before_an_update.text == response.text
    assert before_an_update.headers["Cache-Control"] == "no-store"


def test_styles_and_script_are_sent_as_small_as_the_browser_can_read_them(client: PageClient) -> None:
    page = client.page("/research/")
    files = [link.get("href") for link in page.select("link[rel=stylesheet]")]
    assert len(files) == 2
    for address in (*files, page.select("script[src]")[0].get("src")):
        plain = client.get(address, headers={"Accept-Encoding": "identity"})
        small = client.get(address, headers={"Accept-Encoding": "gzip, br"})
        assert "Content-Encoding" not in plain.headers
        assert small.headers["Content-Encoding"] == "br"
        assert brotli.decompress(small.data) == plain.data
        assert "Accept-Encoding" in small.headers["Vary"]
        assert "immutable" in small.headers["Cache-Control"]
        assert client.get(address, headers={"Accept-Encoding": "gzip"}).headers["Content-Encoding"] == "gzip"


def test_a_file_goes_out_as_it_is(client: PageClient) -> None:
    """Compressed while it is sent, it was so at each request, and stayed open when the reader went away."""
    for accepted in ("zstd", "br", "gzip, deflate, br, zstd"):
        with client.get("/static/favicon.svg", headers={"Accept-Encoding": accepted}) as answer:
            assert "Content-Encoding" not in answer.headers
            assert answer.data.startswith(b"<svg")
