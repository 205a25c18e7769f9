"""What gunicorn believes and refuses by itself, as deploy/ starts it, with no proxy in front."""

from __future__ import annotations

import json
import runpy
from contextlib import suppress
from pathlib import Path

import pytest

from tests.deploy.clients import ask
from tests.deploy.conftest import Site, gunicorn, said
from tests.deploy.proxies import ROOT
from webapp.postgresql import ENGINE_OPTIONS

EXPOSED = "can be reached from other machines"


@pytest.mark.parametrize("way", ["port", "socket"])
@pytest.mark.parametrize("lie", ["SCRIPT_NAME: //evil.example", "Script_Name: //evil.example", "PATH_INFO: /about"])
def test_no_header_replaces_the_address_of_a_page(site: Site, way: str, lie: str) -> None:
    where = getattr(site, way)
    page = "/privacy" if way == "port" else "/disclaimer"  # asked for by no other test, so none is kept yet
    for _ in range(6):  # to both workers
        assert ask(where, f"//evil.example{page}", lie).status in {308, 404}
        assert ask(where, "/nowhere", lie).status == 404
        assert "evil.example" not in ask(where, page, lie).text
        assert "evil.example" not in ask(where, page).text


def test_a_request_is_bounded(site: Site) -> None:
    assert ask(site.port, f"/research/?q={'a' * 3200}").status in {400, 414}
    assert ask(site.port, f"/research/?q={'%F0%9F%A6%BD' * 200}&sort=newest").status == 200
    assert ask(site.port, "/about", *[f"X-{number}: a" for number in range(60)]).status in {400, 431}
    assert ask(site.port, "/about", *[f"X-{number}: a" for number in range(30)]).status == 200
    assert ask(site.port, "/about", f"X-Long: {'a' * 9000}").status in {400, 431}


def test_gunicorn_says_so_when_other_machines_can_reach_it(site: Site, project: Path, tmp_path: Path) -> None:
    log = tmp_path / "log"
    with gunicorn(project, log, BIND="0.0.0.0:0") as process:
        line = said(log, rf"\[WARNING\] .*{EXPOSED}.*", process)[0]
    assert "proxy" in line
    assert EXPOSED not in site.log.read_text()


@pytest.mark.parametrize(
    ("address", "is_exposed"),
    [
        (("127.0.0.1", 8000), False),
        (("127.8.9.1", 8000), False),
        (("::1", 8000, 0, 0), False),
        ("/run/site/socket", False),
        (("0.0.0.0", 8000), True),  # noqa: S104
        (("::", 8000, 0, 0), True),
        (("192.0.2.7", 8000), True),
        (("fe80::1%eth0", 8000, 0, 2), True),
    ],
)
def test_which_addresses_other_machines_reach(address: object, is_exposed: bool) -> None:
    settings = runpy.run_path(str(ROOT / "deploy" / "gunicorn.conf.py"))
    assert settings["is_exposed"](address) is is_exposed


def test_each_thread_has_a_connection_to_postgresql() -> None:
    settings = runpy.run_path(str(ROOT / "deploy" / "gunicorn.conf.py"))
    assert settings["threads"] == ENGINE_OPTIONS["pool_size"]


def test_gunicorn_does_not_start_where_the_site_is_not_ready(project: Path, tmp_path: Path) -> None:
    """The same question as /healthz asks: here there is no database."""
    host = tmp_path / "host"
    host.mkdir()
    for name in ("webapp", "migrations", "deploy", "wsgi.py"):
        (host / name).symlink_to(ROOT / name)
    with gunicorn(host, tmp_path / "log", BIND="127.0.0.1:0") as process:
        assert process.wait(60) != 0
    said = (tmp_path / "log").read_text()
    assert "The database cannot be opened" in said
    assert "Traceback" not in said
    assert "Listening" not in said


def test_a_wrong_setting_stops_gunicorn_with_one_sentence(project: Path, tmp_path: Path) -> None:
    with gunicorn(project, tmp_path / "log", BIND="127.0.0.1:0", SITE_URL="nonsense") as process:
        assert process.wait(60) != 0
    said = (tmp_path / "log").read_text()
    assert "The site did not start, because a setting is wrong. SITE_URL" in said
    assert "Traceback" not in said


def test_nothing_is_open_before_the_workers_are_forked(site: Site) -> None:
    """A connection to SQLite that two processes share ruins the database."""
    first, workers = site.pid, list[str]()
    while len(workers) < 2:  # they are started one after the other
        ask(site.port, "/about")
        workers = Path(f"/proc/{first}/task/{first}/children").read_text().split()
    assert not [name for name in opened_by(str(first)) if "site.db" in name]
    assert [name for pid in workers for name in opened_by(pid) if "site.db" in name]


def opened_by(pid: str) -> list[str]:
    """The files a process has open; what it closes while this reads along is not among them."""
    names = []
    for one in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):
            names.append(str(one.readlink()))
    return names


def test_each_request_that_is_worked_on_leaves_a_line_without_its_reader(site: Site) -> None:
    for _ in range(4):  # refused with a word in the site's own log, by both workers
        assert ask(site.port, "/contact", "Content-Length: 0", method="POST").status in {400, 403}
    ask(site.port, "/research/?q=secret-words", "User-Agent: secret-browser", "X-Forwarded-For: 198.51.100.7")
    lines = [json.loads(line) for line in site.log.read_text().splitlines() if line.startswith("{")]
    assert "research.index" in {line["view"] for line in lines}
    assert " in logs: " not in site.log.read_text(), "as the site's own log would write it once more"
    assert "secret" not in site.log.read_text()
    assert "198.51" not in site.log.read_text()
