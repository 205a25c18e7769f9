"""Citations, read back by strict parsers: every field whole, and no text turned into another field."""

from __future__ import annotations

import json
from io import StringIO

import bibtexparser
import pytest
import rispy
from flask import Flask
from lxml import etree
from pybtex.database import parse_string
from pylatexenc.latex2text import LatexNodes2Text

from tests.factories import make_categories, make_correction, make_outcome, make_summary, summary_named
from tests.page import Page, PageClient
from webapp.extensions import db
from webapp.formats import long_date
from webapp.models import Document

STUDY = {
    "title": "Nerves & “growth”: 50% of {all}",
    "authors": ["Zaida Álvarez", "Natasha van Zyl", "Plain"],
    "authors_complete": False,
    "journal": "J Test",
    "published": "2024-03-06",
    "citation": "J Test 2024;12(3):45-67",
    "doi": "10.1234/ab_c",
}


@pytest.fixture
def slug(app: Flask) -> str:
    make_categories()
    return make_summary("nerves", study=STUDY).slug


def test_a_ris_reader_gets_every_field(client: PageClient, slug: str) -> None:
    response = client.get(f"/research/{slug}/cite.ris")
    assert response.mimetype == "application/x-research-info-systems"
    assert response.text.startswith("TY  - JOUR")
    (entry,) = rispy.load(StringIO(response.text))
    assert entry["title"] == STUDY["title"]
    assert entry["authors"] == ["Álvarez, Zaida", "van Zyl, Natasha", "Plain"]
    assert (entry["year"], entry["volume"], entry["start_page"], entry["end_page"]) == ("2024", "12", "45", "67")
    assert entry["doi"] == STUDY["doi"]


def test_a_bibtex_reader_gets_every_field(client: PageClient, slug: str) -> None:
    response = client.get(f"/research/{slug}/cite.bib")
    assert 'filename="nerves.bib"' in response.headers["Content-Disposition"]
    entry = parse_string(response.text, "bibtex").entries["nerves"]
    assert [str(person) for person in entry.persons["author"]][1:] == ["van Zyl, Natasha", "Plain", "others"]
    assert entry.fields["journal"] == "J Test"
    assert entry.fields["pages"] == "45--67"
    assert entry.fields["doi"] == STUDY["doi"]
    assert r"50\%" in entry.fields["title"]


def test_a_note_tells_the_result_and_what_was_wrong_with_our_summary(app: Flask, client: PageClient) -> None:
    make_categories()
    study = {"outcomes": [make_outcome()], "notice": {"kind": "correction", "citation": "J Test 2025;1:2"}}
    slug = make_summary("arms", study=study).slug
    correction = make_correction("arms", "It said 9 people; there were {8} & 50%.")
    told = (
        f"In plain words at https://example.org/research/{slug} - Result: Did better than usual care. "
        f"We corrected our summary on {long_date(correction.corrected_at)}: It said 9 people; there were {{8}} & 50%."
    )
    (entry,) = rispy.load(StringIO(client.get(f"/research/{slug}/cite.ris").text))
    assert entry["notes"] == ["Correction of this paper: J Test 2025;1:2", told]
    fields = parse_string(client.get(f"/research/{slug}/cite.bib").text, "bibtex").entries["arms"].fields
    assert read_by_latex(fields["annote"]) == seen(told)
    assert fields["note"] == "Correction: J Test 2025;1:2"


def test_unknown_facts_are_left_out(app: Flask, client: PageClient) -> None:
    make_categories()
    slug = make_summary().slug
    assert "PY" not in client.get(f"/research/{slug}/cite.ris").text
    assert set(
        parse_string(client.get(f"/research/{slug}/cite.bib").text, "bibtex").entries["arm-training"].fields
    ) == {"title"}


