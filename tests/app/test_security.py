"""The border of trust: what of a request is believed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask import Flask, request

from tests.conftest import make_app
from tests.page import PageClient
from webapp import create_app


@pytest.mark.parametrize("hops", ["0", "1"])
def test_a_proxy_is_believed_only_when_the_owner_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hops: str
) -> None:
    seen: dict[str, Any] = {}
    monkeypatch.setenv("TRUSTED_PROXIES", hops)
    app = create_app(tmp_path)
    app.before_request(lambda: seen.update(address=request.remote_addr, is_secure=request.is_secure, host=request.host))
    headers = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example"}
    app.test_client().get("/robots.txt", headers=headers)
    assert (seen["address"] == "203.0.113.9") == seen["is_secure"] == (hops == "1")
    assert seen["host"] == "localhost"


@pytest.mark.parametrize(
    "host",
    ["evil.example", "example.org.evil.example", "a" * 64 + ".example.org", "evil.example:80", "[::2]", "a b", ""],
)
def test_a_host_that_is_not_ours_gets_one_sentence(app: Flask, host: str, caplog: pytest.LogCaptureFixture) -> None:
    for address in ("/about", "/research", "//evil.example/about", "/nowhere", "/static/favicon.svg"):
        answer = app.test_client().get(address, headers={"Host": host})
        if host:
            assert answer.status_code == 400, address
            assert answer.text == "This site is at https://example.org\n"
        assert "evil" not in answer.text
        answer.close()
        assert "evil" not in answer.headers.get("Location", "")
    assert not caplog.records


@pytest.mark.parametrize("host", ["example.org", "EXAMPLE.org", "example.org:8000", "localhost:5001", "127.0.0.1:8000"])
def test_the_host_of_the_site_and_this_machine_are_answered(client: PageClient, host: str) -> None:
    assert client.get("/about", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    ("asked", "to"),
    [
        ("/research", "/research/"),
        ("/research?q=a&page=2", "/research/?q=a&page=2"),
        ("/categories", "/categories/"),
    ],
)
def test_a_redirect_names_no_host_and_is_not_kept(client: PageClient, asked: str, to: str) -> None:
    headers = {"Host": "example.org:81", "X-Forwarded-Host": "evil.example"}
    answer = client.get(asked, headers=headers, environ_overrides={"SCRIPT_NAME": "//evil.example"})
    assert answer.status_code == 308
    assert answer.headers["Location"] == to
    assert answer.headers["Cache-Control"] == "no-store"


def test_every_answer_says_whether_it_may_be_kept(client: PageClient) -> None:
    for address in ("/", "/nowhere", "/research", "/contact", "/subscribe", "/healthz", "/static/favicon.svg"):
        with client.get(address) as answer:
            assert answer.headers["Cache-Control"], address


def test_a_page_may_do_little_in_a_browser(client: PageClient) -> None:
    for address in ("/", "/nowhere", "/feed.atom", "/healthz", "/static/favicon.svg", "/contact"):
        with client.get(address) as answer:
            headers = answer.headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        if not address.startswith("/static/"):  # a file is no page
            assert headers["X-Frame-Options"] == "DENY"
            assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
            assert headers["Referrer-Policy"] in {"same-origin", "strict-origin"}
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


def test_a_site_behind_another_mount_point_links_to_its_root(tmp_path: Path) -> None:
    """What gunicorn makes of a header named SCRIPT_NAME."""
    app = make_app(tmp_path)
    answer = app.test_client().get("/healthz", environ_overrides={"SCRIPT_NAME": "/evil", "PATH_INFO": "/nowhere"})
    assert "evil" not in answer.text


def test_a_path_with_two_slashes_leads_to_no_other_host(app: Flask) -> None:
    answer = app.test_client().get("/", environ_overrides={"PATH_INFO": "//evil.example//about"})
    assert "Location" not in answer.headers
    assert '"//evil' not in answer.text
