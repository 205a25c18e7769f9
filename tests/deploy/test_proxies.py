"""What the shipped examples of Caddy and nginx keep away from the site, and out of their logs."""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask

from tests.conftest import address_of
from tests.deploy.clients import BODY, HEAD, Answer, ask, slow_clients
from tests.deploy.conftest import InFrontOf, Listener, Site
from tests.deploy.proxies import PROXIES, ROOT, Proxy, installed, write_nginx
from tests.ports import free_port
from webapp.desk.writing.routes import MAX_BYTES

SECONDS = 1.0
"""A reader's answer stays under this; it is usually there after some hundredths."""
LONGEST_BODY = 64 * 1024
SECRET = "7.kEpThIsToYoUrSeLf_aNd-TeLlNoBoDy42"
each_proxy = pytest.mark.parametrize("name", PROXIES)


def post(port: int, form: Answer, length: int = 0, *, source: str = "127.0.0.1") -> Answer:
    """Send the form that was answered, with nothing filled in but what makes it `length` bytes long."""
    (token,) = re.findall(r'name="csrf_token"[^>]* value="([^"]+)"', form.text)
    body = f"csrf_token={token}&text=".encode().ljust(length, b"a")
    fields = ("Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}")
    return ask(port, "/contact", *fields, method="POST", body=body, source=source)


def test_two_hundred_slow_clients_leave_a_reader_an_answer_under_a_second(
    proxy: Proxy, record_property: Callable[[str, object], None]
) -> None:
    with slow_clients(proxy.port, [HEAD, BODY] * 100) as crowd:
        answers = []
        for number in range(1, 6):
            me = f"127.0.2.{number}"
            answers += [ask(proxy.port, path, source=me) for path in ("/", "/research/?q=bladder", "/contact")]
            answers.append(post(proxy.port, answers[-1], source=me))
        assert not crowd.answered(), "a slow client was sent away, so this measured less than it says"
    assert [answer.status for answer in answers] == [200, 200, 200, 422] * 5
    slowest = max(answer.seconds for answer in answers)
    record_property("slowest", slowest)
    print(f"{proxy.name}: {slowest:.3f} s at most")
    assert slowest < SECONDS


def test_a_clinic_behind_one_address_reads_at_the_same_moment(proxy: Proxy) -> None:
    with ThreadPoolExecutor(40) as people:
        answers = list(people.map(lambda _: ask(proxy.port, "/about"), range(80)))
    assert {answer.status for answer in answers} == {200}


def test_one_address_that_keeps_more_than_a_hundred_requests_open_is_told_so(
    site: Site, in_front_of: InFrontOf
) -> None:
    nginx = in_front_of("nginx", site.port)  # Caddy counts no connections
    with slow_clients(nginx.port, [BODY] * 110, per_address=110) as crowd:
        assert ask(nginx.port, "/about", source="127.0.1.1").status == 429
        assert ask(nginx.port, "/about", source="127.0.1.2").status == 200
        assert len(crowd.answered()) == 10


def test_nothing_a_client_claims_reaches_another_reader(proxy: Proxy) -> None:
    lies = (
        "SCRIPT_NAME: //evil.example",
        "X-Forwarded-Host: evil.example",
        "X-Forwarded-For: 6.6.6.6",
        "X-Forwarded-Proto: gopher",
        "X-Forwarded-Prefix: //evil.example",
        "Forwarded: for=6.6.6.6;host=evil.example",
    )
    for page in ("/how-we-write", "/accessibility"):  # pages no test has asked for, so none is kept yet
        for _ in range(6):  # to both workers
            first, second = ask(proxy.port, f"//evil.example{page}", *lies), ask(proxy.port, page, *lies)
            assert first.status in {308, 404}
            assert not first.headers.get("location", "").startswith(("//", "http://evil", "https://evil"))
            assert "evil.example" not in second.text
        told = [ask(proxy.port, page) for _ in range(6)]
        assert {answer.status for answer in told} == {200}
        assert len({answer.body for answer in told}) == 1
        assert "evil.example" not in told[0].text


@each_proxy
def test_the_site_hears_who_asks_and_how_from_the_proxy_alone(
    listener: Listener, in_front_of: InFrontOf, name: str
) -> None:
    port = in_front_of(name, listener.port).port
    ask(
        port,
        "/about",
        "X-Forwarded-For: 6.6.6.6",
        "X-Forwarded-For: 6.6.6.7",
        "X_Forwarded_For: 6.6.6.8",
        "X-Forwarded-Proto: gopher",
        "X-Forwarded-Host: evil.example",
        "X-Forwarded-Port: 666",
        "X-Forwarded-Prefix: /evil",
        "Forwarded: for=6.6.6.6",
        "SCRIPT_NAME: /evil",
        "Path_Info: /evil",
        "Connection: X-Forwarded-For, X-Forwarded-Proto",
        source="127.0.0.9",
    )
    assert listener.value("X-Forwarded-For") == "127.0.0.9"
    assert listener.value("X-Forwarded-Proto") == "http"
    assert listener.value("Host") == "example.org"
    told = {key for key, _ in listener.headers}
    assert not {key for key in told if "_" in key}
    assert not told & {"x-forwarded-host", "x-forwarded-port", "x-forwarded-prefix", "forwarded"}


