"""A paper that was withdrawn: the notice is up at once, nothing of the owner's is lost, and each is told once."""

from __future__ import annotations

import datetime as dt
import threading
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import func, select

from tests.conftest import make_app
from tests.desk.conftest import enter
from tests.factories import make_document, make_summary, make_topic_file
from tests.page import PageClient, client_of, words
from tests.scholarly.answers import notice
from tests.subscriptions.conftest import body, mails, make_subscriber
from tests.watch.conftest import (
    DOI,
    NOTICE,
    OWNER,
    Services,
    arms_now,
    hurried,
    is_shown_as_withdrawn,
    live_text,
    run,
    watched,
)
from webapp import clock
from webapp.corrections.actions import ask_for_mailing, write_corrections
from webapp.documents.actions import ConflictError, publish, publish_due, save_revision, schedule
from webapp.documents.queries import newest_revision
from webapp.edition import edition
from webapp.extensions import db
from webapp.letters.actions import send_letters
from webapp.models import Correction, Document, Revision, Summary
from webapp.watch import judging
from webapp.watch.actions import NO_MORE, look, put_notice_up, settle, take_notice_down
from webapp.watch.answers import Inquiry, Paper

RETRACTION = {"updated-by": [notice("retraction", NOTICE)]}
CLEAR: dict[str, Any] = {}


def draft(**changes: Any) -> Revision:
    """A text that the owner wrote on, newer than what readers see."""
    newest = newest_revision(arms_now())
    assert newest
    content = newest.content | changes
    return save_revision(arms_now(), content, by="Mira", base=newest.number, version=newest.schema_version)


def newest() -> Revision:
    found = newest_revision(arms_now())
    assert found
    return found


def kinds(kind: str) -> int:
    return len(mails(kind))


def test_the_notice_is_a_revision_of_the_watch_and_says_what_is_known(services: Services, arms: Document) -> None:
    before, first = live_text(), edition()
    services.crossref[DOI] = RETRACTION
    assert str(run(services)) == "1 paper looked at, 1 notice of withdrawal put up, 1 paper to look at on the desk"
    live = db.session.get_one(Revision, arms_now().live_revision_id)
    assert (live.origin, live.number, live.saved_by) == ("watch", 2, judging.BY)
    assert live.content["title"] == f"Retracted: {before['title']}"
    assert live.content["study"]["notice"] == {"kind": "retraction", "issued": "2025-02-06", "doi": NOTICE}
    assert {**live.content, "title": 0, "study": 0} == {**before, "title": 0, "study": 0}
    assert newest().id == live.id
    assert edition() != first
    assert db.session.scalars(select(Summary.notice)).one() == "retraction"


def test_a_second_run_does_nothing_twice(services: Services, arms: Document) -> None:
    services.crossref[DOI] = RETRACTION
    for _ in range(3):
        run(services)
    assert newest().number == 2
    assert kinds("paper_withdrawn") == 1
    assert db.session.scalar(select(func.count(Correction.id))) == 1


def test_a_page_that_says_so_already_stays_as_it_is(services: Services, arms: Document) -> None:
    text = live_text()
    told = {"kind": "retraction", "reasons": ["Two pictures were the same."]}
    revision = draft(title=f"Retracted: {text['title']}", study={**text["study"], "notice": told})
    publish(arms_now(), revision)
    services.crossref[DOI] = RETRACTION
    assert run(services).put_up == 0
    assert newest().id == revision.id
    assert (watched().state, watched().asks) == ("retracted", "")
    assert kinds("paper_withdrawn") == 0


def test_a_newer_draft_stays_a_draft_with_the_notice_in_it(services: Services, arms: Document) -> None:
    mine = draft(description="Words that are not ready.", key_findings=["Half a"])
    mine.ready_at, mine.ready_by = clock.now(), "Mira"
    db.session.commit()
    services.crossref[DOI] = RETRACTION
    run(services)
    assert is_shown_as_withdrawn()
    assert live_text()["description"] != "Words that are not ready."
    assert newest().number == 4
    assert newest().content["description"] == "Words that are not ready."
    assert newest().content["title"].startswith("Retracted: ")
    assert newest().content["study"]["notice"] == live_text()["study"]["notice"]
    assert newest().ready_by == "Mira"