def test_every_shipped_citation_can_be_read(shipped: PageClient) -> None:
    sitemap = Page(shipped.get("/sitemap.xml").text, fragment=True)
    papers = [element.text.partition("example.org")[2] for element in sitemap.select("loc")]
    for url in (path for path in papers if path.startswith("/research/") and path != "/research/"):
        (entry,) = rispy.load(StringIO(shipped.get(f"{url}/cite.ris").text))
        assert entry["title"]
        assert len(parse_string(shipped.get(f"{url}/cite.bib").text, "bibtex").entries) == 1


HOSTILE = [
    "Arms}, note = {forged",
    "Arms} } @article{forged, title = {Legs}}",
    "Arms \\} and {legs",
    "{{{{",
    "}}}}",
    "Arms\\",
    "\\input{/etc/passwd}",
    "100% of $5 and $x}$ & #1_a^b~c",
    "https://example.org/}%7D",
    '"quoted" # "joined"',
    "@comment{ @string{a = {b}}",
    "Arms\nER  - \n\nTY  - JOUR\nTI  - Forged",
    "Arms\r\nAU  - Forged, A.\rER  - ",
    "Arms\u2028ER  - \x85TI  - Forged\x0bAU  - Forged\x1cTI  - Forged",
    "TY  - JOUR",
    "A and B AND c",
    "Arms, Legs, Head, Toes",
    "Arms \x01\ufffe legs",
    "Arms \x00 legs",
]


def in_the_database(text: str) -> str:
    """A summary whose every text of the paper is this one, as an older version might have let it in. Its slug."""
    make_categories()
    make_summary("arms")
    summary = summary_named("arms")
    summary.title = summary.description = summary.author = text
    study = summary.study
    study.title = study.journal = text
    study.authors, study.authors_complete = [text, "Ada Byron"], True
    study.notice = {"kind": "correction", "citation": text}
    db.session.commit()
    return summary.slug


@pytest.mark.parametrize("text", HOSTILE)
def test_no_correction_of_ours_breaks_out_of_its_note(app: Flask, client: PageClient, text: str) -> None:
    make_categories()
    slug = make_summary("arms").slug
    make_correction("arms", text)
    (entry,) = rispy.load(StringIO(client.get(f"/research/{slug}/cite.ris").text))
    assert set(entry) == {"type_of_reference", "title", "notes"}
    assert entry["notes"][0].endswith(told(text))
    written = client.get(f"/research/{slug}/cite.bib").text
    ((key, found),) = parse_string(written, "bibtex").entries.items()
    assert (key, set(found.fields)) == ("arms", {"title", "annote"})
    assert read_by_latex(found.fields["annote"]).endswith(seen(told(text)))
    assert is_balanced(written)


def told(text: str) -> str:
    """What a reader has to find again: the text on one line, without what nobody can see."""
    return " ".join(text.replace("\x00", "").replace("\x01", "").replace("\ufffe", "").split())


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_of_a_paper_forges_a_record_or_breaks_out_of_a_field(app: Flask, client: PageClient, text: str) -> None:
    cited = f"/research/{in_the_database(text)}/cite"
    holds_it_in_ris(client.get(f"{cited}.ris").text, text)
    holds_it_in_bibtex(client.get(f"{cited}.bib").text, text)


def holds_it_in_ris(written: str, text: str) -> None:
    (entry,) = rispy.load(StringIO(written))
    assert entry["title"] == entry["journal_name"] == told(text)
    assert entry["notes"] == [f"Correction of this paper: {told(text)}"]
    assert len(entry["authors"]) == 2
    assert set(entry["authors"][0].replace(",", "").split()) == set(told(text).replace(",", "").split())
    assert set(entry) == {"type_of_reference", "title", "authors", "journal_name", "notes"}


