"""Feeds, sitemap, robots, health."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from flask import Flask
from lxml import etree

from tests.factories import (
    make_categories,
    make_correction,
    make_documents,
    make_outcome,
    make_summary,
    make_summary_file,
    summary_named,
)
from tests.page import PageClient
from tests.scholarly.answers import TRIAL
from tests.watch.trials.making import hear
from webapp.documents.actions import correct, save_revision, unpublish
from webapp.documents.queries import document_named, newest_revision
from webapp.editorial.characters import on_one_line
from webapp.extensions import db
from webapp.models import Document

ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def parse(text: str) -> etree._Element:
    return etree.fromstring(text.encode())


@pytest.mark.parametrize("url", ["/feed.atom", "/categories/pain/feed.atom"])
def test_a_feed_has_what_atom_asks_for(shipped: PageClient, url: str) -> None:
    response = shipped.get(url)
    assert response.mimetype == "application/atom+xml"
    feed = parse(response.text)
    assert feed.tag == f"{ATOM}feed"
    for element in (feed, *feed.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert element.findtext(f"{ATOM}{name}"), name
        assert element.findtext(f"{ATOM}id").startswith("https://example.org/")
        assert dt.datetime.fromisoformat(element.findtext(f"{ATOM}updated")).tzinfo
        assert element.find(f"{ATOM}author/{ATOM}name") is not None
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links["self"] == f"https://example.org{url}"
    ids = [entry.findtext(f"{ATOM}id") for entry in feed.findall(f"{ATOM}entry")]
    assert ids
    assert len(ids) == len(set(ids))


def test_a_feed_reader_sees_animals_and_retractions(app: Flask, client: PageClient) -> None:
    make_categories("pain")
    make_summary(
        title="Retracted: rats",
        categories=["pain"],
        study={"design": "animal", "subjects": "rats", "participants": None, "notice": {"kind": "retraction"}},
    )
    entry = parse(client.get("/feed.atom").text).find(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title").startswith("Retracted: ")
    text = entry.findtext(f"{ATOM}summary")
    assert text.startswith("Result: Withdrawn. Done in rats. ")
    assert "not evidence" in text


def test_a_feed_reader_learns_of_a_correction_with_its_sentence(app: Flask, client: PageClient) -> None:
    make_categories("pain", "skin")
    make_summary("arms", categories=["pain"], date=dt.date(2020, 1, 15), lastmod=dt.date(2020, 1, 15))
    make_summary("legs", categories=["skin"])
    before = parse(client.get("/feed.atom").text)
    document = document_named("summary", "arms")
    assert document
    revision = save_revision(
        document, newest_content(document) | {"rests_on": "All of it."}, by="Mira", base=1, version=1
    )
    correction = correct(document, revision, "It said 9 people; there were <8>.")
    feed = parse(client.get("/feed.atom").text)
    entry = feed.find(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title").startswith("Corrected: Arm training")
    assert "It said 9 people; there were <8>." in entry.findtext(f"{ATOM}summary")
    assert entry.find(f"{ATOM}link").get("href") == f"https://example.org/research/{document.slug}"
    for changed in (feed, entry):
        assert changed.findtext(f"{ATOM}updated") == correction.corrected_at.isoformat()
    old, new = ([one.findtext(f"{ATOM}id") for one in tree.findall(f"{ATOM}entry")] for tree in (before, feed))
    assert len(new) == len(old) + 1 == len(set(new)), "an entry of its own, and no other is lost"
    assert "Corrected: " in client.get("/categories/pain/feed.atom").text
    assert "Corrected: " not in client.get("/categories/skin/feed.atom").text
    unpublish(document, "It was wrong.")
    assert "Corrected: " not in client.get("/feed.atom").text


def test_a_feed_names_result_and_level_for_machines(app: Flask, client: PageClient) -> None:
    make_categories("pain")
    make_summary(
        "told", categories=["pain"], study={"outcomes": [make_outcome()], "compared_with": 'A "<dummy>" & more'}
    )
    make_summary("untold", title="Untold", categories=["pain"], study={"design": "qualitative"})
    make_correction("told", "It was wrong.")
    entries = parse(client.get("/feed.atom").text).findall(f"{ATOM}entry")
    marks = {
        entry.findtext(f"{ATOM}title"): {
            mark.get("scheme").removeprefix("https://example.org/data#"): (mark.get("term"), mark.get("label"))
            for mark in entry.findall(f"{ATOM}category")
        }
        for entry in entries
    }
    title = summary_named("told").title
    told = {"result": ("better", 'Did better than a "<dummy>" & more'), "level": ("2", "Strong (step 2 of 5)")}
    assert marks[f"Corrected: {title}"] == {"corrections": ("correction", "Correction"), **told}
    assert sorted(marks.values(), key=len)[0] == {"result": ("describes", "Describes, tests no treatment")}
    assert told in marks.values()


def newest_content(document: Document) -> dict[str, object]:
    revision = newest_revision(document)
    assert revision
    return revision.content


@pytest.mark.parametrize(
    "text", ["</title></entry><entry>", "]]><!--", "<![CDATA[", "&lt;&amp;", "a\x01b\ufffe\x00", "a\r\nb\x85c", "<?x?>"]
)
def test_no_text_breaks_a_feed(app: Flask, client: PageClient, text: str) -> None:
    """Whatever is in the database: an older version let control characters in."""
    make_categories("pain")
    make_summary("good", categories=["pain"])
    summary = make_summary("bad", categories=["pain"], lastmod="2026-02-03")
    summary.title = summary.description = summary.author = f"Before {text} after"
    summary.categories[0].name = summary.categories[0].description = f"Before {text} after"
    db.session.commit()
    for url in ("/feed.atom", "/categories/pain/feed.atom"):
        entries = parse(client.get(url).text).findall(f"{ATOM}entry")
        assert len(entries) == 2, url
        (title,) = [entry.findtext(f"{ATOM}title") for entry in entries if "bad" in entry.findtext(f"{ATOM}id")]
        assert title == on_one_line(f"Before {text} after")
    assert parse(client.get("/sitemap.xml").text) is not None


def test_an_empty_feed_is_still_a_feed(client: PageClient) -> None:
    assert parse(client.get("/feed.atom").text).findtext(f"{ATOM}updated")
    assert client.get("/categories/nope/feed.atom").status_code == 404


def test_the_sitemap_tells_when_a_page_was_last_checked(app: Flask, client: PageClient) -> None:
    make_categories()
    slug = make_summary(lastmod="2026-02-03").slug
    entries = {
        url.findtext(f"{SITEMAP}loc"): url.findtext(f"{SITEMAP}lastmod")
        for url in parse(client.get("/sitemap.xml").text)
    }
    assert entries[f"https://example.org/research/{slug}"] == "2026-02-03"
    assert entries["https://example.org/research/"] == "2026-02-03"
    assert entries["https://example.org/about"] is None


def test_robots_name_the_sitemap(client: PageClient) -> None:
    assert "Sitemap: https://example.org/sitemap.xml" in client.get("/robots.txt").text


def test_a_library_too_large_for_one_sitemap_has_several(
    app: Flask, client: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_categories()
    make_documents(*(make_summary_file(f"number-{number}") for number in range(5)))
    whole = set(re.findall(r"<loc>(.*?)</loc>", client.get("/sitemap.xml").text))
    assert client.get("/sitemap-0.xml").status_code == 404
    monkeypatch.setattr("webapp.feeds.routes.PAGES_IN_SITEMAP", 3)
    parts = re.findall(r"<sitemap><loc>(.*?)</loc></sitemap>", client.get("/sitemap.xml").text)
    assert len(parts) > 2
    listed: list[str] = []
    for part in parts:
        found = re.findall(r"<loc>(.*?)</loc>", client.get(part.removeprefix("https://example.org")).text)
        assert len([url for url in found if "/research/a-" in url]) <= 3
        listed += found
    assert set(listed) == whole
    assert len(listed) == len(whole)
    assert client.get(f"/sitemap-{len(parts)}.xml").status_code == 404


def test_a_feed_reader_learns_of_a_change_of_a_trial_once(app: Flask, client: PageClient) -> None:
    make_categories("pain", "skin")
    for key in ("walk", "walk-again"):
        make_summary(key, title=f"Does {key} & help?", categories=["pain"], study={"registrations": [TRIAL]})
    hear("RECRUITING", days_ago=3)
    assert "News of the trial" not in client.get("/feed.atom").text
    hear("COMPLETED", days_ago=1)
    hear("COMPLETED")
    for url, count in (("/feed.atom", 1), ("/categories/pain/feed.atom", 1), ("/categories/skin/feed.atom", 0)):
        entries = parse(client.get(url).text).findall(f"{ATOM}entry")
        news = [one for one in entries if "#trial-" in one.findtext(f"{ATOM}id")]
        assert len(news) == count, url
    entry = parse(client.get("/feed.atom").text).findall(f"{ATOM}entry")[0]
    assert entry.findtext(f"{ATOM}title") == "News of the trial: Does walk & help?"
    assert entry.findtext(f"{ATOM}id") == "https://example.org/research/#trial-1"
    assert entry.find(f"{ATOM}link").get("href").endswith(summary_named("walk").slug)
    assert "This trial is finished." in entry.findtext(f"{ATOM}summary")
    assert entry.find(f"{ATOM}category").get("term") == "trial"
    make_summary(
        "walk",
        title="Retracted: walk",
        categories=["pain"],
        study={"registrations": [TRIAL], "notice": {"kind": "retraction"}},
    )
    assert "News of the trial: Does walk-again" in client.get("/feed.atom").text.replace("&amp;", "&")
