"""The first page of the desk: only what waits, the most urgent first, and what readers told."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from flask import Flask

from tests.ask.conftest import make_asked
from tests.conftest import Forward, counted
from tests.desk.conftest import enter
from tests.factories import make_categories, make_document, make_page_file, make_summary, make_summary_file
from tests.page import Page, PageClient, words
from tests.scholarly.answers import TRIAL
from tests.subscriptions.conftest import make_subscriber
from tests.watch.making import hear
from tests.watch.papers.making import make_new_paper
from tests.watch.recruiting.making import make_search
from tests.watch.trials.making import hear as hear_of_trial
from webapp import clock
from webapp.desk.accounts.queries import account_named
from webapp.desk.attention import queries
from webapp.desk.attention.health import with_code
from webapp.desk.writing.actions import begin, mark_ready
from webapp.documents.actions import save_revision, schedule
from webapp.documents.queries import newest_revision
from webapp.extensions import db
from webapp.models import Activity, Document, LetterCount, Message, MissedSearch, OutboxMail, Revision, Summary, Vote
from webapp.upkeep.heartbeats.actions import note_heartbeat
from webapp.watch.trials.answers import Said

NOW = dt.datetime.now(dt.UTC)
DAY = dt.timedelta(days=1)


@pytest.fixture
def desk(client: PageClient) -> PageClient:
    """Somebody signed in, on a site whose worker runs."""
    make_categories()
    note_heartbeat()
    return enter(client)


def kinds(page: Page) -> list[str]:
    return page.texts(".desk-today .desk-kind")


def line(page: Page, kind: str) -> str:
    [found] = [words(one) for one in page.select(".desk-today li") if kind in words(one)]
    return found


def vote(
    summary: Summary, count: int, *, section: str | None = None, helpful: bool = True, at: dt.datetime = NOW
) -> None:
    """So many readers answer."""
    start = db.session.scalar(db.select(db.func.count()).select_from(Vote)) or 0
    for number in range(start, start + count):
        about: dict[str, Any] = {"is_helpful": helpful, "unclear_section": section, "voted_at": at, "changed_at": at}
        db.session.add(Vote(document_id=summary.document_id, voter=f"v{number}", **about))
    db.session.commit()


def make_mail(**changes: Any) -> None:
    number = db.session.scalar(db.select(db.func.count()).select_from(OutboxMail))
    row: dict[str, Any] = {
        "kind": "letter", "recipient": "ada@example.org", "subject": "s", "text": "t", "html": "h", "headers": {},
        "message_id": f"m{number}", "created_at": NOW, "due_at": NOW, "tries": 9,
    }  # fmt: skip
    db.session.add(OutboxMail(**row | changes))
    db.session.commit()


def make_missed(text: str = "service dog", digest: str = "a") -> None:
    today = NOW.date()
    db.session.add(MissedSearch(digest=digest * 64, words=text, days=3, first_on=today - 9 * DAY, last_on=today))
    db.session.add(MissedSearch(digest="b" * 64, words=None, days=2, first_on=today - DAY, last_on=today))
    db.session.commit()


def test_an_empty_desk_says_so_and_where_to_begin(desk: PageClient) -> None:
    page = desk.page("/desk/")
    assert "Nothing waits for you." in words(page.one(".lead"))
    assert words(page.one("#today")) == "Nothing waits for you"
    for link in page.select(".desk-today a"):
        assert desk.get(link.get("href")).status_code == 200
    assert "Nobody answered in these twelve months." in page.texts(".chart p")
    assert not page.select(".chart-plot")


def test_everything_that_waits_stands_in_the_order_of_its_urgency(app: Flask, client: PageClient) -> None:
    make_categories("hand-and-arm-use", "pain")
    enter(client)
    mira = account_named("Mira")
    assert mira
    old = make_summary("old", title="An old one", lastmod=dt.date(2020, 1, 1))
    low = make_summary("low", lastmod=NOW.date())
    make_mail(given_up_at=NOW - DAY)
    make_mail(given_up_at=NOW)
    make_mail(given_up_at=NOW, replaced_at=NOW)
    db.session.add(Message(address="ada@example.org", topic="question", text="t", written_at=NOW))
    begin(mira, "summary", "Half written")
    document = begin(mira, "page", "Visits")
    text: dict[str, Any] = {
        "title": "Visits", "description": "d", "lead": "l", "text": "t", "date": "2026-01-15", "lastmod": "2026-01-15",
        "author": "Mira",
    }  # fmt: skip
    mark_ready(mira, ready := begin(mira, "page", "Looked over"), newest_revision(ready) or Revision())
    schedule(document, save_revision(document, text, by="Mira", base=1), NOW + 2 * DAY)
    make_subscriber("ada@example.org")
    vote(low, 6, section="key-findings", helpful=False, at=clock.now() + dt.timedelta(minutes=1))
    make_missed()
    make_summary("taken-back", study={"registrations": [TRIAL]})
    taken_back = hear("taken-back", "retraction")
    hear_of_trial("", said=Said(problem="has no trial with this number.", asks="missing"))
    make_search(at=NOW - 20 * DAY)
    make_search(slug="pain").words = "something else"
    db.session.commit()
    make_asked()
    make_new_paper()
    page = client.page("/desk/")
    assert kinds(page) == [
        "What became of papers", "Trials named in summaries",
        "Health check", "Mail given up", "Trials looking for people",
        "Messages", "Papers readers asked for",
        "Scheduled", "Letters",
        "Ready", "In the works", "Trials looking for people",
        "A year old", "Unclear", "Rated low", "Searched, not found",
        "New papers",
    ]  # fmt: skip
    assert "17 things are for today" in words(page.one(".lead"))
    assert "flask work never ran" in line(page, "Health check")
    assert "2 mails could not be delivered" in line(page, "Mail given up")
    assert "1 message from readers has waited for an answer since " in line(page, "Messages")
    assert "“Visits” goes live on" in line(page, "Scheduled")
    assert "“Looked over” is ready to be looked at, says Mira." in line(page, "Ready")
    assert "to about 1 person within the hour" in line(page, "Letters")
    assert "“Half written” is not published yet." in line(page, "In the works")
    assert page.texts(".desk-columns h2")[1:] == [
        "In the works", "Sections readers found unclear", "Summaries rated low", "Searched, not found", "Health check",
        "Mail given up", "Not looked at for a year",
    ]  # fmt: skip
    ways = {words(link): link.get("href") for link in page.select(".desk-today a")}
    assert ways["See what became of it"] == f"/desk/watch/{taken_back}", "of a single one the way is straight"
    assert ways["See the trial"] == f"/desk/watch/trials/{int(TRIAL[3:])}"
    assert ways["Answer the readers"] == "/desk/asked/1"
    for link in page.select(".desk-today a, .desk-columns a"):
        url, _, anchor = str(link.get("href")).partition("#")
        there = client.page(url) if url else page
        assert not anchor or there.select(f"#{anchor}"), link.get("href")
    assert old.title in words(page.one("[aria-labelledby=unseen]"))


@pytest.mark.parametrize(
    ("late", "says"), [(dt.timedelta(minutes=1), ""), (dt.timedelta(hours=3), "flask work last ran 3 hours ago")]
)
def test_a_worker_that_stopped_comes_first(desk: PageClient, forward: Forward, late: dt.timedelta, says: str) -> None:
    forward(late)
    page = desk.page("/desk/")
    assert (kinds(page) == ["Health check"]) == bool(says)
    assert says in words(page.one(".desk-today"))
    assert f"was last seen on {NOW.day} " in words(page.one(".desk-box"))


def test_what_is_to_be_typed_is_set_apart_and_escaped() -> None:
    assert with_code("Do `a <b>` & go.") == "Do <code>a &lt;b&gt;</code> &amp; go."


# What readers found unclear


def test_a_title_with_quotes_is_quoted_with_others_inside(desk: PageClient) -> None:
    mira = account_named("Mira")
    assert mira
    begin(mira, "summary", "“Dancing molecules” in mice")
    assert "“‘Dancing molecules’ in mice” is not published yet." in line(desk.page("/desk/"), "In the works")


def test_sections_are_ranked_by_what_is_sure_not_by_counts(desk: PageClient) -> None:
    few, many = make_summary("few"), make_summary("many", title="Many answered")
    later = clock.now() + dt.timedelta(minutes=1)
    vote(few, 4, section="key-findings", at=later)
    vote(few, 2, at=later)
    vote(many, 5, section="paper", at=later)
    vote(many, 45, at=later)
    page = desk.page("/desk/")
    shown = page.texts(".desk-shares li")
    assert [text.partition(" of ")[0] for text in shown] == ["Key Findings"], "5 of 50 is not surely a tenth"
    assert "4 of 6 readers said unclear" in shown[0]
    assert "Rated low" not in kinds(page)


def test_answers_on_an_older_text_count_no_more(desk: PageClient) -> None:
    summary = make_summary("low")
    vote(summary, 9, section="harms", helpful=False, at=clock.now() + dt.timedelta(minutes=1))
    assert "Unclear" in kinds(desk.page("/desk/"))
    document = db.session.get(Document, summary.document_id)
    assert document
    document.published_at = clock.now() + dt.timedelta(minutes=2)
    db.session.commit()
    assert kinds(desk.page("/desk/")) == []


# What nobody looked at


@pytest.mark.parametrize(
    ("lastmod", "saved_at_the_desk", "is_unseen"),
    [(400, False, True), (300, False, False), (400, True, False)],
)
@pytest.mark.parametrize("kind", ["summary", "page"])
def test_a_page_is_old_when_it_was_neither_checked_nor_saved_for_a_year(
    desk: PageClient, kind: str, lastmod: int, saved_at_the_desk: bool, is_unseen: bool
) -> None:
    day = (NOW - lastmod * DAY).date()
    make = make_summary_file if kind == "summary" else make_page_file
    document = make_document(make("an-old-one", lastmod=day))
    if saved_at_the_desk:
        save_revision(document, {"title": "Better"}, by="Mira", base=1)
    count, found = queries.unseen_documents(NOW, 5)
    assert (count, [one.document_id for one in found]) == ((1, [document.id]) if is_unseen else (0, []))


# What was searched for in vain


def test_words_are_forgotten_after_asking(desk: PageClient) -> None:
    make_missed()
    page = desk.page("/desk/")
    assert "Asked for on 3 days" in words(page.one("[aria-labelledby=missed]"))
    [way] = [link.get("href") for link in page.select("main a") if words(link) == "Forget “service dog”"]
    asked = desk.page(way)
    assert words(asked.one("main button")) == "Forget “service dog”"
    for _ in range(2):
        answer = desk.post(way, data=asked.values("main form"))
        assert (answer.status_code, answer.location) == (303, "/desk/?said=forgot#missed")
    assert "It is forgotten." in words(desk.page("/desk/?said=forgot").one("[role=status]"))
    assert db.session.scalars(db.select(MissedSearch.words)).all() == [None], "the others stay"
    done = list(db.session.scalars(db.select(Activity.what)))
    assert done.count("Forgot a search that found nothing.") == 1
    assert "dog" not in "".join(done)
    assert desk.get(way).status_code == 404


def test_looking_at_what_was_not_found_does_not_count_it_again(desk: PageClient) -> None:
    make_missed()
    before = db.session.scalars(db.select(MissedSearch.days)).all()
    db.session.execute(db.update(MissedSearch).values(last_on=NOW.date() - DAY))
    db.session.commit()
    for link in desk.page("/desk/").select("[aria-labelledby=missed] a"):
        with desk.get(link.get("href")) as answer:
            assert answer.status_code == 200
    db.session.expire_all()
    assert db.session.scalars(db.select(MissedSearch.days)).all() == before


def test_what_nobody_may_read_has_no_page(desk: PageClient) -> None:
    make_missed()
    assert desk.get(f"/desk/not-found/{'b' * 64}/forget").status_code == 404


def test_all_are_forgotten_at_once(desk: PageClient) -> None:
    make_missed()
    way = "/desk/not-found/forget-all"
    assert desk.post(way, data=desk.page(way).values("main form")).status_code == 303
    assert not db.session.scalars(db.select(MissedSearch)).all()
    assert "All searches" in words(desk.page("/desk/?said=forgot-all").one("[role=status]"))


# Twelve months in numbers


def test_the_charts_say_the_same_as_their_tables(desk: PageClient) -> None:
    summary = make_summary()
    vote(summary, 3)
    vote(summary, 1, helpful=False)
    vote(summary, 2, at=NOW - 400 * DAY)
    make_subscriber("ada@example.org", confirmed_at=NOW)
    make_subscriber("bob@example.org", confirmed_at=None)
    db.session.add(LetterCount(month=NOW.date().replace(day=1), letters=1_200))
    db.session.commit()
    page = desk.page("/desk/")
    votes, readers, letters = page.select(".chart")
    last = [words(row.xpath(".//tr")[-1]) for row in (votes, readers, letters)]
    assert [text.partition("so far")[2].strip() for text in last] == ["31", "1", "1,200"]
    assert [len(chart.xpath(".//tbody/tr")) for chart in (votes, readers, letters)] == [12] * 3
    assert "3 readers said yes, 1 said no." in words(votes)
    heights = [
        bar.get("height") for plot in page.select(".chart-plot") for bar in plot.xpath(".//*[local-name()='rect']")
    ]
    assert heights == ["75.0%", "25.0%", "100.0%", "60.0%"]
    for drawing in page.select(".chart-plot [role=img]"):
        assert drawing.xpath("./*[local-name()='desc']")


# With very many rows


def test_the_number_of_statements_does_not_grow(app: Flask, desk: PageClient) -> None:
    def sent() -> int:
        with counted(app) as statements:
            desk.get("/desk/")
        return len(statements)

    make_summary()
    before = sent()
    for key in "abcdef":
        vote(
            make_summary(key, title=f"Training {key} was tried", lastmod=dt.date(2020, 1, 1)),
            6,
            section="harms",
            helpful=False,
            at=NOW + DAY,
        )
    make_missed()
    assert sent() == before
