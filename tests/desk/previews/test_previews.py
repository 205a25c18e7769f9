"""The preview is the real page with a banner, changes nothing, and can stand beside the form."""

from __future__ import annotations

from typing import Any

import pytest

from tests.desk.writing.test_writing import FORM, STUDY, begin, newest, press
from tests.factories import make_categories, make_summary, make_summary_file, make_topic_file
from tests.page import Page, PageClient
from webapp.documents.actions import save_revision
from webapp.documents.queries import document_named
from webapp.documents.schema import canonical
from webapp.extensions import db
from webapp.models import Document

HARD = "Neurophysiological characterisation necessitates methodological sophistication. " * 3


def test_the_preview_is_the_real_page_and_changes_nothing(mira: PageClient, stranger: PageClient) -> None:
    make_categories()
    make_summary("arms", title="What readers see", study=STUDY)
    document = document_named("summary", "arms")
    assert document
    url = f"/desk/documents/{document.id}"
    before = document.live_revision_id
    press(mira, url, "save", title="What comes next", key_findings__0="A newer finding.")
    preview = mira.page(f"{url}/preview")
    assert preview.h1 == "What comes next"
    assert "A newer finding." in preview.texts("main")[0]
    assert mira.get(f"{url}/preview").headers["Cache-Control"] == "no-store"
    address = f"/research/{document.slug}"
    assert stranger.page(address).h1 == "What readers see"
    db.session.expire_all()
    assert document.live_revision_id == before
    assert stranger.page("/research/?q=newer").texts("[role=status]") == ["No summaries found for “newer”."]


@pytest.mark.parametrize("file", [make_summary_file("new-one", study=STUDY), make_topic_file()])
def test_a_draft_that_never_was_public_can_be_looked_at(mira: PageClient, stranger: PageClient, file: Any) -> None:
    make_categories()
    make_summary("arm-training")
    document = Document(kind=file.content.kind, key=file.key, language="en")
    save_revision(document, canonical(file.content, file.key), by="Mira")
    page = mira.page(f"/desk/documents/{document.id}/preview")
    assert file.content.description in page.html
    db.session.expire_all()
    assert document.live_revision_id is None
    assert document.slug is None


def test_a_banner_says_that_it_is_a_preview_and_leads_back(mira: PageClient, stranger: PageClient) -> None:
    make_categories()
    make_summary("arms", study=STUDY, harms="Nobody was hurt.")
    document = document_named("summary", "arms")
    assert document
    url = f"/desk/documents/{document.id}"
    page = mira.page(f"{url}/preview")
    assert page.texts(".preview-banner p") == ["Preview. Readers see this text. Back to writing"]
    press(mira, url, "save", title="Not yet published")
    page = mira.page(f"{url}/preview")
    assert page.texts(".preview-banner p") == ["Preview. Readers see nothing of this yet. Back to writing"]
    assert page.one(".preview-banner a").get("href") == url
    assert not stranger.page(f"/research/{document.slug}").select(".preview-banner")
    assert not mira.page(f"/research/{document.slug}").select(".preview-banner")


def test_what_only_its_wording_stops_can_be_looked_at(mira: PageClient) -> None:
    make_categories()
    make_summary("arms", study=STUDY, harms="Nobody was hurt.")
    document = document_named("summary", "arms")
    assert document
    url = f"/desk/documents/{document.id}"
    press(mira, url, "save", simple_explanation=HARD)
    page = mira.page(f"{url}/preview")
    assert "sophistication" in page.texts("main")[0]
    assert "1 thing stops publishing" in page.texts(".preview-banner")[0]


def test_what_is_too_little_to_show_is_listed(mira: PageClient) -> None:
    url = begin(mira)
    answer = mira.get(f"{url}/preview")
    assert answer.status_code == 422
    page = Page(answer.text)
    assert page.texts(".desk-stops a") == ["Go to Description", "Go to First sentences", "Go to Text"]
    for link in page.select(".desk-stops a"):
        way, _, anchor = link.get("href").partition("#")
        assert mira.page(way).select(f"#{anchor}")


def test_the_preview_can_stand_beside_the_form_and_be_put_away(mira: PageClient) -> None:
    url = begin(mira)
    assert not mira.page(url).select("iframe")
    values = mira.page(url).values(".beside-choice")
    assert mira.post(f"{url}/beside/show", data=values).location == url
    page = mira.page(url)
    assert page.one("iframe").get("src") == f"{url}/preview"
    press(mira, url, "save", lead="Come.")
    assert mira.page(url).select("iframe"), "it stays"
    mira.post(f"{url}/beside/hide", data=page.values(".beside-choice"))
    assert not mira.page(url).select("iframe")


def test_only_pages_of_this_site_show_it_within_them(mira: PageClient) -> None:
    url = begin(mira)
    headers = mira.get(f"{url}/preview").headers
    assert "frame-ancestors 'self'" in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "SAMEORIGIN"
    form = mira.get(url).headers
    assert "frame-src 'self'" in form["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in form["Content-Security-Policy"]
    assert form["X-Frame-Options"] == "DENY"
    assert "frame-src" not in mira.get("/").headers["Content-Security-Policy"]
    assert newest(url).number == 1
    assert mira.page(url).values(FORM)


def test_a_preview_where_there_is_no_such_topic_says_so(mira: PageClient) -> None:
    document = Document(kind="topic", key="nowhere", language="en")
    save_revision(document, canonical(make_topic_file("nowhere").content, "nowhere"), by="Mira")
    answer = mira.get(f"/desk/documents/{document.id}/preview")
    assert answer.status_code == 422
    assert "Topic “nowhere” is not a category." in Page(answer.text).texts(".desk-stops li")[0]