@pytest.mark.parametrize("study", [None, "half", {}, {"notice": "typed"}])
def test_a_draft_in_any_shape_takes_the_notice(services: Services, arms: Document, study: object) -> None:
    draft(study=study, title=None)
    services.crossref[DOI] = RETRACTION
    run(services)
    assert is_shown_as_withdrawn()
    assert newest().content["study"]["notice"]["kind"] == "retraction"
    assert newest().content["title"] is None


def test_whoever_writes_at_that_moment_meets_both_texts(services: Services, arms: Document) -> None:
    base = newest()
    services.crossref[DOI] = RETRACTION
    run(services)
    with pytest.raises(ConflictError):
        save_revision(arms_now(), base.content | {"description": "Mine."}, by="Mira", base=base.number, version=1)


def test_what_was_to_go_live_later_does_not_undo_the_notice(
    services: Services, arms: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    schedule(
        arms_now(), draft(description="In forty people, arms became a little stronger."), clock.now() + dt.timedelta(1)
    )
    services.crossref[DOI] = RETRACTION
    run(services)
    later = clock.now() + dt.timedelta(days=2)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert publish_due() == 0
    assert is_shown_as_withdrawn()
    assert newest().content["description"].startswith("In forty people")
    assert "It does not go live by itself any more." in body(mails("paper_withdrawn")[0])


def test_the_notice_does_not_wait_for_the_rules_of_new_texts(services: Services, arms: Document) -> None:
    live = db.session.get_one(Revision, arms_now().live_revision_id)
    live.content = live.content | {
        "limitations": [],
        "categories": ["gone-since"],
        "simple_explanation": "Notwithstanding " * 40,
    }
    db.session.commit()
    services.crossref[DOI] = RETRACTION
    run(services)
    assert is_shown_as_withdrawn()


def test_the_owner_has_one_mail_that_says_what_to_do(services: Services, arms: Document) -> None:
    make_document(make_topic_file(statements=[STATEMENT]))
    services.crossref[DOI] = RETRACTION
    run(services)
    mail = mails("paper_withdrawn")[0]
    assert mail["To"] == OWNER
    for said in (
        "Crossref says",
        "Retracted: Arm training",
        "What helps hands and arms",
        "https://example.org/desk/watch",
    ):
        assert said in body(mail), said


STATEMENT = {"name": "Strength", "certainty": "low", "text": "Training may help.", "rests_on": ["arms"]}


def test_without_an_owner_to_write_to_the_notice_is_up_all_the_same(services: Services, arms: Document) -> None:
    services.crossref[DOI] = RETRACTION
    assert run(services, owner=None).put_up == 1
    assert kinds("paper_withdrawn") == 0


# A notice that disappears


def test_a_notice_that_disappears_is_asked_about_and_never_taken_down_by_itself(
    services: Services, arms: Document
) -> None:
    services.crossref[DOI] = RETRACTION
    run(services)
    settle(arms_now().id)
    services.crossref[DOI] = CLEAR
    assert run(services).asks == 1
    assert (watched().state, watched().asks) == ("clear", "gone")
    assert is_shown_as_withdrawn()
    assert kinds("notice_gone") == 1
    run(services)
    assert (watched().asks, kinds("notice_gone")) == ("gone", 1)
    settle(arms_now().id)
    run(services)
    assert (watched().asks, kinds("notice_gone")) == ("", 1), "it stays up, and nobody asks again"
    assert is_shown_as_withdrawn()


def test_one_that_another_service_still_tells_of_is_not_gone(services: Services, arms: Document) -> None:
    services.crossref[DOI] = RETRACTION
    services.europepmc[DOI] = {"pubTypeList": {"pubType": ["Retracted Publication"]}}
    run(services)
    services.crossref[DOI] = CLEAR
    run(services)
    assert (watched().state, watched().asks) == ("retracted", "retracted")


def test_a_paper_that_a_service_does_not_know_any_more_is_not_cleared(services: Services, arms: Document) -> None:
    services.crossref[DOI] = RETRACTION
    run(services)
    services.crossref[DOI] = services.europepmc[DOI] = None
    run(services)
    assert (watched().state, watched().asks) == ("retracted", "retracted")


def test_taken_down_when_the_owner_says_so(services: Services, arms: Document) -> None:
    before = live_text()
    services.crossref[DOI] = RETRACTION
    run(services)
    mine = draft(description="Words that are not ready.")
    services.crossref[DOI] = CLEAR
    run(services)
    take_notice_down(arms_now().id, by="Mira")
    assert live_text() == before
    assert newest().content == {**before, "description": "Words that are not ready."}
    assert newest().number == mine.number + 2
    assert (watched().asks, watched().put_up_at) == ("", None)
    assert NO_MORE in set(db.session.scalars(select(Correction.sentence)))
    take_notice_down(arms_now().id, by="Mira")
    assert newest().number == mine.number + 2, "pressed twice"
    services.crossref[DOI] = RETRACTION
    assert run(services).put_up == 1, "a new event"


def test_a_notice_that_was_there_before_comes_back(services: Services, arms: Document) -> None:
    told = {"kind": "correction", "doi": "10.5555/old"}
    publish(arms_now(), draft(study={**live_text()["study"], "notice": told}))
    services.crossref[DOI] = RETRACTION
    run(services)
    services.crossref[DOI] = CLEAR
    run(services)
    take_notice_down(arms_now().id, by="Mira")
    assert live_text()["study"]["notice"] == told


def test_what_the_owner_takes_off_stays_off_and_what_is_lost_is_asked_about(services: Services, arms: Document) -> None:
    before = live_text()
    services.crossref[DOI] = RETRACTION
    run(services)
    publish(arms_now(), draft(**before))
    assert not arms_withdrawn()
    assert run(services).put_up == 0
    assert watched().asks == "missing"
    put_notice_up(arms_now().id)
    assert is_shown_as_withdrawn()
    assert watched().asks == "retracted"
    take_notice_down(arms_now().id, by="Mira")
    run(services)
    assert (watched().asks, arms_withdrawn()) == ("", False), "the owner knows better than the service"


def arms_withdrawn() -> bool:
    return "notice" in live_text()["study"]


# Two at once, and a kill in the middle


def test_of_two_runs_at_once_one_looks(services: Services, arms: Document, instance: Path) -> None:
    for number in range(5):
        make_summary(f"a{number}", study={"doi": f"10.5555/a{number}"})
        services.crossref[f"10.5555/a{number}"] = RETRACTION
        services.europepmc[f"10.5555/a{number}"] = {}
    services.crossref[DOI] = RETRACTION
    together, reports = threading.Barrier(2), []

    def work() -> None:
        app = make_app(instance)
        with app.app_context():
            together.wait()
            with closing(hurried(services.url)) as client:
                reports.append(look(client, owner=OWNER))
            db.session.remove()
            db.engine.dispose()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(report.looked for report in reports) == 6
    assert sum(report.put_up for report in reports) == 6
    assert kinds("paper_withdrawn") == 6
    assert Counter(db.session.scalars(select(Correction.document_id))).most_common(1)[0][1] == 1


def test_two_that_judge_the_same_paper_put_up_one_notice(services: Services, arms: Document) -> None:
    services.crossref[DOI] = RETRACTION
    run(services)
    watched().held_until = None
    db.session.commit()
    paper = Paper(arms_now().id, DOI, None)
    with closing(hurried(services.url)) as client:
        said = Inquiry(client).ask(paper)
    for _ in range(2):
        outcome = judging.judge(db.session(), paper, said, clock.now(), OWNER)
        db.session.commit()
        assert not outcome.is_put_up
    assert kinds("paper_withdrawn") == 1


class Killed(BaseException):
    """The end of a process."""


@pytest.mark.parametrize("at", ["add_revision", "make_live", "put_up", "notices_of"])
def test_a_kill_in_the_middle_leaves_nothing_half_done(
    services: Services, arms: Document, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    services.crossref[DOI] = {"updated-by": [notice("erratum")]} if at == "notices_of" else RETRACTION
    real = getattr(judging, at)

    def killed(*args: Any, **more: Any) -> None:
        real(*args, **more)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(judging, at, killed)
        with pytest.raises(Killed):
            run(services)
    assert newest().number == 1
    assert (watched().state, watched().looked_at) == ("unchecked", None)
    assert kinds("paper_withdrawn") == 0
    run(services)
    assert is_shown_as_withdrawn() or at == "notices_of"


def test_one_that_was_killed_lets_go_by_and_by(
    services: Services, arms: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(services)
    watched().held_until = clock.now() + dt.timedelta(minutes=10)
    db.session.commit()
    assert (run(services).looked, str(run(services))) == (0, "0 papers looked at, another run is at it")
    later = clock.now() + dt.timedelta(minutes=16)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert run(services).looked == 1


def test_stopped_at_any_moment_the_next_run_goes_on(services: Services, arms: Document) -> None:
    for number in range(4):
        make_summary(f"a{number}", study={"doi": f"10.5555/a{number}"})
        services.crossref[f"10.5555/a{number}"] = services.europepmc[f"10.5555/a{number}"] = {}
    answers = iter([False] * 3 + [True] * 10)
    assert run(services, is_stopped=lambda: next(answers), looked_before=None).looked == 2
    assert run(services, looked_before=None).looked == 3
    assert run(services, looked_before=None).looked == 0


def test_a_fault_with_one_paper_keeps_no_other_from_being_looked_at(
    services: Services, arms: Document, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    make_summary("legs", study={"doi": "10.5555/legs"})
    services.crossref[DOI] = services.crossref["10.5555/legs"] = RETRACTION
    services.europepmc["10.5555/legs"] = {}
    real = judging.put_up

    def faulty(session: Any, document: Document, *more: Any) -> None:
        if document.key == "arms":
            raise ValueError("a fault of ours")
        real(session, document, *more)

    monkeypatch.setattr(judging, "put_up", faulty)
    assert run(services).put_up == 1
    assert "could not be noted" in caplog.text
    assert not arms_withdrawn()
    monkeypatch.setattr(judging, "put_up", real)
    assert run(services).put_up == 1


# The whole way


@pytest.fixture
def readers(arms: Document) -> None:
    for number in range(3):
        make_subscriber(f"reader{number}@example.org")
    send_letters()


@pytest.fixture
def served(app: Flask, services: Services, monkeypatch: pytest.MonkeyPatch) -> Services:
    """The services, where the settings of the site say that they are."""
    for name in ("CROSSREF_URL", "EUROPEPMC_URL"):
        monkeypatch.setitem(app.config, name, services.url)
    monkeypatch.setitem(app.config, "OWNER_EMAIL", OWNER)
    return services


def test_from_the_retraction_to_the_letter_each_once(
    served: Services, readers: None, runner: FlaskCliRunner, client: PageClient
) -> None:
    make_document(make_topic_file(statements=[STATEMENT]))
    services, reader = served, client
    address = f"/research/{arms_now().slug}"
    assert not reader.page(address).select(".withdrawal")
    services.crossref[DOI] = RETRACTION

    said = runner.invoke(args=["watch", "run"])
    assert said.exit_code == 0, said.output
    looked, *others = said.output.splitlines()
    assert looked == "1 paper looked at, 1 notice of withdrawal put up, 1 paper to look at on the desk."
    assert others == ["0 trials looked at.", "0 searches for trials asked for.", "0 new papers listed, 0 added."]
    page = reader.page(address)
    assert page.h1.startswith("Retracted: ")
    assert "This paper was withdrawn (retracted)" in words(page.one(".withdrawal"))
    assert "Last checked for corrections" in words(page.one(".paper"))
    assert reader.page("/research/").select(".card.is-retracted")
    answer = reader.page("/categories/hand-and-arm-use")
    assert "A paper this rests on was withdrawn." in words(answer.one(".statement"))
    assert "We put up a notice on" in reader.get("/feed.atom").text
    assert kinds("paper_withdrawn") == 1
    write_corrections()
    assert kinds("withdrawal") == 0, "nobody is told before the owner has looked"

    owner = enter(client_of(client.application))
    desk = owner.page(f"/desk/watch/{arms_now().id}")
    way = desk.one("a[href*='/corrections/']").get("href")
    assert owner.post(way, data=owner.page(way).values("main form")).status_code == 303
    for _ in range(2):
        write_corrections()
    assert Counter(str(mail["To"]) for mail in mails("withdrawal")) == {f"reader{n}@example.org": 1 for n in range(3)}
    assert "Why it was withdrawn is not known to us." in body(mails("withdrawal")[0])
    run(services)
    write_corrections()
    assert (kinds("withdrawal"), kinds("paper_withdrawn")) == (3, 1)


def test_the_letter_says_why_once_the_page_does_and_waits_while_it_has_no_notice(
    services: Services, arms: Document, readers: None
) -> None:
    before = live_text()
    services.crossref[DOI] = RETRACTION
    run(services)
    correction = db.session.scalars(select(Correction)).one()
    ask_for_mailing(correction, by="Mira")
    with_notice = live_text()
    publish(arms_now(), draft(**before))
    assert write_corrections().written == 0
    told = {**with_notice["study"]["notice"], "reasons": ["Two pictures were the same."]}
    publish(arms_now(), draft(**with_notice | {"study": {**with_notice["study"], "notice": told}}))
    assert write_corrections().written == 3
    assert "Two pictures were the same." in body(mails("withdrawal")[0])
