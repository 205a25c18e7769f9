"""What is found in a text stands at its field, on the page and in the answer to a save while typing."""

from __future__ import annotations

from typing import Any

import pytest

from tests.desk.writing.test_writing import FORM, STUDY, begin, newest, press
from tests.factories import make_categories, make_summary_file
from tests.page import Page, PageClient, words
from webapp.desk.writing.fields import fields_of
from webapp.desk.writing.problems import id_of, name_at, path_at, standing_at
from webapp.documents.actions import save_revision
from webapp.documents.schema import canonical
from webapp.extensions import db
from webapp.models import Document

HARD = "Neurophysiological characterisation necessitates methodological sophistication. " * 3
ASKED = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def url(mira: PageClient) -> str:
    """A summary that nothing stops."""
    make_categories()
    study: dict[str, Any] = STUDY | {"design": "rct", "participants": 40, "compared_with": "A placebo"}
    file = make_summary_file("arms", study=study, harms="Nobody fell.")
    document = Document(kind="summary", key=file.key, language="en")
    save_revision(document, canonical(file.content, file.key), by="Mira")
    return f"/desk/documents/{document.id}"


def told_while_typing(client: PageClient, url: str, **changes: str) -> dict[str, Page]:
    """What a save while typing says, by the id of the place it is put in."""
    page = client.page(url)
    values = page.values(FORM, **{name.replace("__", "."): value for name, value in changes.items()})
    answer = client.post(url, data=values, headers=ASKED)
    assert answer.status_code == 200
    parts = Page(f"<main>{answer.text}</main>").select("hx-partial")
    shown = {part.get("hx-target"): Page(_inner(part)) for part in parts}
    assert {part.get("hx-swap") for part in parts} == {"innerMorph"}
    assert all(page.select(target) for target in shown), "each stands on the page"
    return shown


def _inner(part: Any) -> str:
    from lxml import etree

    return f"<main>{etree.tostring(part, encoding='unicode', method='html')}</main>"


def test_a_text_that_is_too_hard_stops_at_its_field_with_its_grade(mira: PageClient, url: str) -> None:
    assert mira.page(url).texts("#overview h2") == ["Nothing stops publishing"]
    told = told_while_typing(mira, url, simple_explanation=HARD)
    here = told["#f-simple_explanation-findings"]
    assert here.texts(".finding-stop")[0].startswith("Stops publishing. Has reading grade")
    assert "aim for 8 or lower" in here.texts(".finding-line")[0]
    assert told["#overview"].texts("h2") == ["1 thing stops publishing"]
    assert told["#overview"].texts(".desk-stops a") == ["Go to Simple Explanation"]
    assert mira.page(url).texts("#f-simple_explanation-findings .finding-stop"), "and on the page after it"
    told = told_while_typing(mira, url, simple_explanation="It helped a little.")
    assert not told["#f-simple_explanation-findings"].select(".finding"), "and it goes when it is mended"


def test_no_field_is_in_the_answer_to_a_save_while_typing(mira: PageClient, url: str) -> None:
    values = mira.page(url).values(FORM, title="Changed")
    answer = Page(mira.post(url, data=values, headers=ASKED).text)
    assert not answer.select("input, textarea, select, form")


def test_what_follows_from_the_facts_is_shown_and_cannot_be_typed(mira: PageClient, url: str) -> None:
    page = mira.page(url)
    [design] = page.texts("#f-study-design-findings .finding-line")
    assert design == "How far along: Larger trials. Strong kind of study (step 2 of 5, 1 is strongest)."
    assert page.texts("#f-study-outcomes-findings .finding-line") == ["Result: Did better than a placebo."]
    told = told_while_typing(mira, url, study__participants="7")
    assert "First people" in told["#f-study-design-findings"].texts(".finding-line")[0]


