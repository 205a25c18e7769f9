"""A site from before documents comes up as it was: the same pages, addresses, votes, letters and links; nothing of the
owner's is overwritten, and what comes with the site is added.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade

from tests.conftest import STARTER, make_app
from tests.factories import File, make_summary_file, public_keys, summary_named, write_files
from tests.migrations.rows import engine_of
from tests.page import PageClient, client_of
from webapp.documents.actions import publish_due, unpublish
from webapp.documents.queries import document_named, newest_revision
from webapp.documents.schema import Content, SummaryContent
from webapp.extensions import db
from webapp.letters.actions import send_letters
from webapp.library.actions import load_library
from webapp.library.queries import loaded_entries
from webapp.library.shipped import add_missing
from webapp.models import Category, Document, OutboxMail, Redirect, Revision, SentSummary, Subscriber, Vote

BEFORE = "0006"
TODAY = dt.datetime.now(dt.UTC).date()
SHIPPED_KEY = "cruz-2011-botulinum-bladder"
NOTICE = {"kind": "correction", "issued": "2024-03", "reasons": ["A number."]}
SINCE = {"intervention", "analysed", "outcomes", "kind_note", "in_people"}
"""What of a study had no column then."""
FILES = (
    make_summary_file(
        "arm-training",
        description="Words of arms.",
        study={
            "published": "2024-03",
            "injury_phases": ["acute", "chronic"],
            "notice": NOTICE,
            "doi": "10.1000/1",
            "pictogram": {"count": 1, "of": 9, "words": "people"},
            "authors": ["Ö. Ñ", "B"],
        },
        related=["leg-training"],
        categories=["pain", "hand-and-arm-use"],
        support_note=True,
        reviewer="B. Reader",
    ),
    make_summary_file(
        "leg-training", slug="legs", title="Legs of rats were trained", limitations=[], exception="A reason.",
        harms="Two fell.", study={"design": "animal", "subjects": "rats", "participants": None, "doi": "10.1000/1"},
    ),
    make_summary_file("draft", draft=True),
    make_summary_file("later", date=TODAY + dt.timedelta(days=2)),
)  # fmt: skip


@pytest.fixture
def before(tmp_path: Path) -> Path:
    """A site at the revision before documents, with readers, votes, letters and old addresses: on SQLite, since no
    other is as old.
    """
    site = make_app(tmp_path / "instance")
    with site.app_context():
        upgrade(revision=BEFORE)
        db.engine.dispose()
    with engine_of(Path(site.instance_path)).begin() as connection:
        for number, slug in enumerate(("pain", "hand-and-arm-use", "bladder"), 1):
            insert(connection, "categories", id=number, slug=slug, name=slug, description="About it.", group="Topics",
                   position=number)  # fmt: skip
        insert(connection, "terms", id=1, slug="strength", name="strength", also=[], definition="How strong.",
               source=None, is_checked=False)  # fmt: skip
        insert(connection, "editions", id=1, token="0" * 16, changed_at=NOW)
        for number, file in enumerate(FILES, 11):  # numbers that an own count from 1 would not give
            add_old_summary(connection, number, file)
        for slug, summary in (("old-arms", 11), ("gone", None)):
            insert(connection, "old_slugs", slug=slug, summary_id=summary)
        for number in range(1, 7):
            insert(connection, "votes", summary_id=11, reader=f"{number:032x}", is_helpful=number != 6,
                   unclear_section=None, comment=f"Comment {number}", voted_at=NOW, changed_at=NOW)  # fmt: skip
        add_reader(connection)
    return tmp_path / "instance"


NOW = dt.datetime(2026, 6, 1, 12, 0)


def insert(connection: sa.Connection, table: str, **values: Any) -> None:
    written = {name: json.dumps(value) if isinstance(value, list | dict) else value for name, value in values.items()}
    columns: list[Any] = [sa.column(name) for name in values]
    connection.execute(sa.insert(sa.table(table, *columns)).values(written))


def add_old_summary(connection: sa.Connection, number: int, file: File) -> None:
    """As version 0.4.0 kept a summary: in two rows, changed where they stood."""
    content = file.content
    assert isinstance(content, SummaryContent)
    study = content.study.model_dump(mode="json", exclude=SINCE)
    insert(connection, "studies", id=number + 100, **study)
    values = content.model_dump(exclude={"study", "categories", "date", "lastmod", "slug"})
    insert(
        connection, "summaries", id=number, key=file.key, study_id=number + 100,
        slug=content.slug or content.own_slug(file.key), published_on=content.date, checked_on=content.lastmod,
        is_draft=file.is_draft, reading_grade=2.0, loaded_digest="x", **values,
    )  # fmt: skip
    for position, slug in enumerate(content.categories):
        category = {"pain": 1, "hand-and-arm-use": 2}[slug]
        insert(connection, "summary_categories", summary_id=number, category_id=category, position=position)


def add_reader(connection: sa.Connection) -> None:
    insert(
        connection, "subscribers", id=1, address="a@example.org", topics=["pain"], frequency="weekly", key="k" * 43,
        consent_wording="1", consent_at=NOW, confirmed_at=NOW, created_at=NOW, last_letter_at=NOW,
    )  # fmt: skip
    insert(
        connection, "outbox", id=1, kind="letter", recipient="a@example.org", subject="New", text="Text", html="Html",
        headers={}, message_id="<1@example.org>", created_at=NOW, due_at=NOW, tries=1, sent_at=NOW,
    )  # fmt: skip
    insert(connection, "sent_summaries", id=1, subscriber_id=1, summary_id=11, outbox_id=1, sent_at=NOW)
    insert(connection, "messages", address="a@example.org", topic="other", text="Hello", written_at=NOW)


@pytest.fixture
def after(before: Path) -> Iterator[Flask]:
    site = make_app(before)
    with site.app_context():
        upgrade()
        yield site


@pytest.fixture
def client(after: Flask) -> PageClient:
    return client_of(after)


ARMS = "/research/a-trial-of-arm-training-arm-training"


def test_every_address_answers_as_it_did(client: PageClient) -> None:
    for url in (ARMS, "/research/legs"):
        for path in (url, f"{url}/feedback", f"{url}/cite.ris", f"{url}/cite.bib"):
            assert client.get(path).status_code == 200, path
    assert client.get("/research/old-arms").headers["Location"] == ARMS
    assert client.get("/research/gone").status_code == 410
    for hidden in ("a-trial-of-arm-training-draft", "a-trial-of-arm-training-later"):
        assert client.get(f"/research/{hidden}").status_code == 404
    for url in ("/", "/research/", "/categories/", "/categories/pain", "/glossary/", "/glossary/strength"):
        assert client.get(url).status_code == 200, url
    for url in ("/about", "/how-we-write", "/disclaimer", "/privacy", "/accessibility"):
        assert client.page(url).h1


def test_the_page_says_what_it_said(client: PageClient) -> None:
    page = client.page(ARMS)
    assert page.h1 == "Arm training was tried in 40 people"
    assert page.texts(".paper dd a[href^='/categories']") == ["pain", "hand-and-arm-use"]
    assert page.texts(".safety-line a")[-1] == "This paper was corrected. It still stands. See what was corrected"
    assert "B. Reader" in page.texts(".paper dd")
    assert "15 January 2026" in page.texts(".paper dd")
    assert page.texts(".related h3") == ["Legs of rats were trained"]
    assert not page.select(".result"), "of a trial whose outcomes nobody wrote down nothing is said"
    assert client.page("/research/?q=arms").texts("[role=status]") == ["2 summaries for “arms”."]
    assert client.page("/glossary/strength").texts("#using ~ ul a") == ["Legs of rats were trained"]


def test_feeds_keep_their_ids_and_days(client: PageClient) -> None:
    feed = client.get("/feed.atom").text
    ids = re.findall(r"<id>(.*?)</id>", feed)
    assert f"https://example.org{ARMS}" in ids
    assert "https://example.org/research/legs" in ids
    assert feed.count("<published>2026-01-15T00:00:00+00:00</published>") == 2


def test_votes_and_what_was_sent_stay_with_their_summary(after: Flask, client: PageClient) -> None:
    document = document_named("summary", "arm-training")
    assert document
    assert document.id == 11
    votes = list(db.session.scalars(db.select(Vote)))
    assert {vote.document_id for vote in votes} == {11}
    assert {vote.comment for vote in votes} == {f"Comment {number}" for number in range(1, 7)}
    assert "5 of 6 readers found this helpful" in " ".join(client.page(f"{ARMS}/feedback").texts("main p"))
    [sent] = db.session.scalars(db.select(SentSummary))
    assert (sent.document_id, sent.subscriber_id, sent.outbox_id) == (11, 1, 1)
    [mail] = db.session.scalars(db.select(OutboxMail))
    assert mail.sent_at


def test_nobody_is_sent_again_what_they_had(after: Flask) -> None:
    db.session.execute(db.update(Subscriber).values(confirmed_at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC)))
    db.session.commit()
    assert send_letters().written == 0, "what is left came out before their last letter"


def test_a_draft_stays_one_and_a_coming_day_is_a_schedule(after: Flask, forward: Callable[..., None]) -> None:
    assert public_keys() == ["arm-training", "leg-training"]
    draft, later = document_named("summary", "draft"), document_named("summary", "later")
    assert draft
    assert later
    assert (draft.live_revision_id, draft.scheduled_revision_id) == (None, None)
    assert newest_revision(draft)
    assert later.go_live_at
    assert later.go_live_at.date() == TODAY + dt.timedelta(days=2)
    assert publish_due() == 0
    forward(dt.timedelta(days=2))
    assert publish_due() == 1
    assert "later" in public_keys()


def test_the_files_it_was_loaded_from_count_as_unchanged(after: Flask, tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    write_files(tmp_path / "files", *FILES)
    report = load_library([tmp_path / "files"])
    assert (report.added, report.updated, report.unchanged) == (0, 0, len(FILES))


def test_an_older_database_with_two_summaries_of_one_paper_keeps_both(after: Flask) -> None:
    assert {summary_named(key).study.doi for key in ("arm-training", "leg-training")} == {"10.1000/1"}


def test_every_text_is_the_first_revision_of_its_document(after: Flask) -> None:
    revisions = list(db.session.scalars(db.select(Revision).where(Revision.schema_version == 1)))
    assert sorted(revision.document_id for revision in revisions) == [11, 12, 13, 14]
    assert {(revision.number, revision.origin) for revision in revisions} == {(1, "file")}
    redirects = {(row.slug, row.document_id) for row in db.session.scalars(db.select(Redirect))}
    assert redirects == {("old-arms", 11), ("gone", None)}


# What comes with the site


def test_a_site_with_a_library_of_its_own_gets_the_standing_pages_alone(after: Flask) -> None:
    kinds = list(db.session.scalars(db.select(Document.kind)))
    assert kinds.count("page") == len(list((STARTER / "pages").glob("*.md")))
    assert kinds.count("topic") == 0
    assert kinds.count("summary") == len(FILES)


def test_a_site_with_ours_gets_what_it_lacks_and_keeps_what_it_has(before: Path, tmp_path: Path) -> None:
    content: Content = make_summary_file(SHIPPED_KEY, title="The owner's own words").content
    with engine_of(before).begin() as connection:
        add_old_summary(connection, 30, File(SHIPPED_KEY, content))
    site = make_app(before)
    with site.app_context():
        upgrade()
        keys = public_keys()
        assert {path.stem for path in (STARTER / "summaries").glob("*.md")} <= set(keys)
        assert summary_named(SHIPPED_KEY).title == "The owner's own words"
        assert document_named("topic", "bladder")
        assert client_of(site).page("/categories/bladder").select(".answer")
        names = {row[0]: row[1] for row in db.session.execute(sa.text("SELECT slug, name FROM categories"))}
        assert names["pain"] == "pain", "a category that is there keeps its name"
        assert "spasticity" in names


def test_what_is_there_is_never_overwritten_nor_brought_back(after: Flask) -> None:
    about, privacy = document_named("page", "about"), document_named("page", "privacy")
    assert about
    assert privacy
    revision = newest_revision(about)
    assert revision
    unpublish(privacy, "Written anew.")
    before = {row.id: row.live_revision_id for row in db.session.scalars(db.select(Document))}
    report = add_missing()
    assert (report.added, report.updated) == (0, 0)
    upgrade()
    db.session.expire_all()
    assert {row.id: row.live_revision_id for row in db.session.scalars(db.select(Document))} == before


def test_a_shipped_document_whose_paper_the_owner_has_is_left_out(
    before: Path, caplog: pytest.LogCaptureFixture
) -> None:
    shipped_doi = re.search(r"\n  doi: (\S+)", (STARTER / "summaries" / "edwards-2022-wise.md").read_text())
    assert shipped_doi
    with engine_of(before).begin() as connection:
        add_old_summary(connection, 30, make_summary_file(SHIPPED_KEY))
        add_old_summary(connection, 31, make_summary_file("wise", study={"doi": shipped_doi[1]}))
    site = make_app(before)
    with site.app_context():
        upgrade()
        assert "edwards-2022-wise" not in public_keys()
        assert "wise" in public_keys()
    assert "one paper has one summary" in caplog.text


def test_a_fresh_site_has_the_standing_pages_and_nothing_else(databases: None, tmp_path: Path) -> None:
    site = make_app(tmp_path / "fresh")
    with site.app_context():
        upgrade()
        assert set(db.session.scalars(db.select(Document.kind))) == {"page"}
        outcome = site.test_cli_runner().invoke(args=["library", "load", "--if-empty"])
        assert outcome.exit_code == 0, outcome.output
        assert len(public_keys()) == len(list((STARTER / "summaries").glob("*.md")))


def test_a_first_load_that_was_stopped_is_finished_by_the_next_start(
    databases: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`make run` loads only into an empty site; what a stopped load left out comes with the upgrade before it."""
    site = make_app(tmp_path / "fresh")
    with site.app_context():
        upgrade()
        some = tmp_path / "some"
        some.mkdir()
        shutil.copy(STARTER / "categories.yml", some)
        shutil.copy(STARTER / "summaries" / "prieto-2021-intermittent-catheter-cochrane.md", some)  # names no other
        load_library([some])
        upgrade()
        assert len(public_keys()) == len(list((STARTER / "summaries").glob("*.md")))


