"""Numbers of papers and trials are typed in many ways, and kept in one."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.scholarly.errors import ScholarlyError
from webapp.scholarly.identifiers import (
    doi_in,
    doi_of_link,
    doi_or_none,
    normal_doi,
    normal_pmid,
    normal_trial_number,
    trial_numbers,
)

SICI = "10.1002/(sici)1097-0258(19980815/30)17:15/16<1661::aid-sim968>3.0.co;2-2"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("10.1056/NEJMoa1803588", "10.1056/nejmoa1803588"),
        ("https://doi.org/10.1056/NEJMoa1803588", "10.1056/nejmoa1803588"),
        ("HTTP://DX.DOI.ORG/10.1056/NEJMoa1803588/", "10.1056/nejmoa1803588"),
        ("doi.org/10.1038/s41586-019-1234-5", "10.1038/s41586-019-1234-5"),
        ("https://10.1038/s41586", "10.1038/s41586"),
        (" doi: 10.1038/s41586. ", "10.1038/s41586"),
        ("DOI 10.1038 / s41586", "10.1038/s41586"),
        ("doi:https://doi.org/10.1038/s41586", "10.1038/s41586"),
        ("(10.1038/s41586).", "10.1038/s41586"),
        ("“10.1038/s41586”,", "10.1038/s41586"),
        ("<https://doi.org/10.1038/s41586>", "10.1038/s41586"),
        ("10.1016/s0140-6736(97)11096-0", "10.1016/s0140-6736(97)11096-0"),
        (SICI.upper(), SICI),
        ("https://doi.org/10.1002/%28SICI%291097-0258%2819980815/30%2917:15/16%3C1661::AID-SIM968%3E3.0.CO;2-2", SICI),
        ("10.5555/100%25", "10.5555/100%25"),
        ("１０.1038/ｓ41586", "10.1038/s41586"),
        ("10.1038/\u200bs41586\ufeff", "10.1038/s41586"),
    ],
)
def test_a_doi_has_one_form_however_it_is_typed(typed: str, kept: str) -> None:
    assert normal_doi(typed) == kept
    assert normal_doi(kept) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "", " ", "doi:", "10.1038", "10.1038/", "10.1038/.", "10/abc", "10.103/abc", "11.1038/abc", "abc",
        "10.1038/a b", "10.1038/s41586. Epub 2014 Oct 3", "https://www.nature.com/articles/10.1038/s41586",
        '10.1038/a" OR "b', "10.1038/a\\b", "10.1038/a\x00b", "https://doi.org/10.1038/a%00b",
        "https://doi.org/10.1038/a%20b", "https://doi.org/10.1038/a%C2%A0b", "https://doi.org/10.1038/a%E2%80%AEb",
        "10.١٢٣٤/a", f"10.1038/{'a' * 300}", "a" * 100_000,
    ],
)  # fmt: skip
def test_what_cannot_be_a_doi_is_refused_with_a_sentence(typed: str) -> None:
    with pytest.raises(ScholarlyError, match=r"is no DOI\. A DOI has no spaces and looks like 10\.1038/s41586") as told:
        normal_doi(typed)
    assert len(str(told.value)) < 160
    assert str(told.value).isprintable()
    assert doi_or_none(typed) is None


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("9500320", "9500320"),
        (" PMID: 9500320.", "9500320"),
        ("pmid9500320", None),
        ("pmid 0009500320", "9500320"),
        ("https://pubmed.ncbi.nlm.nih.gov/9500320/", "9500320"),
        ("https://www.ncbi.nlm.nih.gov/pubmed/9500320", "9500320"),
        ("PubMed 9500320", "9500320"),
        ("0", None), ("", None), ("PMC1234567", None), ("123456789", None), ("95 00320", None), ("٣٤", None),
        ("9500320 OR 1", None), ("10.1038/s41586", None),
    ],
)  # fmt: skip
def test_a_pubmed_number_is_digits_alone(typed: str, kept: str | None) -> None:
    if kept:
        assert normal_pmid(typed) == kept
        return
    with pytest.raises(ScholarlyError, match=r"is no PubMed number\. Such a number has one to eight digits\.$"):
        normal_pmid(typed)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("NCT02513394", "NCT02513394"),
        (" nct 02513394. ", "NCT02513394"),
        ("NCT-02513394", "NCT02513394"),
        ("https://clinicaltrials.gov/study/NCT02513394?tab=results", "NCT02513394"),
        ("https://clinicaltrials.gov/ct2/show/NCT02513394", "NCT02513394"),
        ("02513394", None), ("NCT", None), ("NCT00000000", None), ("NCT025133945", None), ("NCT2513394", None),
        ("ISRCTN02513394", None), ("", None), ("NCT02513394/../../x", None), ("NCT02513394 NCT02513395", None),
    ],
)  # fmt: skip
def test_a_trial_number_is_nct_and_eight_digits(typed: str, kept: str | None) -> None:
    if kept:
        assert normal_trial_number(typed) == kept
        return
    with pytest.raises(ScholarlyError, match="Such a number is NCT and eight digits: NCT01234567") as told:
        normal_trial_number(typed)
    assert "number of ClinicalTrials.gov" in str(told.value)


def test_no_number_of_a_trial_takes_time_without_end() -> None:
    assert trial_numbers([f"NCT01234567{'?' * 500} x"]) == []


def test_a_doi_is_found_in_a_reference() -> None:
    assert doi_in("Lancet. 2024 Sep 28;404(10459):1227. doi: 10.1016/S0140-6736(24)01653-2.") == (
        "10.1016/s0140-6736(24)01653-2"
    )
    assert doi_in("Lancet. 2010 Feb 6;375(9713):445.") is None


@given(st.text(max_size=400))
def test_whatever_is_typed_has_a_form_or_a_sentence(typed: str) -> None:
    normals: list[Callable[[str], str]] = [normal_doi, normal_pmid, normal_trial_number]
    for normal in normals:
        with suppress(ScholarlyError):
            kept = normal(typed)
            assert normal(kept) == kept


@pytest.mark.parametrize(
    ("link", "doi"),
    [
        ("https://example.org/article?id=10.1371/journal.pone.0033693", "10.1371/journal.pone.0033693"),
        ("https://example.org/doi/full/10.1002/ANA.25000?download=true", "10.1002/ana.25000"),
        ("http://example.org/articles/10.3389/fneur.2020.00001/full", "10.3389/fneur.2020.00001"),
        ("https://example.org/content/pdf/10.1007/s00-1.pdf", "10.1007/s00-1"),
        ("www.example.org/10.1016%2FS0140-6736(97)11096-0#sec", "10.1016/s0140-6736(97)11096-0"),
        ("https://example.org/a?x=1&doi=10.5555/x&y=2", "10.5555/x"),
        ("https://example.org/articles/s41586-019-1234-5", None),
        ("https://doi.org/10.5555/the/full", None),
        ("10.5555/x", None),
        ("https://" + "x" * 1000 + "/10.5555/x", None),
        ("https://example.org/10.5555/?x", None),
    ],
)
def test_a_doi_is_found_in_the_address_of_a_page(link: str, doi: str | None) -> None:
    assert doi_of_link(link) == doi


@given(st.text(max_size=200))
def test_any_address_has_a_doi_or_none(text: str) -> None:
    found = doi_of_link(f"https://example.org/{text}")
    assert found is None or normal_doi(found) == found
