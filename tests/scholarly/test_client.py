"""The client: polite, patient within limits, and clear about what went wrong."""

from __future__ import annotations

import datetime as dt
import gzip
import subprocess
import sys
from collections.abc import Callable
from email.utils import format_datetime
from pathlib import Path
from threading import Event, Thread

import pytest
from flask import Flask

from tests.scholarly.answers import DOI, PMID, TRIAL, efetch, found, listed, single, study
from tests.scholarly.conftest import CONTACT, Connect
from tests.scholarly.server import (
    Misdeed,
    Reply,
    Service,
    broken_off,
    dripping_body,
    dripping_head,
    endless,
    hung_up,
    packed,
    serving,
    silent,
)
from webapp import clock
from webapp.config import flask_config
from webapp.scholarly import crossref, europepmc, pubmed, trials
from webapp.scholarly.client import KEPT_SECONDS, Client, shared_client
from webapp.scholarly.errors import ScholarlyError
from webapp.scholarly.pace import Pace
from webapp.scholarly.transport import unpacked

ROOT = Path(__file__).parents[2]
NO_ANSWER = "Crossref did not answer. What you typed is kept. Try again later."
UNREADABLE = "Crossref sent an answer that cannot be read. What you typed is kept. Try again later."
BUSY_BODY = {"error": "API rate limit exceeded", "api-key": "192.0.2.1", "count": "4", "limit": "3"}


def refusal(client: Client, doi: str = DOI) -> str:
    with pytest.raises(ScholarlyError) as refused:
        crossref.find_work(client, doi)
    return str(refused.value)


# What goes out


def test_nothing_about_a_reader_goes_out(app: Flask, client: Client, service: Service) -> None:
    """Not even where a request is being answered, and not what another service has handed out."""
    service.replies_with(Reply(single(), headers={"Set-Cookie": "id=1; Path=/"}))
    reader = {"User-Agent": "Reader/1", "Cookie": "voter=secret", "Referer": "https://example.org/research/x"}
    with app.test_request_context("/", headers={**reader, "Accept-Language": "de", "X-Forwarded-For": "192.0.2.7"}):
        crossref.find_work(client, DOI)
        crossref.find_work(client, "10.5555/other")
    for question in service.asked:
        assert {name.lower(): value for name, value in question.headers} == {
            "host": service.url.removeprefix("http://"),
            "user-agent": f"SpinalCordResearchHelp (mailto:{CONTACT})",
            "accept": "*/*",
            "accept-encoding": "gzip",
            "connection": "keep-alive",
        }
    assert [question.path for question in service.asked] == ["/works/10.5555%2Fwalk.2024.17", "/works/10.5555%2Fother"]


@pytest.mark.parametrize(
    ("contact", "told"),
    [
        (None, "SpinalCordResearchHelp"),
        ("zoë@bücher.example", "SpinalCordResearchHelp (mailto:zo%C3%AB@xn--bcher-kva.example)"),
        ("a\r\nX-Evil: 1@example.org", "SpinalCordResearchHelp (mailto:a%0D%0AX-Evil%3A%201@example.org)"),
    ],
)
def test_the_contact_is_told_in_letters_that_a_header_can_hold(
    service: Service, waits: list[float], contact: str | None, told: str, connect: Connect
) -> None:
    service.replies_with(single())
    crossref.find_work(connect(contact=contact), DOI)
    assert dict(service.asked[0].headers)["User-Agent"] == told


def test_settings_of_other_programs_change_nothing(
    monkeypatch: pytest.MonkeyPatch, client: Client, service: Service, tmp_path: Path
) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login me password hunter2\n")
    (tmp_path / ".netrc").chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    service.replies_with(single())
    assert crossref.find_work(client, DOI)
    assert "Authorization" not in dict(service.asked[0].headers)


