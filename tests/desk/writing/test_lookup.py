"""A DOI fills in the facts of a paper: into empty fields, to be looked at before they are saved."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.conftest import make_app
from tests.desk.conftest import enter
from tests.desk.writing.test_writing import FORM, begin, newest, press
from tests.page import Page, PageClient, client_of, words
from tests.scholarly import answers
from tests.scholarly.server import Reply, Service, serving
from webapp.scholarly.client import URL_SETTINGS


class Services(Service):
    """Crossref, Europe PMC and ClinicalTrials.gov at one address: each path has its answer."""

    said: dict[str, object]

    def next_reply(self, path: str, headers: list[tuple[str, str]], message: object = None) -> Reply:
        super().next_reply(path, headers)
        return next((Reply(said) for start, said in self.said.items() if path.startswith(start)), Reply(status=404))


@pytest.fixture
def services() -> Iterator[Services]:
    one = Services()
    one.said = {
        "/works/": answers.single(),
        "/search": answers.found(answers.article()),
        "/studies/": answers.study(),
    }
    with serving(one):
        yield one


@pytest.fixture
def app(instance: object, services: Services) -> Iterator[Flask]:
    app = make_app(instance, **dict.fromkeys(URL_SETTINGS, services.url))  # type: ignore[arg-type]
    with app.app_context():
        yield app


@pytest.fixture
def mira(app: Flask) -> PageClient:
    return enter(client_of(app))


def look_up(client: PageClient, url: str, **changes: str) -> Page:
    answer = press(client, url, "look-up", **changes)
    assert answer.status_code == 200
    return Page(answer.text)


def test_facts_are_filled_into_empty_fields_and_saved_when_asked(mira: PageClient) -> None:
    url = begin(mira, "summary", "Walking")
    page = look_up(mira, url, study__doi=f"https://doi.org/{answers.DOI.upper()}", study__journal="My own words")
    shown = page.values(FORM)
    assert shown["study.title"] == "Spinal stimulation and walking in adults with injury at C5–T10"
    assert str(shown["study.authors"]).splitlines() == ["Zoë Ångström", "J. P. de la Cruz", "The WALK Group"]
    assert (shown["study.published"], shown["study.pmid"]) == ("2024-03-09", answers.PMID)
    assert shown["study.journal"] == "My own words"
    told = words(page.one("#found"))
    assert "They: Journal of Cord Medicine & Care" in told
    assert "12 people < 60 years" in told
    assert "4 walked" not in str(shown), "an abstract is never copied"
    assert "title" not in newest(url).content["study"], "nothing is saved that nobody looked at"
    assert mira.post(url, data={**shown, "do": "save"}).status_code == 303
    assert newest(url).content["study"]["pmcid"] == "PMC11000001"


def test_a_registered_trial_is_shown_beside(mira: PageClient) -> None:
    url = begin(mira, "summary", "Walking")
    told = words(look_up(mira, url, study__doi=answers.DOI, study__registrations=answers.TRIAL).one("#found"))
    assert f"Trial {answers.TRIAL}" in told
    assert "24 people took part" in told
    assert "Steps in six minutes" in told


@pytest.mark.parametrize("kind", ["retraction", "withdrawal", "removal"])
def test_a_withdrawn_paper_is_said_aloud(mira: PageClient, services: Services, kind: str) -> None:
    services.said["/works/"] = answers.single(**{"updated-by": [answers.notice(kind)]})
    url = begin(mira, "summary", "Walking")
    assert "This paper was withdrawn." in words(look_up(mira, url, study__doi=answers.DOI).one("#found"))


@pytest.mark.parametrize(
    ("doi", "why"), [("", "write the DOI of the paper first"), ("10.1x", "is no DOI"), ("10.5555/other", "knows no")]
)
def test_a_doi_that_leads_nowhere_is_told_and_stays(mira: PageClient, services: Services, doi: str, why: str) -> None:
    services.said = {}
    url = begin(mira, "summary", "Walking")
    page = look_up(mira, url, study__doi=doi, study__journal="Typed")
    assert why in words(page.one("#found"))
    assert (page.values(FORM)["study.doi"], page.values(FORM)["study.journal"]) == (doi, "Typed")


def test_what_is_the_same_is_not_said_otherwise(mira: PageClient) -> None:
    url = begin(mira, "summary", "Walking")
    mira.post(url, data={**look_up(mira, url, study__doi=answers.DOI).values(FORM), "do": "save"})
    told = words(look_up(mira, url, study__doi=answers.DOI.upper()).one("#found"))
    assert "Said otherwise" not in told
    assert "Filled in" not in told


def test_a_paper_that_only_pubmed_says_was_withdrawn_is_said_aloud(mira: PageClient, services: Services) -> None:
    services.said["/search"] = answers.found(answers.article(pubTypeList={"pubType": ["Retracted Publication"]}))
    url = begin(mira, "summary", "Walking")
    assert "This paper was withdrawn." in words(look_up(mira, url, study__doi=answers.DOI).one("#found"))


def test_pubmed_is_asked_where_europe_pmc_has_nothing(mira: PageClient, services: Services) -> None:
    services.said["/search"] = answers.found()
    services.said["/efetch.fcgi"] = answers.efetch(
        "<Abstract><AbstractText>Nine people walked.</AbstractText></Abstract>"
    )
    url = begin(mira, "summary", "Walking")
    told = words(look_up(mira, url, study__doi=answers.DOI, study__pmid=answers.PMID).one("#found"))
    assert "Nine people walked." in told


def test_a_page_has_no_paper_to_look_up(mira: PageClient, services: Services) -> None:
    url = begin(mira)
    assert not mira.page(url).select("[value=look-up]")
    assert press(mira, url, "look-up").status_code == 303
    assert not services.asked
