"""The summaries that come with the site: readable, and nothing in them that their facts do not hold."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.conftest import STARTER
from tests.library.shipped import (
    FACTS,
    KEYS,
    NO_SUPPORT,
    NO_SUPPORT_IN_NOTICE,
    keys_where,
    prose_of,
    summary_of,
    support_of,
)
from webapp.editorial.designs import DESIGNS
from webapp.editorial.numbers import numbers_in, unsupported
from webapp.editorial.readability import MAX_GRADE, grade, long_sentences, mean_sentence_words, sentences

WITHDRAWN = re.compile(r"withdrawn|withdrew|retracted", re.IGNORECASE)
UNCONTROLLED = {"single_arm_trial", "case_series", "case_report", "within_person_experiment"}
NOT_A_VALUE = {"not seen", "unknown", "numeric difference", "effect size", "full list of 10 or so authors"}
ANIMALS = {"rats": r"\brats?\b", "mice": r"\b(mice|mouse)\b"}


def text_of(key: str) -> str:
    return (STARTER / "summaries" / f"{key}.md").read_text(encoding="utf-8")


def without_names(text: str, facts: dict[str, Any]) -> str:
    """The text without the registrations and citations the facts hold: as such they may be named."""
    for name in [*facts.get("trial_registration", []), facts.get("citation_detail", "")]:
        text = text.replace(name, "") if name else text
    return text


def test_there_are_at_least_70_summaries() -> None:
    assert len(KEYS) >= 70
    assert set(KEYS) == set(FACTS), "a summary without facts, or facts without a summary"


@pytest.mark.parametrize("key", KEYS)
def test_a_simple_explanation_is_easy_to_read(key: str) -> None:
    text = summary_of(key).simple_explanation
    assert grade(text) <= MAX_GRADE, f"{key}: grade {grade(text)}"
    assert 10 <= mean_sentence_words(text) <= 16, f"{key}: {mean_sentence_words(text):.1f} words a sentence"
    assert not summary_of(key).exception, f"{key}: a shipped summary needs no exception"


@pytest.mark.parametrize("key", KEYS)
def test_no_sentence_is_long(key: str) -> None:
    for where, text in prose_of(summary_of(key)).items():
        assert not long_sentences(text), f"{key}.md, {where}: {long_sentences(text)[0]}"


@pytest.mark.parametrize("key", KEYS)
def test_every_number_stands_in_the_facts(key: str) -> None:
    support = support_of(FACTS[key])
    wrong = [
        f"{key}.md, {where}: {[str(value) for value in missing]} in “{sentence}”"
        for where, text in prose_of(summary_of(key)).items()
        for sentence in sentences(text)
        if (missing := unsupported(without_names(sentence, FACTS[key]), support))
    ]
    assert not wrong, "\n".join(wrong)


def test_the_digits_of_an_identifier_or_of_an_unverified_value_vouch_for_nothing() -> None:
    names = {name: f"{number}" for number, name in enumerate(sorted(NO_SUPPORT), 101)}
    facts = {"year": 2024, "notice": dict.fromkeys(NO_SUPPORT_IN_NOTICE, "301"), **names}
    for number in (*names.values(), "301"):
        assert unsupported(f"{number} people", support_of(facts)), number
    assert not unsupported("in 2024", support_of(facts))


@pytest.mark.parametrize("key", KEYS)
def test_the_facts_of_the_paper_are_copied_exactly(key: str) -> None:
    study, facts = summary_of(key).study, FACTS[key]
    assert study.title == facts["title"]
    assert study.authors == [name.removesuffix(" et al.") for name in facts.get("authors", [])]
    assert study.authors_complete == facts["authors_complete"]
    for name, fact in (("participants", "participants_total"), ("citation", "citation_detail")):
        assert getattr(study, name) == facts.get(fact), f"{key}: {name}"
    for name in ("journal", "doi", "pmid", "pmcid"):
        assert getattr(study, name) == facts.get(name), f"{key}: {name}"
    assert study.registrations == facts.get("trial_registration", [])
    assert study.countries == facts.get("countries", [])
    assert str(study.published) == str(facts.get("publication_date", facts.get("year")))


@pytest.mark.parametrize("key", KEYS)
def test_a_notice_is_copied_exactly(key: str) -> None:
    notice, facts = summary_of(key).study.notice, FACTS[key].get("notice")
    unverified = {entry["field"] for entry in FACTS[key].get("unverified", [])}
    assert (notice is None) == (facts is None)
    if notice and facts:
        issued = None if "notice.date" in unverified else facts["date"]
        assert (notice.kind, notice.citation, notice.doi) == (facts["type"], facts["citation"], facts.get("doi"))
        assert (notice.issued and str(notice.issued), str(notice.url)) == (issued, facts["url"])
        assert len(notice.reasons) == len(facts.get("reasons", []))


@pytest.mark.parametrize("key", KEYS)
def test_the_level_is_the_one_the_facts_suggest(key: str) -> None:
    study, facts = summary_of(key).study, FACTS[key]
    design = DESIGNS[study.design]
    if facts["publication_status"] != "retracted" and not design.off_ladder:
        assert design.level == facts["ocebm_2011_suggested"], key


UNVERIFIED = [
    (key, entry["field"], entry["value"])
    for key in KEYS
    for entry in FACTS[key].get("unverified", [])
    if entry["value"] not in NOT_A_VALUE
]


@pytest.mark.parametrize(("key", "field", "value"), UNVERIFIED)
def test_what_nobody_verified_is_not_asserted(key: str, field: str, value: str) -> None:
    """A name the facts hold elsewhere (the maker of a drug) may stand, but not as what it was not verified to be."""
    text, verified = text_of(key), " ".join(support_of(FACTS[key]))
    parts = [value, *(value.split(", ") if field == "countries" else []), value.removesuffix(" et al.")]
    for part in parts:
        found = None if part in verified else re.search(rf"(?<!\w){re.escape(part)}(?!\w)", text)
        line = text[: found.start()].count("\n") + 1 if found else 0
        assert not found, f"{key}.md:{line}: {field} “{part}” was not verified"


@pytest.mark.parametrize("field", ["countries", "doi", "pmid", "funding", "injury_phase", "trial_registration"])
def test_a_field_that_is_only_known_unverified_is_empty(field: str) -> None:
    name = {"injury_phase": "injury_phases", "trial_registration": "registrations"}.get(field, field)
    unverified = [key for key, known, _ in UNVERIFIED if known == field and field not in FACTS[key]]
    assert unverified, "no such case is left: take this line out"
    for key in unverified:
        assert not getattr(summary_of(key).study, name), f"{key}.md: {name}"


@pytest.mark.parametrize(
    ("key", "value"),
    [(key, value) for key, field, value in UNVERIFIED if field == "primary_result" and numbers_in(value)],
)
def test_the_facts_do_not_vouch_for_an_unverified_result(key: str, value: str) -> None:
    assert unsupported(value, support_of(FACTS[key])), "it is verified by now: take it out of `unverified`"


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("word", ["breakthrough", r"cure[sd]?", "promising", "miracle"])
def test_no_summary_raises_false_hope(key: str, word: str) -> None:
    for where, text in prose_of(summary_of(key)).items():
        for sentence in sentences(text):
            assert not re.search(rf"\b{word}\b", sentence, re.IGNORECASE), f"{key}.md, {where}: {sentence}"


@pytest.mark.parametrize("key", keys_where("design", *UNCONTROLLED))
def test_without_a_comparison_group_nothing_is_said_to_be_the_reason(key: str) -> None:
    front = summary_of(key)
    for text in (front.title, front.description):
        found = re.search(
            r"\b(cause[sd]?|because of|due to|thanks to|(in)?effective|works?|worked)\b", text, re.IGNORECASE
        )
        assert not found, f"{key}.md: “{found[0]}” in “{text}”"


@pytest.mark.parametrize("key", keys_where("design", "animal", "laboratory"))
def test_an_animal_study_names_the_animal_in_title_and_description(key: str) -> None:
    front = summary_of(key)
    for text in (front.title, front.description):
        assert re.search(ANIMALS[front.study.subjects], text, re.IGNORECASE), f"{key}.md: {text}"


def test_a_retracted_study_says_so_everywhere() -> None:
    retracted = [key for key in KEYS if FACTS[key]["publication_status"] == "retracted"]
    assert retracted
    for key in retracted:
        summary = summary_of(key)
        for where, text in {"title": summary.title, **summary.prose()}.items():
            assert not text or WITHDRAWN.search(text), f"{key}.md, {where}"