def holds_it_in_bibtex(written: str, text: str) -> None:
    (key, entry), *others = parse_string(written, "bibtex").entries.items()
    assert (key, others) == ("arms", [])
    assert set(entry.fields) == {"title", "journal", "note"}
    assert read_by_latex(entry.fields["title"]) == read_by_latex(entry.fields["journal"]) == seen(told(text))
    assert read_by_latex(entry.fields["note"]) == seen(f"Correction: {told(text)}")
    assert "%" not in entry.fields["title"].replace(r"\%", "")
    library = bibtexparser.parse_string(written)
    assert (len(library.entries), library.failed_blocks, library.comments, library.strings) == (1, [], [], [])
    fields = library.entries[0].fields_dict
    assert set(fields) == {"title", "author", "journal", "note"}
    assert read_by_latex(fields["title"].value) == seen(told(text))
    first, _, last = fields["author"].value.rpartition(" and ")
    assert (read_by_latex(first), last) == (seen(told(text)), "Ada Byron")
    assert is_balanced(written)


def read_by_latex(value: str) -> str:
    for command, sign in {r"{\textbraceleft}": r"\{", r"{\textbraceright}": r"\}"}.items():  # LaTeX's, unknown there
        value = value.replace(command, sign)
    return seen(LatexNodes2Text(keep_comments=True).latex_to_text(value))


def seen(text: str) -> str:
    """Quotation marks and blanks as print has them are the same to a reader."""
    for drawn, typed in {"“": '"', "”": '"', "’": "'", "‘": "'", "''": '"', "ˆ": "^"}.items():
        text = text.replace(drawn, typed)
    return "".join(text.split())


def is_balanced(text: str) -> bool:
    """As BibTeX counts: a backslash before a brace makes no difference."""
    depth = 0
    for sign in text:
        depth += (sign == "{") - (sign == "}")
        if depth < 0:
            return False
    return depth == 0


@pytest.mark.parametrize("author", ["A and B", "and", "Research AND Co."])
def test_a_name_that_holds_and_stays_one_author(app: Flask, client: PageClient, author: str) -> None:
    make_categories()
    slug = make_summary(study={"authors": [author, "Ada Byron"], "authors_complete": True}).slug
    people = parse_string(client.get(f"/research/{slug}/cite.bib").text, "bibtex").entries["arm-training"].persons
    assert len(people["author"]) == 2


@pytest.mark.parametrize("doi", ["10.1234/a}b{c", "10.1234/a\\b", "10.1234/50%"])
def test_an_identifier_stays_inside_its_field(app: Flask, client: PageClient, doi: str) -> None:
    make_categories()
    written = client.get(f"/research/{make_summary(study={'doi': doi}).slug}/cite.bib").text
    assert set(parse_string(written, "bibtex").entries["arm-training"].fields) == {"title", "doi"}
    assert is_balanced(written)


@pytest.mark.parametrize("key", ['a"; x="b', "a\r\nX: y", "a/b", "../a", "é", "a" * 71])
def test_the_name_of_the_file_comes_from_a_name_that_can_hold_nothing_else(key: str) -> None:
    with pytest.raises(ValueError, match="key"):
        Document(kind="summary", key=key, language="en")


def test_a_doi_with_braces_forges_nothing(app: Flask, client: PageClient) -> None:
    make_categories()
    make_summary("nerves", slug="nerves", study=STUDY | {"doi": "10.1234/},note={forged"})
    entry = parse_string(client.get("/research/nerves/cite.bib").text, "bibtex").entries["nerves"]
    assert "note" not in entry.fields
    assert entry.fields["doi"] == "10.1234/%7D,note=%7Bforged"


def test_a_title_ends_no_script_and_a_feed_stays_xml(app: Flask, client: PageClient) -> None:
    make_categories()
    title = "</script><script>alert(1)</script> ]]> &amp; <b>"
    make_summary("nerves", slug="nerves", title=title, description="<!-- ]]>", study=STUDY | {"title": title})
    page = client.page("/research/nerves")
    assert page.h1 == title
    [data] = page.select("script[type='application/ld+json']")
    assert title in json.dumps(json.loads(data.text), ensure_ascii=False)
    assert title in "".join(etree.fromstring(client.get("/feed.atom").data).itertext())
