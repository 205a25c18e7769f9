"""What the services say of a paper is told in the same few words; what cannot be read is not checked."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from flask import Flask

from tests.factories import make_summary
from tests.scholarly.answers import WRONG, links, notice
from tests.scholarly.server import Reply, broken_off, hung_up, silent
from tests.watch.conftest import (
    DOI,
    NOTICE,
    Services,
    answer_of,
    arms_now,
    is_shown_as_withdrawn,
    live_text,
    run,
    watched,
)
from webapp import clock
from webapp.documents.actions import correct, publish, save_revision, unpublish
from webapp.documents.queries import newest_revision
from webapp.edition import edition
from webapp.extensions import db
from webapp.models import Document, WatchedPaper
from webapp.watch import queries
from webapp.watch.actions import let_readers_see
from webapp.watch.holding import HOLD

FAULTS: dict[str, Reply] = {
    "not found": Reply("Resource not found.", 404),
    "too many questions": Reply(b"", 429),
    "a fault of theirs": Reply({"error": "x"}, 500),
    "silence": Reply(misdeed=silent),
    "half an answer": Reply(misdeed=broken_off),
    "not a word": Reply(misdeed=hung_up),
    "a page": Reply("<!doctype html><title>Sorry</title>"),
    "a list": Reply([1, 2]),
    "nothing": Reply({}),
    "no message": Reply({"status": "ok", "message": None, "resultList": None}),
    "20 MB": Reply(b'{"message": "' + b"x" * 20_000_000 + b'"}'),
}


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        ("retraction", "retracted"), ("Retraction", "retracted"), ("withdrawal", "retracted"), ("removal", "retracted"),
        ("partial_retraction", "concern"), ("expression_of_concern", "concern"), ("expression-of-concern", "concern"),
        ("correction", "corrected"), ("erratum", "corrected"), ("corrigendum", "corrected"),
        ("new_version", "clear"), ("addendum", "clear"),
    ],
)  # fmt: skip
def test_a_notice_of_crossref_says_what_became_of_the_paper(
    services: Services, arms: Document, kind: str, state: str
) -> None:
    services.crossref[DOI] = {"updated-by": [notice(kind)]}
    run(services)
    assert watched().state == answer_of("crossref").state == state
    assert answer_of("europepmc").state == "clear"
    assert is_shown_as_withdrawn() if state == "retracted" else "notice" not in live_text()["study"]


@pytest.mark.parametrize("source", ["publisher", "retraction-watch", "somebody new"])
@pytest.mark.parametrize("doi", [DOI, NOTICE])
def test_whoever_tells_and_wherever_the_notice_stands(
    services: Services, arms: Document, source: str, doi: str
) -> None:
    services.crossref[DOI] = {"updated-by": [notice("withdrawal", doi, source=source)]}
    run(services)
    assert is_shown_as_withdrawn()


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({"commentCorrectionList": links("Retraction in")}, "retracted"),
        ({"pubTypeList": {"pubType": ["Journal Article", "Retracted Publication"]}}, "retracted"),
        ({"commentCorrectionList": links("Expression of concern in", "Comment in")}, "concern"),
        ({"commentCorrectionList": links("Erratum in")}, "corrected"),
        ({"commentCorrectionList": links("Retraction of", "Comment in", "Erratum for")}, "clear"),
    ],
)
def test_europe_pmc_tells_what_crossref_does_not(
    services: Services, arms: Document, fields: dict[str, Any], state: str
) -> None:
    services.europepmc[DOI] = fields
    run(services)
    assert watched().state == answer_of("europepmc").state == state
    assert answer_of("crossref").state == "clear", "both are kept where they disagree"
    assert is_shown_as_withdrawn() if state == "retracted" else "notice" not in live_text()["study"]


def test_a_paper_without_a_doi_is_known_by_its_pubmed_number(services: Services, arms: Document) -> None:
    make_summary("legs", study={"pmid": "123"})
    make_summary("none")
    services.europepmc["123"] = {"commentCorrectionList": links("Retraction in"), "doi": "10.5555/legs"}
    assert run(services).looked == 2
    assert make_summary("legs-too", study={"pmid": "124"}).notice is None
    assert db.session.scalars(db.select(WatchedPaper.state).order_by(WatchedPaper.document_id)).all() == [
        "clear",
        "retracted",
    ]


def test_another_paper_under_the_number_is_not_this_one(services: Services, arms: Document) -> None:
    make_summary("legs", study={"doi": "10.5555/legs", "pmid": "123"})
    services.europepmc["123"] = {"commentCorrectionList": links("Retraction in"), "doi": "10.5555/somebody-elses"}
    assert run(services).put_up == 0


@pytest.mark.parametrize("fault", FAULTS)
def test_what_cannot_be_read_is_not_checked_and_takes_nothing_down(
    services: Services, arms: Document, fault: str
) -> None:
    services.broken = FAULTS[fault]
    report = run(services)
    assert (report.looked, report.failed) == (1, 1)
    assert (watched().state, watched().checked_at) == ("unchecked", None)
    assert answer_of("crossref").problem
    services.broken = None
    services.crossref[DOI] = {"updated-by": [notice("retraction")]}
    run(services)
    day = watched().checked_at
    services.broken = FAULTS[fault]
    run(services)
    assert (watched().state, watched().checked_at, watched().asks) == ("retracted", day, "retracted")
    assert is_shown_as_withdrawn()


@pytest.mark.parametrize("value", [*(one for one in WRONG if one != []), notice("retraction"), [notice(None)]])
def test_a_garbled_list_neither_clears_nor_condemns(services: Services, arms: Document, value: object) -> None:
    services.crossref[DOI] = {"updated-by": value}
    services.europepmc[DOI] = {"commentCorrectionList": value}
    run(services)
    assert watched().state == "unchecked"
    assert not is_shown_as_withdrawn()
    services.crossref[DOI] = {"updated-by": [notice("retraction")]}
    run(services)
    services.crossref[DOI] = {"updated-by": value}
    run(services)
    assert (watched().state, watched().asks) == ("retracted", "retracted")


def test_one_paper_that_a_service_stumbles_over_keeps_no_other_from_being_looked_at(
    services: Services, arms: Document
) -> None:
    for key in "abc":
        make_summary(key, study={"doi": f"10.5555/{key}"})
        services.crossref[f"10.5555/{key}"] = services.europepmc[f"10.5555/{key}"] = {}
    services.crossref["10.5555/b"] = Reply({"status": "failed"}, 500)
    assert run(services).looked == 4
    assert sorted(db.session.scalars(db.select(WatchedPaper.state))) == ["clear"] * 4
    assert watched().state == "clear"


def test_services_that_are_silent_are_left_alone(services: Services, arms: Document) -> None:
    for number in range(12):
        make_summary(f"a{number}", study={"doi": f"10.5555/a{number}"})
    services.broken = Reply({}, 500)
    report = run(services)
    assert report.is_hopeless
    assert report.looked <= 3
    assert len(services.asked) < 10
    services.broken = None
    assert run(services, looked_before=None).looked == 13 - report.looked, "the others are due all the same"


def test_without_network_everything_else_works_and_it_says_when_it_last_looked(
    services: Services, arms: Document
) -> None:
    run(services)
    day = watched().checked_at
    services.url = "http://127.0.0.1:9"
    assert run(services).failed == 1
    assert (watched().state, watched().checked_at) == ("clear", day)
    assert watched().looked_at != day
    assert [look.checked_at for look in queries.last_looks()] == [day, day]


# When


def at(monkeypatch: pytest.MonkeyPatch, **later: float) -> None:
    now = clock.now() + dt.timedelta(**later)
    monkeypatch.setattr(clock, "now", lambda: now)


def test_each_paper_is_looked_at_once_a_week(
    services: Services, arms: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    def looked() -> int:
        return run(services, looked_before=None).looked

    assert (looked(), looked()) == (1, 0)
    at(monkeypatch, days=6.9)
    assert looked() == 0
    at(monkeypatch, days=0.2)
    assert (looked(), looked()) == (1, 0)
    services.crossref[DOI] = Reply({}, 500)
    at(monkeypatch, days=7.1)
    assert (looked(), looked()) == (1, 0)
    at(monkeypatch, hours=7)
    assert looked() == 1, "one that could not be asked for is asked for again on the same day"


def test_a_clock_that_was_wrong_keeps_no_paper_from_being_looked_at(
    services: Services, arms: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as ahead:
        at(ahead, days=4000)
        assert run(services, looked_before=None).looked == 1
        db.session.get_one(WatchedPaper, arms.id).held_until = clock.now() + HOLD
        db.session.commit()
    assert run(services, looked_before=None).looked == 1
    assert run(services, looked_before=None).looked == 0


def test_a_clock_that_is_set_back_in_the_middle_makes_nobody_look_for_ever(services: Services, arms: Document) -> None:
    assert run(services, looked_before=dt.datetime(2200, 1, 1, tzinfo=dt.UTC)).looked == 1


def test_what_is_no_more_public_or_tells_of_another_paper(services: Services, arms: Document) -> None:
    services.crossref[DOI] = {"updated-by": [notice("expression_of_concern")]}
    run(services)
    assert (watched().state, watched().asks) == ("concern", "notices")
    text = live_text()
    other = "10.5555/other"
    services.crossref[other] = services.europepmc[other] = {}
    newest = newest_revision(arms_now())
    assert newest
    changed = {**text, "study": {**text["study"], "doi": other}}
    revision = save_revision(arms_now(), changed, by="Mira", base=newest.number, version=1)
    publish(arms_now(), revision)
    assert run(services, looked_before=None).looked == 1
    assert (watched().state, watched().asks) == ("clear", "")
    unpublish(arms_now(), "We have moved.")
    assert run(services).looked == 0


def test_notices_are_looked_at_by_the_owner_once(services: Services, arms: Document) -> None:
    services.crossref[DOI] = {"updated-by": [notice("correction"), notice("new_version")]}
    assert run(services).asks == 1
    assert run(services).asks == 0
    assert watched().asks == "notices"


def test_a_correction_that_our_page_tells_of_asks_nothing(services: Services, app: Flask, arms: Document) -> None:
    text = live_text()
    text = {**text, "study": {**text["study"], "notice": {"kind": "correction", "doi": NOTICE}}}
    newest = newest_revision(arms_now())
    assert newest
    correct(arms_now(), save_revision(arms_now(), text, by="Mira", base=newest.number, version=1), "Corrected.")
    services.crossref[DOI] = {"updated-by": [notice("erratum")]}
    assert run(services).asks == 0
    services.crossref[DOI] = {"updated-by": [notice("erratum"), notice("erratum", "10.5555/second")]}
    assert run(services).asks == 1


# What readers see of it


def test_pages_are_not_made_anew_for_each_look(
    services: Services, arms: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(services)
    first = edition()
    run(services)
    let_readers_see()
    assert edition() == first
    at(monkeypatch, days=7.5)
    let_readers_see()
    second = edition()
    assert second != first, "the day on the page would be too old"
    at(monkeypatch, days=7.5)
    let_readers_see()
    assert edition() == second, "nobody looked since"
    run(services)
    let_readers_see()
    assert edition() != second
    second = edition()
    let_readers_see(is_asked_for=True)
    assert edition() != second