def test_numbers_rare_words_and_short_sentences_are_advice(mira: PageClient, url: str) -> None:
    text = "They had methenamine. It went well. Nobody fell. It was given to 4,711 people in the US."
    told = told_while_typing(mira, url, harms=text)
    found = told["#f-harms-findings"].texts(".finding")
    assert [one.split(". ")[0] for one in found] == ["Advice"] * 3
    assert "“They had methenamine.”" in found[0]
    assert "“methenamine”" in found[1]
    assert "“4,711”. This number is not in the facts" in found[2]


def test_what_lies_deep_in_a_row_leads_to_its_field(mira: PageClient, url: str) -> None:
    name = "study.outcomes.0.groups.0.count"
    told = told_while_typing(mira, url, **{name: "many"})
    here = told["#f-study-outcomes-0-findings"]
    link = here.one(".finding-stop a")
    assert words(link) == "Go to Outcome 1, Group 1, How many of them it happened to"
    assert mira.page(url).select(link.get("href"))


def test_a_row_that_is_empty_moves_no_finding_to_another_row(mira: PageClient, url: str) -> None:
    for text in ("First.", "Second.", "They were healed with levosimendan."):
        way = press(mira, url, "add:key_findings").location.partition("#")[0]
        box = mira.page(way).select("textarea[name^='key_findings.']")[-1].get("name")
        press(mira, way, "save", **{box: text})
    before = mira.page(url).select("textarea[name^='key_findings.']")
    last = len(before) - 1
    told = told_while_typing(mira, url, **{f"key_findings.{last - 1}": ""})
    assert told[f"#f-key_findings-{last}-findings"].select(".finding"), "at the row of the form"
    assert not told[f"#f-key_findings-{last - 1}-findings"].select(".finding"), "not at the one that is empty"


@pytest.mark.parametrize("kind", ["summary", "topic", "page"])
def test_findings_never_stand_within_the_field_they_are_about(mira: PageClient, kind: str) -> None:
    make_categories()
    page = mira.page(begin(mira, kind, "Anything"))
    assert not page.select("label .findings, textarea .findings, legend .findings")
    for field in fields_of(kind):
        assert page.select(f"#f-{field.name}-findings"), field.name


@pytest.mark.parametrize(
    ("loc", "path", "name", "place"),
    [
        (("Key Findings",), ("key_findings",), "Key Findings", "f-key_findings"),
        (("study", "registrations", 1), ("study", "registrations"), "Registrations", None),
        (("study", "outcomes", 1, "groups", 0, "people"), None, None, "f-study-outcomes-1"),
        (("related", 0, "summary"), None, "Related summary 1, Key of the summary", "f-related-0"),
        (("unheard", 7), (), "The document", None),
    ],
)
def test_the_place_of_a_problem(loc: Any, path: Any, name: str | None, place: str | None) -> None:
    found = path_at("summary", loc)
    assert found == (loc if path is None else path)
    assert name is None or name_at("summary", found) == name
    assert place is None or id_of(standing_at(found)) == place


def test_no_wording_is_offered_twice_at_one_field(mira: PageClient, url: str) -> None:
    press(mira, url, "save", study__design="case_series", key_findings__0="It caused a cure and it is safe.")
    offered = [text.partition("Use wording")[0] for text in mira.page(url).texts("#f-key_findings-0-findings .wording")]
    assert offered
    assert len(offered) == len(set(offered))


def test_what_is_used_no_more_stands_in_the_form_while_something_is_in_it(mira: PageClient, url: str) -> None:
    assert not mira.page(url).select("#f-study-pictogram")
    newest_content = newest(url).content
    study = newest_content["study"] | {"pictogram": {"count": 4, "of": 9, "words": "moved"}}
    document = db.session.get(Document, int(url.rpartition("/")[2]))
    assert document
    save_revision(document, newest_content | {"study": study}, by="Mira", base=newest(url).number)
    assert mira.page(url).select("#f-study-pictogram")
    press(mira, url, "save", title="Kept")
    assert newest(url).content["study"]["pictogram"]["of"] == 9