def test_the_library_is_loaded_by_the_first_question_alone() -> None:
    script = (
        "import sys; from webapp.scholarly import client, crossref, europepmc, pubmed, trials\n"
        "asks = client.Client({'CROSSREF_URL': 'http://127.0.0.1:9'}); print('httpx2' in sys.modules)\n"
        "try: crossref.find_work(asks, '10.5555/a')\n"
        "except Exception: print('httpx2' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["False", "True"]


# Pace


@pytest.mark.parametrize(("contact", "intervals"), [(CONTACT, (0.1, 1 / 3)), (None, (0.2, 1.0))])
def test_crossref_is_asked_as_often_as_it_allows(
    service: Service, waits: list[float], connect: Connect, contact: str | None, intervals: tuple[float, float]
) -> None:
    client = connect(contact=contact)
    service.replies_with(single())
    for number in range(3):
        crossref.find_work(client, f"10.5555/{number}")
    assert waits == pytest.approx([0, intervals[0], intervals[0]])
    waits.clear()
    service.replies_with(listed())
    for number in range(3):
        crossref.find_updates(client, [f"10.5555/{number}"])
    assert waits == pytest.approx([0, intervals[1], intervals[1]])


def test_each_service_has_a_pace_of_its_own(client: Client, service: Service, waits: list[float]) -> None:
    service.replies_with(study(), found(), efetch(), study(), found(), efetch())
    for number in ("1", "2"):
        trials.find_trial(client, f"NCT0000000{number}")
        europepmc.find_article_by_pmid(client, number)
        pubmed.find_article(client, number)
    assert waits == [0, 0, 0, 1, 0, 0], "a second for the trial is enough for the others"


@pytest.mark.parametrize("find", [europepmc.find_article_by_pmid, pubmed.find_article])
def test_europe_pmc_and_pubmed_are_asked_three_times_a_second(
    client: Client, service: Service, waits: list[float], find: Callable[[Client, str], object]
) -> None:
    service.replies_with(found() if find is europepmc.find_article_by_pmid else efetch())
    for number in range(1, 4):
        find(client, str(number))
    assert waits == pytest.approx([0, 1 / 3, 1 / 3])


def test_threads_share_the_pace(waits: list[float]) -> None:
    pace, taken = Pace(0.1), list[float]()
    threads = [Thread(target=lambda: taken.append(pace.take_turn(patience=1))) for _ in range(9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == pytest.approx([place / 10 for place in range(9)])


def test_a_turn_that_comes_too_late_is_left_to_others(waits: list[float]) -> None:
    pace = Pace(2)
    assert [pace.take_turn(patience) for patience in (1, 1, 2)] == [0, 2, 2]


def test_all_who_ask_with_the_same_settings_share_one_client(app: Flask, tmp_path: Path) -> None:
    client = shared_client(app.config)
    assert shared_client(dict(app.config)) is client
    assert {name: flask_config(tmp_path)[name] for name in client.urls} == {
        "CROSSREF_URL": "https://api.crossref.org",
        "EUROPEPMC_URL": "https://www.ebi.ac.uk/europepmc/webservices/rest",
        "PUBMED_URL": "https://eutils.ncbi.nlm.nih.gov/entrez/eutils",
        "TRIALS_URL": "https://clinicaltrials.gov/api/v2",
        "INDEXNOW_URL": "https://api.indexnow.org",
    }
    assert shared_client({**app.config, "SCHOLARLY_CONTACT": CONTACT}) is not client


# What is kept


def test_an_answer_is_kept_for_a_quarter_of_an_hour(client: Client, service: Service, waits: list[float]) -> None:
    service.replies_with(single())
    first = crossref.find_work(client, DOI)
    assert crossref.find_work(client, f"https://doi.org/{DOI.upper()}") == first
    assert len(service.asked) == 1
    waits.append(KEPT_SECONDS + 1)
    assert crossref.find_work(client, DOI) == first
    assert len(service.asked) == 2


@pytest.mark.parametrize("reply", [Reply(status=404), Reply("<html>maintenance"), Reply(status=503)])
def test_what_is_no_answer_is_asked_for_again(client: Client, service: Service, reply: Reply) -> None:
    service.replies_with(reply)
    if reply.status == 404:
        assert crossref.find_work(client, DOI) is None
    else:
        refusal(client)
    service.replies_with(single())
    assert crossref.find_work(client, DOI)


def test_what_is_kept_is_bounded(
    monkeypatch: pytest.MonkeyPatch, service: Service, waits: list[float], connect: Connect
) -> None:
    monkeypatch.setattr("webapp.scholarly.client.KEPT_BYTES", 10_000)
    client = connect()
    service.replies_with(single(abstract="a" * 20_000), single(abstract="a" * 6_000))
    assert crossref.find_work(client, DOI), "too large to be kept, but read"
    for doi in (DOI, "10.5555/other", DOI):
        assert crossref.find_work(client, doi)
    assert len(service.asked) == 4
    assert crossref.find_work(client, DOI)
    assert len(service.asked) == 4


# Trying again


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_a_busy_service_is_asked_three_times(client: Client, service: Service, waits: list[float], status: int) -> None:
    service.replies_with(Reply(status=status), Reply(status=status), single())
    assert crossref.find_work(client, DOI)
    service.replies_with(Reply(status=status))
    assert refusal(client, "10.5555/other") == NO_ANSWER
    assert len(service.asked) == 6


def test_each_further_attempt_waits_longer(service: Service, waits: list[float], connect: Connect) -> None:
    client = connect(seconds=15, backoff_seconds=1)
    service.replies_with(Reply(status=500))
    refusal(client)
    assert waits[0] == 0
    assert 1 <= waits[1] <= 1.3
    assert 2 <= waits[2] <= 2.6


@pytest.mark.parametrize("misdeed", [hung_up, broken_off, silent])
def test_a_broken_conversation_is_begun_anew(service: Service, client: Client, misdeed: Misdeed) -> None:
    service.replies_with(Reply(misdeed=misdeed), single())
    assert crossref.find_work(client, DOI)


@pytest.mark.parametrize("status", [400, 401, 403, 405, 418, 451])
def test_a_refused_question_is_not_repeated(client: Client, service: Service, status: int) -> None:
    service.replies_with(Reply({"status": "failed", "message": []}, status=status))
    what = "does not answer questions of this site" if status in {401, 403} else "did not understand the question"
    assert refusal(client) == f"Crossref {what}. What you typed is kept. Try again later."
    assert len(service.asked) == 1


def test_pubmed_can_be_busy_with_status_200(client: Client, service: Service) -> None:
    service.replies_with(BUSY_BODY, efetch("<Abstract><AbstractText>Here.</AbstractText></Abstract>"))
    article = pubmed.find_article(client, PMID)
    assert article
    assert article.abstract == "Here."
    assert len(service.asked) == 2


def test_a_short_pause_is_kept(client: Client, service: Service, waits: list[float]) -> None:
    service.replies_with(Reply(status=429, headers={"Retry-After": "3"}), single())
    assert crossref.find_work(client, DOI)
    assert waits == [0, 3]


def test_a_pause_may_be_a_time_of_day(client: Client, service: Service, waits: list[float]) -> None:
    until = format_datetime(clock.now() + dt.timedelta(seconds=4), usegmt=True)
    service.replies_with(Reply(status=503, headers={"Retry-After": until}), single())
    assert crossref.find_work(client, DOI)
    assert 2 < waits[1] <= 4


@pytest.mark.parametrize("value", ["soon", "-5", "", "Wed, 99 Foo 2024", "1e3", "٣", "9" * 50])
def test_a_pause_that_nobody_understands_is_none(client: Client, service: Service, value: str) -> None:
    service.replies_with(Reply(status=429, headers={"Retry-After": value.encode().decode("latin-1")}), single())
    assert crossref.find_work(client, DOI)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [("30", "a minute"), ("61", "2 minutes"), ("3600", "60 minutes"), ("999999", "60 minutes")],
)
def test_a_long_pause_is_told_and_nothing_is_asked_meanwhile(
    client: Client, service: Service, waits: list[float], seconds: str, words: str
) -> None:
    service.replies_with(Reply(status=429, headers={"Retry-After": seconds}), single())
    told = f"Crossref asks us to wait {words}. What you typed is kept. Try again then."
    assert refusal(client) == told
    assert refusal(client, "10.5555/other") == told
    assert len(service.asked) == 1
    service.replies_with(single())
    waits.append(min(float(seconds), 3600))
    assert crossref.find_work(client, DOI)


# Limits


@pytest.mark.parametrize("misdeed", [silent, dripping_head, dripping_body])
def test_one_call_takes_no_longer_than_it_may_in_all(service: Service, misdeed: Misdeed, connect: Connect) -> None:
    service.replies_with(Reply(misdeed=misdeed))
    started = clock.steady()
    assert refusal(connect(seconds=0.6)) == NO_ANSWER
    assert 0.5 < clock.steady() - started < 2


def test_silence_is_borne_for_a_while_only(service: Service, connect: Connect) -> None:
    service.replies_with(Reply(misdeed=silent), single())
    assert crossref.find_work(connect(silent_seconds=0.2), DOI)


def test_a_service_that_is_not_there_has_not_answered(waits: list[float], connect: Connect) -> None:
    with serving(Service()) as service:
        url = service.url
    assert refusal(connect(url)) == NO_ANSWER


def test_an_address_that_never_takes_the_call_is_given_up(monkeypatch: pytest.MonkeyPatch, connect: Connect) -> None:
    """Nor does it help to be slow in looking up the name."""
    release = Event()
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: release.wait(10) and [])
    started = clock.steady()
    client = connect("http://slow.example", seconds=0.5)
    assert refusal(client) == NO_ANSWER
    assert clock.steady() - started < 2
    release.set()


@pytest.mark.parametrize(
    "reply",
    [
        Reply(b"[" * 200_000),
        Reply(misdeed=endless),
        packed(b"[" * 50_000_000),
        Reply(gzip.compress(b"{}")[:-4] + b"junk", headers={"Content-Encoding": "gzip"}),
        Reply(b"{}", headers={"Content-Encoding": "gzip"}),
        Reply(b"{}", headers={"Content-Encoding": "br"}),
        Reply("<html>Under maintenance</html>"),
        Reply(b"\xff\xfe{}"),
        Reply(b""),
        Reply("[" * 50_000),
    ],
    ids=["huge", "endless", "packed", "junk", "unpacked", "brotli", "html", "no text", "empty", "deep"],
)
def test_what_cannot_be_read_is_one_sentence(client: Client, service: Service, reply: Reply) -> None:
    service.replies_with(reply)
    assert refusal(client) == UNREADABLE
    assert len(service.asked) == 1


def test_a_small_parcel_is_unpacked_in_small_steps() -> None:
    parcel = gzip.compress(b"[" * 1_000_000)
    steps = [len(step) for step in unpacked([parcel[:100], parcel[100:]], most=1_000)]
    assert max(steps) == 1_000
    assert sum(steps) == 1_000_000


def test_an_answer_may_come_packed(client: Client, service: Service) -> None:
    service.replies_with(packed(Reply(single()).content))
    assert crossref.find_work(client, DOI)
    whole = packed(Reply(single()).content)
    assert isinstance(whole.body, bytes)
    service.replies_with(Reply(whole.body[:-20], headers=whole.headers))
    assert refusal(client, "10.5555/other") == NO_ANSWER
    service.replies_with(Reply(status=404, headers=whole.headers))
    assert crossref.find_work(client, "10.5555/other") is None


# Redirects


def test_a_redirect_on_the_same_host_is_followed(client: Client, service: Service, waits: list[float]) -> None:
    service.replies_with(Reply(status=301, headers={"Location": f"/studies/{TRIAL}"}), study())
    trial = trials.find_trial(client, "NCT00000009")
    assert trial
    assert trial.number == TRIAL
    assert [question.path.partition("?")[0] for question in service.asked] == [
        "/studies/NCT00000009",
        f"/studies/{TRIAL}",
    ]
    assert waits == [0, 1], "at the pace of the service"


@pytest.mark.parametrize(
    "target",
    ["https://127.0.0.1/", "http://localhost:{port}/", "//other.example/", "file:///etc/passwd", "ftp://127.0.0.1:{port}/",
     "http://127.0.0.1:{port}@other.example/", "http://[", "http://me@127.0.0.1:{port}/"],
)  # fmt: skip
def test_a_redirect_elsewhere_is_not_followed(client: Client, service: Service, target: str) -> None:
    port = service.url.rpartition(":")[2]
    service.replies_with(Reply(status=302, headers={"Location": target.format(port=port)}), single())
    assert refusal(client) == "Crossref sent us on to another host. What you typed is kept. Try again later."
    assert len(service.asked) == 1


def test_a_redirect_to_nowhere_is_not_followed(client: Client, service: Service) -> None:
    service.replies_with(Reply(status=302), single())
    assert "another host" in refusal(client)


def test_another_server_on_the_same_machine_is_another_host(client: Client, service: Service) -> None:
    with serving(Service()) as other:
        service.replies_with(Reply(status=307, headers={"Location": f"{other.url}/works/1"}))
        assert "another host" in refusal(client)
        assert other.asked == []


def test_a_circle_of_redirects_ends(client: Client, service: Service) -> None:
    service.replies_with(Reply(status=302, headers={"Location": "/works/1"}))
    assert refusal(client) == "Crossref sent us round in a circle. What you typed is kept. Try again later."
    assert len(service.asked) == 4


@pytest.mark.parametrize("url", ["ftp://example.org", "file:///etc/passwd", "example.org"])
def test_only_addresses_of_the_web_are_asked(url: str, connect: Connect) -> None:
    assert refusal(connect(url)) == "CROSSREF_URL is no address of the web. What you typed is kept."


def test_the_log_says_why_and_holds_no_address(
    client: Client, service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    service.replies_with(Reply(status=503))
    refusal(client)
    assert caplog.messages[-1] == "Crossref did not answer: status 503"
    assert CONTACT not in caplog.text
