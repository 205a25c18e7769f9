"""New papers are looked for once a week, each comes in once, and what cannot be read takes nothing away."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import event

from tests.conftest import Forward
from tests.factories import make_categories, make_summary, make_terms
from tests.scholarly.answers import links
from tests.scholarly.server import Reply
from tests.scholarly.test_paper_search import FAULTS
from tests.watch.papers.conftest import Literature, paper, papers, run, search, titles
from tests.watch.test_looking import FAULTS as OF_ALL
from webapp import clock
from webapp.documents.actions import save_revision
from webapp.documents.queries import document_named
from webapp.extensions import db
from webapp.models import Document, NewPaper, PaperSearch
from webapp.scholarly import paper_search
from webapp.scholarly.client import URL_SETTINGS
from webapp.watch.papers import actions, schedule
from webapp.watch.papers.actions import change_words
from webapp.watch.papers.deciding import decide
from webapp.watch.papers.queries import written_meanwhile
from webapp.watch.papers.words import DEFAULT

pytestmark = pytest.mark.usefixtures("app")
DAY = dt.timedelta(days=1)


def days(query: dict[str, str]) -> tuple[dt.date, dt.date]:
    since, _, until = query["query"].rpartition("FIRST_IDATE:[")[2].rstrip("]").partition(" TO ")
    return dt.date.fromisoformat(since), dt.date.fromisoformat(until)


def decided(number: int, state: str) -> None:
    assert decide(db.session(), papers()[number].id, "waiting", state)
    db.session.commit()


def test_what_is_known_of_a_paper_is_kept_but_not_its_abstract(literature: Literature) -> None:
    make_categories("bladder", "pain")
    make_terms(**{"neurogenic-bladder": "A bladder."})
    title = "Botulinum toxin for the <i>neurogenic</i> bladder &amp; more: a randomized trial."
    literature.pages = [[paper(1, title, electronicPublicationDate="2026-03-04")]]
    literature.plain = {"1001"}
    report = run(literature)
    assert str(report) == "1 new paper listed, 1 added"
    [found] = papers()
    assert found.title == "Botulinum toxin for the neurogenic bladder & more: a randomized trial"
    assert (found.record, found.doi, found.pmid, found.state) == ("MED:1001", "10.5555/new.1", "1001", "waiting")
    assert (found.authors, found.journal) == ("Ångström Z and de la Cruz JP", "Journal of Cord Medicine & Care")
    assert (str(found.published), found.is_open, found.is_retracted) == ("2026-03-04", True, False)
    assert (found.design, found.design_why) == ("rct", "the title says “randomized”")
    assert (found.topic, found.topic_why) == ("bladder", "“bladder”, “neurogenic bladder”")
    assert found.plain_summary == "yes"
    assert not [value for value in vars(found).values() if "4 walked" in str(value)]
    assert found.url == "https://doi.org/10.5555/new.1"


def test_pages_are_read_to_the_end_and_the_same_search_brings_nothing_twice(literature: Literature) -> None:
    literature.pages = [[paper(1), paper(2)], [paper(3)], [paper(4)]]
    assert (run(literature).added, len(literature.searched)) == (4, 3)
    assert [one["cursorMark"] for one in literature.searched] == ["*", "1", "2"]
    report = run(literature)
    assert (report.listed, report.added, report.is_finished) == (4, 0, True)
    assert (search().found, search().added, search().problem) == (4, 0, "")
    assert len(papers()) == 4


def test_it_is_done_once_a_week_and_looks_back_some_days_more(literature: Literature, forward: Forward) -> None:
    run(literature, is_asked_for=False)
    today = clock.today()
    assert days(literature.searched[0]) == (today - 30 * DAY, today)
    assert literature.searched[0]["query"].startswith(f"({DEFAULT}) AND ")
    forward(6 * DAY)
    assert not run(literature, is_asked_for=False)
    assert len(literature.searched) == 1
    forward(2 * DAY)
    run(literature, is_asked_for=False)
    assert days(literature.searched[1]) == (today - 5 * DAY, today + 8 * DAY)
    forward(400 * DAY)
    run(literature, is_asked_for=False)
    assert days(literature.searched[2])[0] == clock.today() - 180 * DAY, "not the whole past at once"


def test_a_clock_that_is_set_back_loses_nothing_and_asks_for_no_past(literature: Literature, forward: Forward) -> None:
    run(literature, is_asked_for=False)
    today = clock.today()
    forward(-3000 * DAY)
    run(literature, is_asked_for=False)
    assert len(literature.searched) == 2, "what is due so far ahead is due by a wrong clock"
    assert days(literature.searched[1]) == (clock.today() - 30 * DAY, clock.today())
    forward(3000 * DAY + 8 * DAY)
    run(literature, is_asked_for=False)
    assert days(literature.searched[2]) == (today - 5 * DAY, today + 8 * DAY)


def test_a_search_that_is_stopped_goes_on_at_its_page(literature: Literature) -> None:
    literature.pages = [[paper(number)] for number in range(4)]
    stops = iter([False, False, True, True])
    report = run(literature, is_stopped=lambda: next(stops))
    assert (report.added, report.is_finished, search().cursor) == (2, False, "2")
    assert "the next run goes on" in str(report)
    assert run(literature, is_asked_for=False).is_finished
    assert [one["cursorMark"] for one in literature.searched] == ["*", "1", "2", "3"]
    assert (search().found, search().added) == (4, 4)


def test_a_run_reads_so_many_pages_at_most(literature: Literature, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "MOST_PAGES", 2)
    literature.pages = [[paper(number)] for number in range(5)]
    assert [run(literature, is_asked_for=False).added for _ in range(4)] == [2, 2, 1, 0]


def test_a_search_whose_pages_never_end_is_given_up(literature: Literature, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "MOST_FOUND", 3)
    literature.pages, literature.total = [[paper(number)] for number in range(9)], 3
    assert "listed far more papers than it told of" in run(literature).problem
    assert search().cursor is None
    assert len(literature.searched) == 4


def test_a_run_that_is_killed_between_two_commits_loses_nothing(
    literature: Literature, monkeypatch: pytest.MonkeyPatch, forward: Forward
) -> None:
    literature.pages = [[paper(1)], [paper(2)], [paper(3)]]
    whole = paper_search.search_papers
    asked: list[str] = []

    def killed(*args: Any, **words: Any) -> Any:
        asked.append(args[4])
        if len(asked) == 2:
            raise KeyboardInterrupt
        return whole(*args, **words)

    monkeypatch.setattr(actions, "search_papers", killed)
    with pytest.raises(KeyboardInterrupt):
        run(literature)
    assert len(papers()) == 1
    assert run(literature).is_other_at_it, "until its time is over"
    forward(dt.timedelta(minutes=16))
    search().due_at = clock.now() + 7 * DAY  # as where it was done a moment before, and again by hand
    db.session.commit()
    assert run(literature, is_asked_for=False).is_finished
    assert asked == ["*", "1", "1", "2"]
    assert len(papers()) == 3


def test_of_two_runs_at_once_one_searches(app: Flask, literature: Literature) -> None:
    literature.pages = [[paper(number)] for number in range(3)]
    reports = []

    def other() -> None:
        with app.app_context():
            reports.append(run(literature))

    threads = [threading.Thread(target=other) for _ in range(3)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(papers()) == 3
    assert sum(report.added for report in reports) == 3
    assert not [report.problem for report in reports if report.problem]


def test_what_another_run_did_at_this_moment_is_not_done_again(
    literature: Literature, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = schedule.is_due
    quicker: list[object] = []

    def is_due(row: PaperSearch, now: dt.datetime) -> bool:
        found = whole(row, now)
        if not quicker:
            quicker.append("")
            quicker.append(run(literature, is_asked_for=False))
        return found

    monkeypatch.setattr(actions, "is_due", is_due)
    assert not run(literature, is_asked_for=False)
    assert (len(quicker), len(literature.searched)) == (2, 1)


@pytest.mark.parametrize("fault", FAULTS)
def test_what_cannot_be_read_is_tried_again_and_takes_nothing_away(
    literature: Literature, fault: str, forward: Forward
) -> None:
    literature.pages = [[paper(1)], [paper(2)]]
    literature.broken, literature.broken_from = FAULTS[fault], 1
    report = run(literature)
    assert report.problem.startswith("Europe PMC")
    assert "typed" not in report.problem
    assert (search().problem, search().done_at, search().searched_to) == (report.problem, None, None)
    assert titles() == ["Paper 1 about a cord"]
    assert not run(literature, is_asked_for=False), "it is not asked again at once"
    literature.broken = None
    forward(dt.timedelta(hours=7))
    assert run(literature, is_asked_for=False).is_finished
    assert (search().problem, titles()) == ("", ["Paper 1 about a cord", "Paper 2 about a cord"])


def test_pages_that_end_too_early_are_no_whole_search(literature: Literature) -> None:
    literature.pages, literature.total = [[paper(1)], [paper(2)]], 40
    assert run(literature).problem == "Europe PMC told of more papers than it listed. Try again later."
    assert (search().searched_to, search().cursor) == (None, None)
    assert len(papers()) == 2


def test_words_that_find_everything_bring_nothing(literature: Literature) -> None:
    literature.pages, literature.total = [[paper(1)], [paper(2)]], 5_059_039
    assert "find 5,059,039 papers, which is too many" in run(literature).problem
    assert (papers(), len(literature.searched)) == ([], 1)


def test_what_was_left_for_days_begins_anew(literature: Literature, forward: Forward) -> None:
    literature.pages = [[paper(1)], [paper(2)]]
    stops = iter([False, True, True])
    run(literature, is_stopped=lambda: next(stops))
    forward(3 * DAY)
    assert run(literature, is_asked_for=False).is_finished
    assert [one["cursorMark"] for one in literature.searched] == ["*", "*", "1"]
    assert search().searched_to == clock.today()


def test_a_paper_that_is_not_for_us_stays_so_by_each_of_its_names(literature: Literature) -> None:
    literature.pages = [[paper(1), paper(2, pmid=None), paper(3, doi=None)]]
    run(literature)
    for number in range(3):
        decided(number, "declined")
    literature.pages = [
        [
            paper(1),
            paper(11, doi="10.5555/NEW.1"),
            paper(12, doi="https://doi.org/10.5555/new.2"),
            paper(13, pmid="1003"),
        ],
        [paper(1, source="PMC", id="PMC9", pmid=None), paper(4), paper(14, doi="10.5555/new.4")],
    ]
    assert run(literature).added == 1
    assert [one.state for one in papers()] == ["declined"] * 3 + ["waiting"]


def test_what_has_a_summary_already_does_not_come_in(literature: Literature) -> None:
    make_categories()
    make_summary("public", study={"doi": "10.5555/New.1"})
    make_summary("numbered", study={"pmid": "1002"})
    make_draft("draft", {"doi": "https://doi.org/10.5555/NEW.3"})
    make_draft("other-draft", {"pmid": "1004", "doi": None})
    make_draft("empty", None)
    literature.pages = [[paper(number) for number in range(1, 6)]]
    run(literature)
    assert titles() == ["Paper 5 about a cord"]


def make_draft(key: str, study: dict[str, Any] | None) -> Document:
    content = {"title": key} | ({"study": study} if study else {})
    save_revision(Document(kind="summary", key=key, language="en"), content, by="Mira")
    found = document_named("summary", key)
    assert found
    return found


def test_what_got_a_summary_meanwhile_waits_no_longer(literature: Literature) -> None:
    literature.pages = [[paper(number) for number in range(1, 5)]]
    run(literature)
    make_categories()
    made = make_summary("public", study={"doi": "10.5555/NEW.1"}), make_summary("two", study={"pmid": "1002"})
    draft = make_draft("draft", {"doi": "10.5555/new.3"})
    run(literature)
    assert [(one.state, one.document_id) for one in papers()] == [
        *(("drafted", one.document_id) for one in made), ("drafted", draft.id), ("waiting", None),
    ]  # fmt: skip


@pytest.mark.sqlite
def test_no_table_is_gone_through_for_each_row_of_another(literature: Literature, app: Flask) -> None:
    """The database is held meanwhile: ten thousand papers and as many summaries took it thirteen seconds."""
    literature.pages = [[paper(number) for number in range(1, 4)]]
    run(literature)
    for number in (1, 2):
        make_draft(f"draft-{number}", {"doi": f"10.5555/new.{number}"})
    sent: list[tuple[str, Any]] = []
    event.listen(db.engine, "before_cursor_execute", lambda _c, _u, words, values, *_: sent.append((words, values)))
    assert len(written_meanwhile()) == 2
    asked = [one for one in sent if "new_papers" in one[0]]
    assert len(asked) == 2, "however many drafts there are"
    for words, values in asked:
        plan = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {words}", values).all()
        assert len([row for row in plan if row[1] == 0 and row[3].startswith(("SCAN ", "SEARCH "))]) == 1, words


@pytest.mark.parametrize("kind", ["Published Erratum", "Editorial", "Retraction of Publication", "News", "Comment"])
def test_what_tells_of_no_study_does_not_come_in(literature: Literature, kind: str) -> None:
    literature.pages = [[paper(1, pubTypeList={"pubType": ["Journal Article", kind]}), paper(2)]]
    assert (run(literature).listed, titles()) == (2, ["Paper 2 about a cord"])


def test_a_paper_that_is_withdrawn_later_says_so_and_comes_last(literature: Literature) -> None:
    literature.pages = [[paper(1, "A randomized trial")]]
    run(literature)
    assert papers()[0].strength == 8
    literature.pages = [[paper(1, "A randomized trial", commentCorrectionList=links("Retraction in"))]]
    run(literature)
    assert (papers()[0].is_retracted, papers()[0].strength) == (True, 0)


def test_texts_from_outside_are_bounded(literature: Literature) -> None:
    fields = {
        "authorString": "A" * 5000,
        "journalInfo": {"journal": {"title": "J" * 5000}},
        "pmcid": "<b>",
        "pmid": "x",
    }
    literature.pages = [[paper(1, "T" * 5000, **fields)]]
    run(literature)
    [found] = papers()
    assert [len(one) for one in (found.title, found.journal, found.authors)] == [500, 200, 120]
    assert (found.pmcid, found.pmid) == (None, None)


def test_other_words_begin_a_search_of_their_own(literature: Literature) -> None:
    run(literature)
    assert change_words("tetraplegia AND pain")
    assert not change_words("tetraplegia AND pain")
    run(literature, is_asked_for=False)
    assert literature.searched[1]["query"].startswith("(tetraplegia AND pain) AND FIRST_IDATE:[")
    assert days(literature.searched[1])[0] == clock.today() - 30 * DAY
    assert change_words("")
    assert search().words is None


def test_words_that_are_changed_in_the_middle_end_the_search(
    literature: Literature, monkeypatch: pytest.MonkeyPatch
) -> None:
    literature.pages = [[paper(1)], [paper(2)]]
    whole = paper_search.search_papers

    def changing(*args: Any) -> Any:
        page = whole(*args)
        change_words("pain")
        run(literature, is_stopped=lambda: True)  # it has begun with them, at its first page too
        return page

    monkeypatch.setattr(actions, "search_papers", changing)
    assert run(literature).added == 0
    assert (search().words, search().searched_to, papers()) == ("pain", None, [])
    monkeypatch.setattr(actions, "search_papers", whole)
    assert run(literature, is_asked_for=False).added == 2


@pytest.mark.parametrize("fault", OF_ALL)
def test_where_pubmed_is_silent_the_next_run_asks(literature: Literature, fault: str) -> None:
    literature.pages = [[paper(number) for number in range(25)]]
    literature.plain, literature.pubmed = {"1003"}, OF_ALL[fault]
    assert run(literature).is_finished
    assert {one.plain_summary for one in papers()} == {""}
    literature.pubmed = None
    assert not run(literature, is_asked_for=False)
    assert [one.pmid for one in papers() if one.plain_summary == "yes"] == ["1003"]
    assert {one.plain_summary for one in papers()} == {"yes", "no"}


def test_a_paper_pubmed_does_not_know_is_not_asked_for_ever(
    literature: Literature, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "MOST_TRIES", 3)
    literature.pages, literature.pubmed = [[paper(1)]], Reply("<PubmedArticleSet/>")
    for _ in range(6):
        run(literature, is_asked_for=False)
    assert [one.path for one in literature.asked if "efetch" in one.path].__len__() == 3
    assert papers()[0].plain_summary == ""


def test_it_can_be_done_by_hand(app: Flask, runner: FlaskCliRunner, literature: Literature) -> None:
    app.config |= dict.fromkeys(URL_SETTINGS, literature.url)
    literature.pages = [[paper(1)]]
    for added in ("1 new paper listed, 1 added.", "1 new paper listed, 0 added."):
        outcome = runner.invoke(args=["watch", "run"])
        assert outcome.exit_code == 0, outcome.output
        assert outcome.output.splitlines()[-1] == added


def test_without_network_everything_else_works(app: Flask, runner: FlaskCliRunner) -> None:
    outcome = runner.invoke(args=["watch", "run"])
    assert outcome.exit_code == 0
    assert "Europe PMC did not answer" in outcome.output
    assert db.session.scalar(db.select(db.func.count()).select_from(NewPaper)) == 0
