"""The glossary at the desk: a term is found, written, merged and deleted, and its marks in the texts follow."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.conftest import counted
from tests.factories import (
    make_categories,
    make_documents,
    make_page_file,
    make_summary_file,
    make_terms,
    make_topic_file,
)
from tests.page import PageClient
from webapp.desk.accounts.queries import account_named
from webapp.desk.glossary import actions, queries
from webapp.documents.actions import rebuild
from webapp.edition import edition
from webapp.extensions import db
from webapp.library.actions import load_library
from webapp.library.exporting import export_library
from webapp.models import Activity, Document, Term, TermLink

INDEX = "/desk/glossary"
SOURCE = "https://www.who.int/spinal-cord-injury"


def term(slug: str) -> Term:
    return db.session.scalars(select(Term).where(Term.slug == slug)).one()


def url(slug: str, what: str = "") -> str:
    return f"{INDEX}/{term(slug).id}{what}"


def send(client: PageClient, address: str, **changes: Any) -> Any:
    return client.post(address, data=client.page(address).values("main form[method=post]", **changes))


def merge(client: PageClient, slug: str, into: str) -> Any:
    return send(client, f"{url(slug, '/merge')}?into={term(into).id}")


def logged() -> str:
    return db.session.scalars(select(Activity.what).order_by(Activity.id.desc()).limit(1)).one()


def links() -> list[Any]:
    return sorted(map(tuple, db.session.execute(select(TermLink.document_id, TermLink.term_id))))


@pytest.fixture
def site(mira: PageClient) -> PageClient:
    """Two terms; a summary that uses one, a summary that uses both, and one that uses neither."""
    make_categories("hand-and-arm-use", "pain")
    make_terms(sham="A treatment that is not real.", placebo="A pill that does nothing.")
    for key, text in {"one": "Half had a sham.", "both": "A sham or a placebo.", "none": "All were trained."}.items():
        make_documents(make_summary_file(key, title=f"About {key}", simple_explanation=text))
    return mira


def test_terms_are_found_by_their_letters_and_by_what_they_lack(site: PageClient) -> None:
    page = site.page(INDEX)
    assert page.texts(".desk-words a") == ["placebo", "sham"]
    assert "In 2 summaries." in page.texts(".desk-rows .small")[1]
    assert site.page(f"{INDEX}?q=PILL").texts(".desk-words a") == ["placebo"]
    assert "There is no such term." in site.page(f"{INDEX}?q=quokka").texts("main p")
    send(site, url("sham"), source=SOURCE, is_checked="y")
    assert site.page(f"{INDEX}?only=unchecked").texts(".desk-words a") == ["placebo"]
    assert "Checked against who.int. In 2 summaries." in site.page(INDEX).texts(".desk-rows .small")


def test_a_new_term_is_marked_where_texts_use_it(site: PageClient) -> None:
    before = edition()
    values = {"name": "Trained", "also": "training\n\n  arm   training ", "definition": "Practised."}
    assert send(site, f"{INDEX}/new", **values).location == f"{url('trained')}?said=added"
    assert term("trained").also == ["training", "arm training"]
    assert edition() != before
    assert "About none" in site.page("/glossary/trained").texts("main a")
    page = site.page("/research/a-trial-of-arm-training-none")
    assert [one.get("data-definition") for one in page.select("a.term")][:1] == ["Practised."]
    assert logged() == "Added the term “Trained”."
    before_rebuild = links()
    rebuild()
    assert links() == before_rebuild


def test_other_words_reach_the_texts_at_once_and_nothing_is_made_anew(site: PageClient) -> None:
    url_of_page = "/research/a-trial-of-arm-training-one"
    assert "not real" in site.get(url_of_page).text
    before = edition()
    send(site, url("sham"), definition="It only looks like a treatment.")
    assert "It only looks like a treatment." in site.get(url_of_page).text
    assert edition() != before
    assert not list(db.session.scalars(select(Document.id).where(Document.is_stale)))


def test_names_that_come_and_go_are_marked_and_unmarked(site: PageClient) -> None:
    send(site, url("sham"), name="Sham treatment", also="trained")
    assert term("sham").name == "Sham treatment", "and its address stays"
    assert site.page("/glossary/sham").texts(".plain-links a") == ["About none"]
    assert site.page("/glossary/").h1 == "Glossary"


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"name": ""}, "name", "Please give it a name."),
        ({"name": "Placebo"}, "name", "“Placebo” is a name of “placebo” already."),
        ({"also": "PlaceBo\nfake"}, "also", "“PlaceBo” is a name of “placebo” already."),
        ({"also": "x" * 81}, "also", "Please write at most 20 names"),
        ({"definition": " "}, "definition", "Please say what it means."),
        ({"source": "javascript:alert(1)"}, "source", "Please begin the source with its address"),
        ({"is_checked": "y"}, "is_checked", "Please name the source it was checked against"),
    ],
)
def test_what_cannot_be_so_is_said_at_its_field(
    site: PageClient, changes: dict[str, str], field: str, said: str
) -> None:
    answer = send(site, url("sham"), **changes)
    assert answer.status_code == 422
    assert said in answer.text
    assert f'href="#{field}"' in answer.text
    assert term("sham").definition == "A treatment that is not real."


def test_a_name_that_stands_twice_is_kept_once(site: PageClient) -> None:
    send(site, url("sham"), also="Sham\nfake\nFake\nSHAM")
    assert term("sham").also == ["fake", "SHAM"], "a short form is a name of its own"


def test_a_new_term_takes_no_address_of_another(site: PageClient) -> None:
    merge(site, "placebo", "sham")
    send(site, url("sham"), also="")
    assert send(site, f"{INDEX}/new", name="Sham!", definition="Other.").status_code == 422
    answer = send(site, f"{INDEX}/new", name="Placebo", definition="Other.")
    assert "It leads to another term, “sham”" in answer.text
    assert "is an older name" in send(site, url("sham"), name="placebo").text


def test_hard_words_get_advice_that_stops_nothing(site: PageClient) -> None:
    hard = "Pharmacological interventions demonstrating insufficient therapeutic efficacy in randomised evaluations."
    answer = send(site, url("sham"), definition=hard)
    assert answer.status_code == 303
    assert "has reading grade" in site.page(answer.location).texts(".desk-advice p")[0]
    send(site, url("sham"), definition="It is not real.")
    assert not site.page(url("sham")).select(".desk-advice")


def test_before_two_are_made_one_the_page_says_what_will_happen(site: PageClient) -> None:
    page = site.page(f"{url('placebo', '/merge')}?into={term('sham').id}")
    said = page.texts(".desk-points li")
    assert said[0] == "sham is also called placebo from then on."
    assert "1 document uses it." in said[3]
    assert "About both" in page.texts(".desk-rows a")
    assert site.get(f"{url('placebo', '/merge')}?into=").status_code == 422


def test_a_merged_term_is_a_name_of_the_other_and_its_address_leads_on(site: PageClient) -> None:
    send(site, url("placebo"), also="dummy\nfake pill")
    send(site, url("sham"), also="fake")
    assert merge(site, "placebo", "sham").location == f"{url('sham')}?said=merged"
    assert term("sham").also == ["fake", "placebo", "dummy", "fake pill"]
    assert site.get("/glossary/placebo").location == "/glossary/sham"
    assert sorted(site.page("/glossary/sham").texts(".plain-links a")) == ["About both", "About one"]
    assert site.page(INDEX).texts(".desk-words a") == ["sham"]
    assert "/glossary/placebo" not in site.get("/sitemap.xml").text
    assert site.get(url("placebo")).status_code == 404
    assert logged() == "Made the term “placebo” a name of “sham”."
    before = links()
    rebuild()
    assert links() == before


def test_links_follow_at_once_though_the_search_takes_its_time(
    site: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "FOLLOWING_AT_ONCE", 0)
    make_documents(make_summary_file("two", title="About two", simple_explanation="All had a placebo."))
    merge(site, "placebo", "sham")
    assert site.page("/glossary/sham").texts(".plain-links a").count("About two") == 1
    before = links()
    rebuild()
    assert links() == before


def test_a_chain_of_terms_leads_to_the_last_and_comes_back_from_files(site: PageClient, tmp_path: Path) -> None:
    send(site, f"{INDEX}/new", name="Dummy", definition="Not real.")
    merge(site, "placebo", "sham")
    merge(site, "sham", "dummy")
    assert site.get("/glossary/placebo").location == "/glossary/dummy"
    export_library(tmp_path / "out")
    report = load_library([tmp_path / "out"])
    assert (report.terms, report.kept, report.updated) == (0, 0, 0)


def test_a_term_that_readers_meet_is_not_deleted_and_the_page_says_where(site: PageClient) -> None:
    page = site.page(url("placebo", "/delete"))
    assert "Readers meet it in 1 document" in page.texts(".desk-problem")[0]
    assert not page.select("main form")
    token = site.page(url("placebo")).one("main input[name=csrf_token]").get("value")
    answer = site.post(url("placebo", "/delete"), data={"csrf_token": token})
    assert answer.status_code in {400, 409}
    assert term("placebo")


def test_answers_and_links_of_pages_count_and_longer_names_do_not(site: PageClient) -> None:
    make_terms(**{"sham-stimulation": "x", "leak": "Water.", "slow leak": "Slow water."})
    statement = {"name": "Leaks", "certainty": "low", "text": "A slow leak may stop.", "rests_on": ["one"]}
    make_documents(
        make_topic_file("pain", title="What helps pain", statements=[statement]),
        make_page_file("faq", title="Questions", text="## One\n\nSee [this](/glossary/sham-stimulation)."),
    )
    assert [row.title for row in queries.uses_of(term("slow-leak")).documents] == ["What helps pain"]
    assert queries.uses_of(term("leak")).count == 0
    assert [row.title for row in queries.uses_of(term("sham-stimulation")).documents] == ["Questions"]
    assert "Questions" not in [row.title for row in queries.uses_of(term("sham")).documents]


def test_a_term_that_nobody_meets_is_deleted_after_asking(site: PageClient, tmp_path: Path) -> None:
    make_terms(leak="Water.", drip="Less water.")
    merge(site, "drip", "leak")
    assert "Gone with it: drip. It leads to it." in site.page(url("leak", "/delete")).texts("main p")
    assert send(site, url("leak", "/delete")).location == f"{INDEX}?said=deleted"
    assert site.get("/glossary/leak").status_code == 404
    assert site.get("/glossary/drip").status_code == 404
    assert logged() == "Deleted the term “leak”."
    (tmp_path / "glossary.yml").write_text("- term: leak\n  definition: Water.\n")
    assert load_library([tmp_path]).kept == 1, "a file does not bring it back"
    assert site.get("/glossary/leak").status_code == 404


@pytest.mark.parametrize("number", [3, 40])
def test_a_change_takes_as_many_statements_whatever_the_size(app: Flask, mira: PageClient, number: int) -> None:
    make_categories("hand-and-arm-use")
    make_terms(sham="Not real.", placebo="A pill.")
    files = (make_summary_file(f"no-{one}", simple_explanation="A sham and a placebo.") for one in range(number))
    make_documents(*files)
    account = account_named("Mira")
    assert account
    with counted(app) as sent:
        assert queries.uses_of(term("sham")).count == number
    assert len(sent) <= 6
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(actions, "FOLLOWING_AT_ONCE", 0)
        with counted(app) as sent:
            actions.merge(account, term("placebo"), term("sham"))
    assert len(sent) <= 20, "\n".join(sent)
    assert len(links()) == number