@each_proxy
def test_a_body_over_64_kilobytes_is_refused_and_never_reaches_the_site(
    listener: Listener, in_front_of: InFrontOf, name: str
) -> None:
    port = in_front_of(name, listener.port).port
    for length in (LONGEST_BODY + 1, 10 * LONGEST_BODY):
        assert ask(port, "/contact", f"Content-Length: {length}", method="POST", body=b"a" * length).status == 413
    assert not listener.requests


@each_proxy
def test_files_that_come_in_at_the_desk_may_be_larger(listener: Listener, in_front_of: InFrontOf, name: str) -> None:
    port = in_front_of(name, listener.port).port
    for length, is_passed_on in ((10 * 1024 * 1024, True), (12 * 1024 * 1024, False)):
        answer = ask(port, "/desk/files", f"Content-Length: {length}", method="POST", body=b"a" * length)
        assert (answer.status != 413) is is_passed_on, length


def test_a_body_of_64_kilobytes_is_read_as_a_whole_and_one_in_pieces_is_bounded_too(proxy: Proxy) -> None:
    form = ask(proxy.port, "/contact")
    assert post(proxy.port, form, LONGEST_BODY).status == 422  # nothing is filled in but the text
    chunk = b"%x\r\n%s\r\n0\r\n\r\n" % (LONGEST_BODY + 1, b"a" * (LONGEST_BODY + 1))
    assert ask(proxy.port, "/contact", "Transfer-Encoding: chunked", method="POST", body=chunk).status == 413


@each_proxy
def test_the_desk_takes_longer_texts_and_has_an_end_too(listener: Listener, in_front_of: InFrontOf, name: str) -> None:
    port = in_front_of(name, listener.port).port
    path = "/desk/documents/1"
    for length, good in ((MAX_BYTES, True), (MAX_BYTES + 1, False)):
        listener.requests.clear()
        answer = ask(port, path, f"Content-Length: {length}", method="POST", body=b"a" * length)
        assert (answer.status == 413) != good
        assert bool(listener.requests) == good


def test_browsers_are_told_to_come_back_by_https_alone(proxy: Proxy) -> None:
    for path in ("/", "/nowhere", "/robots.txt"):
        assert ask(proxy.port, path).headers["strict-transport-security"] == "max-age=31536000"


def spellings(secret_path: str) -> list[str]:
    """The address of a page as readers, mail programs and liars may write it."""
    first = secret_path[1]
    return [
        secret_path,
        f"/{secret_path}",
        f"//{secret_path}",
        f"/%{ord(first):x}{secret_path[2:]}",
        f"/%25{ord(first):x}{secret_path[2:]}",
        secret_path.replace("/", "%2F"),
        f"/.{secret_path}",
        f"/about/..{secret_path}",
        f"/research{secret_path}",
        f"/research/{secret_path}",
        f"/research/..{secret_path}",
        secret_path.title(),
        f"{secret_path}/?saved=1",
        f"/?next={secret_path}",
        f"http://example.org{secret_path}",
    ]


@each_proxy
def test_the_secret_part_of_a_link_is_in_no_log(
    listener: Listener, in_front_of: InFrontOf, shipped_app: Flask, name: str
) -> None:
    secret_paths = [
        address_of(rule, token=SECRET, number="1")
        for rule in shipped_app.url_map.iter_rules()
        if "token" in rule.arguments
    ]
    assert len(secret_paths) >= 3
    working, broken = in_front_of(name, listener.port), in_front_of(name, free_port())
    for path in [spelled for secret_path in secret_paths for spelled in spellings(secret_path)]:
        referer = f"Referer: https://example.org{path}"
        assert ask(working.port, path, referer).status in {303, 400}
        assert ask(broken.port, path, referer).status in {400, 502}
        assert ask(working.port, path, f"X-Long: {'a' * 40_000}").status in {400, 431}
        assert ask(working.port, path, "Content-Length: 70000", method="POST").status in {400, 413}
        if working.plain_port:
            assert ask(working.plain_port, path).status in {301, 400}
    ask(working.port, "/research/a-summary?q=pressure+sores")
    time.sleep(1.5)  # nginx writes its log once a second
    for text in (working.written(), broken.written()):
        assert "/subscribe" in text
        for secret in (SECRET, SECRET.title(), "kEpThIs", "pressure"):
            assert secret not in text
    assert "/research/a-summary" in working.written()


def test_the_examples_are_taken_as_they_are(tmp_path: Path) -> None:
    """With TLS; only the certificate is another."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-subj", "/CN=example.org", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(command, check=True, capture_output=True)
    live = "/etc/letsencrypt/live/example.org"
    nginx = write_nginx(tmp_path, {f"{live}/fullchain.pem": str(certificate), f"{live}/privkey.pem": str(key)})
    checked = subprocess.run([*nginx, "-t"], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    assert "warn" not in checked.stderr

    command = [installed("caddy"), "validate", "--adapter", "caddyfile", "--config"]
    checked = subprocess.run(
        [*command, str(ROOT / "deploy" / "Caddyfile.example")],
        capture_output=True,
        text=True,
        check=False,
        env={"HOME": str(tmp_path)},
    )
    assert checked.returncode == 0, checked.stderr
    assert '"warn"' not in checked.stderr