def test_topics_that_were_merged_lead_on_and_so_do_their_letters(databases: None, tmp_path: Path) -> None:
    site = make_app(tmp_path / "merged")
    with site.app_context():
        upgrade(revision="0009")
        db.engine.dispose()
    slugs = ("stem-cells-and-regeneration", "regenerative-medicine", "spinal-cord-injury", "pain")
    topics = [["regenerative-medicine", "pain"], ["spinal-cord-injury", "pain"], ["pain"]]
    with engine_of(Path(site.instance_path)).begin() as connection:
        for number, slug in enumerate(slugs, 1):
            insert(connection, "categories", id=number, slug=slug, name=slug, description="About.", group="Topics",
                   position=number)  # fmt: skip
        for number, chosen in enumerate(topics, 1):
            insert(
                connection, "subscribers", id=number, address=f"{number}@example.org", topics=chosen,
                frequency="weekly", key=f"{number}" * 43, consent_wording="1", consent_at=NOW, confirmed_at=NOW,
                created_at=NOW, last_letter_at=NOW,
            )  # fmt: skip
    with site.app_context():
        upgrade()
        moved = {one.slug: one.leads_to for one in db.session.scalars(sa.select(Category))}
        assert moved["regenerative-medicine"] == "stem-cells-and-regeneration"
        assert moved["spinal-cord-injury"] == "everything"
        assert moved["pain"] is None
        kept = list(db.session.scalars(sa.select(Subscriber.topics).order_by(Subscriber.id)))
        assert kept == [["stem-cells-and-regeneration", "pain"], [], ["pain"]], "no topic means every topic"


def test_the_lists_of_a_running_site_count_as_loaded_so_that_the_next_load_knows_what_is_new(
    databases: None, tmp_path: Path
) -> None:
    site = make_app(tmp_path / "lists")
    with site.app_context():
        upgrade(revision="0012")
        db.engine.dispose()
    with engine_of(Path(site.instance_path)).begin() as connection:
        insert(connection, "categories", id=1, slug="pain", name="Pain", description="Old.", group="Topics",
               position=1)  # fmt: skip
        insert(connection, "terms", id=1, slug="sham", name="Sham", also=["fake"], definition="Old.", source=None,
               is_checked=True)  # fmt: skip
    with site.app_context():
        upgrade()
        [pain] = loaded_entries("categories").values()
        assert pain == {"name": "Pain", "description": "Old.", "group": "Topics", "leads_to": None}
        [sham] = loaded_entries("terms").values()
        held = {"name": "Sham", "also": ["fake"], "definition": "Old.", "source": None, "is_checked": True}
        assert sham == {**held, "leads_to": None}
