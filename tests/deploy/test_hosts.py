"""Two hosts on one PostgreSQL behave as one site; what happens to one of them, or to the server, few notice."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator

import pytest
from sqlalchemy import select, text, update

from tests.deploy.clients import Answer, ask, until
from tests.deploy.hosts import MAIL, Crowd, Host, Hosts, Letter, stopped, two_hosts
from tests.desk.conftest import enter
from tests.mail.server import Inbox, serving
from tests.page import client_of
from tests.postgresql import Server
from tests.subscriptions.conftest import make_subscriber
from webapp.edition import raise_edition
from webapp.extensions import db
from webapp.mail.actions import deliver_mail
from webapp.mail.outbox import enqueue
from webapp.mail.transport import open_transport
from webapp.models import OutboxMail, Term
from webapp.worker import LEADS, STANDS_BY

TERM = "/glossary/spasticity"
WAITING = "outbox WHERE sent_at IS NULL"
NUMBERS = itertools.count(1)


@pytest.fixture(scope="module")
def hosts(postgresql: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hosts]:
    with two_hosts(tmp_path_factory.mktemp("hosts"), postgresql) as hosts:
        yield hosts


@pytest.fixture(scope="module")
def letter(hosts: Hosts) -> Letter:
    return Letter(hosts.second)


def publish(hosts: Hosts) -> bytes:
    """What readers see from now on; as a command on the first host does it."""
    words = f"Edition number {next(NUMBERS)}"
    with hosts.app.app_context():
        db.session.execute(update(Term).where(Term.slug == "spasticity").values(definition=words))
        raise_edition(db.session())
        db.session.commit()
    return words.encode()


def is_in_files(host: Host, path: str = TERM) -> bool:
    return (host.pages / "current" / f"{path[1:]}~.html").exists()


def finish(host: Host, path: str = TERM) -> None:
    """Let a page lie in the files of a host, from which its nginx sends it."""
    until(lambda: ask(host.port, path).status == 200 and is_in_files(host, path))


def test_what_is_published_through_one_is_seen_through_the_other_within_a_second(hosts: Hosts) -> None:
    """In the files as well, which nginx sends without asking anybody; and where nobody asks at all."""
    for host in hosts.both:
        finish(host)
    asked = hosts.second.log.read_text().count("\n")
    assert hosts.second.asked(TERM).status == 200
    assert hosts.second.log.read_text().count("\n") == asked, "the site was not asked"
    for _ in range(5):
        words = publish(hosts)
        assert until(lambda: not is_in_files(hosts.second)) < 1
        assert words in hosts.second.asked(TERM).body
        assert words in hosts.first.asked(TERM).body
        finish(hosts.second)
        assert words in hosts.second.asked(TERM).body


def test_a_limit_counts_across_both(hosts: Hosts, letter: Letter) -> None:
    ports = itertools.cycle([hosts.first.port, hosts.second.port])
    statuses = [letter.sent(next(ports), "127.0.9.1").status for _ in range(34)]
    assert statuses == [422] * 30 + [429] * 4


def test_who_signed_in_through_one_is_signed_in_at_the_other(hosts: Hosts) -> None:
    with hosts.app.app_context():
        kept = (enter(client_of(hosts.app))._cookies or {}).values()
    cookies = "; ".join(f"{cookie.key}={cookie.value}" for cookie in kept)
    for host in hosts.both:
        assert ask(host.port, "/desk/").status == 303
        assert ask(host.port, "/desk/", f"Cookie: {cookies}").status == 200


def test_mail_goes_once_and_who_is_killed_is_followed_by_the_other(hosts: Hosts) -> None:
    with serving(Inbox()) as inbox:
        queue(hosts, 10)
        work = [(host, host.flask("work", MAIL_URL=inbox.url, **MAIL)) for host in hosts.both]
        try:
            until(lambda: all("leads" in host.worked() for host in hosts.both))
            until(lambda: not hosts.count(WAITING))  # of one that is killed between "taken" and its note nobody knows
            (leader, process), (follower, _) = sorted(work, key=lambda one: STANDS_BY in one[0].worked())
            assert LEADS in leader.worked()
            assert LEADS not in follower.worked()
            process.kill()
            queue(hosts, 10)
            assert until(lambda: len(inbox.envelopes) == 20) < 8
            assert LEADS in follower.worked()
            until(lambda: not hosts.count(WAITING))
        finally:
            for _, running in work:
                stopped(running)
        sent = Counter(message["Message-ID"] for message in inbox.messages)
        assert len(sent) == sent.total() == 20


def test_a_mail_that_somebody_holds_by_hand_is_passed_over(hosts: Hosts) -> None:
    queue(hosts, 2)
    with hosts.app.app_context(), open_transport(hosts.app.config) as transport:
        with hosts.engine.begin() as by_hand:
            by_hand.execute(text(f"SELECT id FROM {WAITING} ORDER BY id LIMIT 1 FOR UPDATE"))
            assert deliver_mail(transport).sent == 1
        assert deliver_mail(transport).sent == 1


def test_letters_are_written_once_though_both_hosts_begin_at_the_same_moment(hosts: Hosts) -> None:
    with hosts.app.app_context():
        for number in range(12):
            make_subscriber(f"subscriber{number}@example.org")
    for process in [host.flask("letters", "send", **MAIL) for host in hosts.both]:
        assert process.wait(60) == 0
    letters = "outbox WHERE kind = 'letter'"
    assert hosts.count(letters) == hosts.count(f"(SELECT DISTINCT recipient FROM {letters}) AS readers") == 12


def queue(hosts: Hosts, number: int) -> None:
    with hosts.app.app_context():
        for _ in range(number):
            enqueue("greeting", "reader@example.org", subject="Hello", text="Hello.\n", html="<p>Hello.</p>\n")
        db.session.commit()
        assert db.session.scalar(select(OutboxMail.id).limit(1))


def test_of_a_host_that_is_killed_readers_notice_nothing_and_no_post_is_sent_twice(
    hosts: Hosts, letter: Letter
) -> None:
    """They come to the door of the other, which asks both. An answer that had begun when its host died is cut off, and
    has to be asked for once more: that is rare.
    """
    assert hosts.second.door
    door = hosts.second.door.port

    def search(number: int) -> Answer:
        return ask(door, f"/research/?q=word{next(NUMBERS)}", source=f"127.0.7.{number + 1}")

    with Crowd(search).busy(6) as readers, Crowd(lambda _: letter.sent_anew(door, "killed")).busy(3) as writers:
        until(lambda: len(readers.answers) > 30 and len(writers.answers) > 10)
        hosts.first.kill()
        before = len(readers.answers), len(writers.answers)
        until(lambda: len(readers.answers) > before[0] + 60 and len(writers.answers) > before[1] + 10)
    hosts.start(hosts.first)
    assert len(readers.faults) <= 1
    assert {answer.status for answer in readers.answers} == {200}
    assert max(answer.seconds for answer in readers.answers) < 5
    assert set(hold_true(hosts, writers, "killed", cut_off=3)) <= {303, 502}


def hold_true(hosts: Hosts, writers: Crowd, tag: str, *, cut_off: int = 0) -> Counter[int]:
    """What writers were told is true: all that is said to be kept is there, and once."""
    assert len(writers.faults) <= cut_off
    told = Counter(answer.status for answer in writers.answers)
    # Of one whose connection broke while it was being kept, nobody can know whether it was.
    assert told[303] <= hosts.count(f"messages WHERE text LIKE '%{tag} %'") <= told[303] + 4
    assert not hosts.count("(SELECT text FROM messages GROUP BY text HAVING count(*) > 1) AS twice")
    return told


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_while_the_database_is_started_anew_posts_are_kept_or_refused_and_pages_are_read(
    hosts: Hosts, postgresql: Server, letter: Letter, mode: str
) -> None:
    for host, path in itertools.product(hosts.both, (TERM, "/about")):
        finish(host, path)
    doors = itertools.cycle([where for host in hosts.both for where in (host.port, host.door and host.door.port)])

    def read(number: int) -> Answer:
        return ask(next(doors) or 0, (TERM, "/about")[number % 2])

    def write(_number: int) -> Answer:
        return letter.sent_anew(next(doors) or 0, mode)

    with Crowd(read).busy(3) as readers, Crowd(write).busy(4) as writers:
        until(lambda: len(writers.answers) > 20)
        postgresql.stop(mode)
        before = len(readers.answers), len(writers.answers)
        until(lambda: len(readers.answers) > before[0] + 50 and len(writers.answers) > before[1] + 10)
        postgresql.start()
        until(lambda: [answer.status for answer in writers.answers[-20:]] == [303] * 20)
    assert not readers.faults
    assert {answer.status for answer in readers.answers} == {200}
    assert max(answer.seconds for answer in readers.answers) < 3

    assert set(hold_true(hosts, writers, mode)) == {303, 503}
    assert all("try again" in answer.text for answer in writers.answers if answer.status == 503)

    words = publish(hosts)
    until(lambda: all(words in host.asked(TERM).body for host in hosts.both), 2)
    assert [ask(host.port, "/healthz").status for host in hosts.both] == [200, 200]
