"""What is not published is nowhere: a draft and a planned summary are sought wherever readers can look."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from flask import Flask

from tests.ask.conftest import make_asked
from tests.conftest import Forward, address_of
from tests.factories import make_categories, make_documents, make_summary, make_summary_file, make_terms
from tests.page import PageClient
from tests.subscriptions.conftest import make_subscriber
from webapp.documents.actions import publish_due
from webapp.edition import edition
from webapp.extensions import db
from webapp.letters.actions import send_letters
from webapp.models import AskedPaper, Document, OutboxMail, Summary, Vote

TOMORROW = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=1)
HIDDEN: dict[str, dict[str, Any]] = {"quokka": {"draft": True}, "wombat": {"date": TOMORROW}}
"""A word that stands only in what must not be seen, and why it must not."""
CHECKED = dt.date(2026, 7, 7)
"""The day on which only that was checked."""


@pytest.fixture
def site(app: Flask, client: PageClient) -> PageClient:
    make_categories("pain", "skin")
    make_terms(spasticity="Tight muscles.")
    seen = "Arms in spasticity got a bit stronger. The arms were trained."
    make_summary("seen", categories=["pain"], simple_explanation=seen)
    for word, changes in HIDDEN.items():
        prose = f"People with spasticity met a {word}. They trained their arms with it."
        hidden = make_summary_file(
            word, title=f"A {word} helped", description=f"The {word}.", categories=["pain"], simple_explanation=prose,
            study={"title": f"The {word} trial"}, lastmod=CHECKED, **changes,
        )  # fmt: skip
        make_documents(hidden)
        make_asked(f"10.5555/{len(word)}", "A paper")
        db.session.execute(db.update(AskedPaper).values(summary_key=word, answer="planned"))
    db.session.commit()
    return client


def urls(app: Flask) -> list[str]:
    """Every url a reader can ask for, with every slug there is."""
    slugs = {
        "research": [*db.session.scalars(db.select(Summary.slug)), *(f"the-{word}-trial" for word in HIDDEN)],
        "<slug:slug>": ["about", *HIDDEN],
        "sitemap-<int:number>.xml": ["0", "1"],
        "categories": ["pain", "skin"],
        "glossary": ["spasticity"],
        "ask": ["1"],
        "desk": [str(id_) for id_ in db.session.scalars(db.select(Document.id))],
    }
    found = []
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and not {"token", "digest", "filename", "key"} & rule.arguments:
            names = slugs[rule.rule.split("/")[1]] if rule.arguments else [""]
            found += [address_of(rule, slug=name, number=name, id_=name, what="correct") for name in names]
    lists = ["/research/", "/categories/pain"]
    queries = [f"q={word}" for word in HIDDEN] + ["q=spasticity", "sort=oldest", "stage=first-people", "level=2"]
    return found + [f"{url}?{query}" for url in lists for query in queries]


@pytest.mark.parametrize("fragment", [{}, {"HX-Request": "true"}])
def test_no_address_shows_what_is_not_published(app: Flask, site: PageClient, fragment: dict[str, str]) -> None:
    asked = urls(app)
    for word in HIDDEN:
        assert [url for url in asked if f"-{word}-" in url and "?" not in url], "its own urls"
    for url in asked:
        answer = site.get(url, headers=fragment)
        own = [word for word in HIDDEN if word in url]
        if own and "?" not in url:
            assert answer.status_code == 404, url
        assert str(CHECKED) not in answer.text, url
        for word in set(HIDDEN) - set(own):
            assert word not in answer.text, f"{word} on {url}"
        for word in own:
            assert f"The {word}" not in answer.text, f"{word} on {url}"
            assert f"A {word}" not in answer.text, f"{word} on {url}"


def test_nothing_counts_what_is_not_published(site: PageClient) -> None:
    for url in ("/", "/categories/"):
        assert set(site.page(url).texts(".topics span, .tile-count")) <= {"1", "0", "1 summary", "0 summaries"}
    listed = site.page("/research/")
    assert listed.texts("#browse-count") == ["1 summary."]
    assert not [text for text in listed.texts("option") if text.endswith(("(2)", "(3)"))]


def test_no_letter_tells_of_what_is_not_published(site: PageClient) -> None:
    make_subscriber(confirmed_at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    send_letters()
    [letter] = db.session.scalars(db.select(OutboxMail))
    for word in HIDDEN:
        assert word not in letter.text + letter.html


def test_what_is_not_published_takes_no_votes(app: Flask, site: PageClient) -> None:
    form = site.page("/research/a-trial-of-arm-training-seen/feedback").values("#feedback form", choice="yes")
    for word in HIDDEN:
        assert site.post(f"/research/the-{word}-trial/feedback", data=form).status_code == 404
    assert not list(db.session.scalars(db.select(Vote)))


def test_the_day_of_publication_makes_a_new_edition(site: PageClient, forward: Forward) -> None:
    before = edition()
    forward(dt.timedelta(days=1))
    assert publish_due() == 1
    assert edition() != before
    assert "A wombat helped" in site.get("/research/").text
    assert "quokka" not in site.get("/research/").text
