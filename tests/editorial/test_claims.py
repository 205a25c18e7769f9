"""Words that claim more than a study can bear are found, honest ones are left alone, and what is offered is honest."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest

from tests.editorial.claims import (
    BOTH_ARMS,
    HONEST,
    HONEST_TITLE,
    HOSTILE,
    HOSTILE_TITLES,
    ONE_ARM,
    STUDIES,
    found_in,
    summary_with,
)
from tests.factories import make_outcome, make_summary_file
from tests.library.shipped import KEYS, summary_of
from webapp.documents.fields import MAX_TEXT_LENGTH
from webapp.documents.schema import SummaryContent
from webapp.editorial.claims import Finding, findings_in
from webapp.editorial.readability import MAX_GRADE, MAX_SENTENCE_WORDS, grade

MAX_FALSE_ALARMS = len(KEYS) // 5
PLACES = [
    *[(study, sentence, "key_findings") for _, study, sentence in HOSTILE],
    *[(study, title, "title") for _, study, title in HOSTILE_TITLES],
    *[("two groups", sentence, "key_findings") for sentence in ONE_ARM],
]


def of_kind(kind: str, study: str, text: str, field: str = "key_findings") -> Finding:
    (finding,) = [one for one in found_in(study, text, field) if one.kind == kind]
    return finding


@pytest.mark.parametrize(("kind", "study", "sentence"), HOSTILE)
def test_a_claim_that_its_study_cannot_bear_is_found(kind: str, study: str, sentence: str) -> None:
    found = [one for one in found_in(study, sentence) if one.kind == kind]
    assert found
    assert found[0].words
    assert sentence[found[0].start : found[0].end] == found[0].words
    assert (found[0].loc, found[0].where) == (("key_findings", 0), "Key Findings 1")


@pytest.mark.parametrize(("kind", "study", "title"), HOSTILE_TITLES)
def test_a_headline_that_misleads_is_found(kind: str, study: str, title: str) -> None:
    assert of_kind(kind, study, title, "title").where == "title"


@pytest.mark.parametrize(("study", "sentence"), HONEST)
def test_an_honest_sentence_is_left_alone(study: str, sentence: str) -> None:
    assert found_in(study, sentence) == []


def test_the_carefully_written_summaries_raise_few_alarms() -> None:
    found = [f"{key}: {one.where}: {one.why}" for key in KEYS for one in findings_in(summary_of(key))]
    assert len(found) < MAX_FALSE_ALARMS, "\n".join(found)


@pytest.mark.parametrize("sentence", ONE_ARM)
def test_one_group_told_without_the_other_is_found(sentence: str) -> None:
    finding = of_kind("one-arm", "two groups", sentence)
    assert "placebo, had" in finding.why
    assert found_in("two groups", finding.wordings[0]) == []


@pytest.mark.parametrize("sentence", BOTH_ARMS)
def test_both_groups_told_are_left_alone(sentence: str) -> None:
    assert found_in("two groups", sentence) == []


def test_a_number_that_has_no_counterpart_is_no_arm_of_two() -> None:
    assert found_in("nobody to compare", "Strength came back in 4 of 9 people.") == []


@pytest.mark.parametrize(("study", "text", "field"), PLACES)
def test_no_sentence_that_is_offered_claims_too_much_itself(study: str, text: str, field: str) -> None:
    for finding in found_in(study, text, field):
        for number, wording in enumerate(finding.wordings, 1):
            assert finding.replaced(text, number) == wording, "one sentence in place of one"
            assert found_in(study, wording, field) == []
            assert len(wording.split()) <= MAX_SENTENCE_WORDS
            assert wording[0].isupper()
            assert wording.endswith(".") == (field != "title")
            assert "  " not in wording


def test_most_sentences_have_one_to_offer_in_their_place() -> None:
    found = [one for place in PLACES for one in found_in(*place)]
    assert sum(bool(one.wordings) for one in found) > 0.95 * len(found)


@pytest.mark.parametrize(
    ("study", "sentence", "kind", "wording"),
    [
        (
            "nobody to compare",
            "Four people could move more because of the exosomes.",
            "cause",
            "Four people could move more after the exosomes, and the reason is not known.",
        ),
        (
            "nobody to compare",
            "The gain was due to the injected cells.",
            "cause",
            "The gain came after the injected cells, and the reason is not known.",
        ),
        (
            "nobody to compare",
            "The injections are safe.",
            "safe",
            "The safety of exosome injections cannot be told from this study, because 9 people are too few to show it.",
        ),
        ("two groups", "A remarkable drop in pain was seen.", "praise", "A drop in pain was seen."),
        ("two groups", "A promising outcome was seen.", "praise", "An outcome was seen."),
        (
            "small trial",
            "The trial proves that arm training works.",
            "too-sure",
            "The trial suggests that arm training may work.",
        ),
        (
            "small trial",
            "Arms were significantly stronger after 12 weeks.",
            "significant",
            "Arms were stronger after 12 weeks, and luck alone would rarely bring such a difference.",
        ),
        (
            "two groups",
            "Pain was lower in 18 of 40 people with the new drug.",
            "one-arm",
            "Pain was lower in 18 of 40 people with the new drug; with placebo it was 10 of 40.",
        ),
    ],
)
def test_a_wording_keeps_what_is_known_and_takes_a_verb_that_it_bears(
    study: str, sentence: str, kind: str, wording: str
) -> None:
    assert of_kind(kind, study, sentence).wordings[0] == wording


@pytest.mark.parametrize(
    ("certainty", "wording"),
    [
        (None, "Arm strength: arm training did better than usual care in this study."),
        ("high", "Arm strength: arm training did better than usual care."),
        ("moderate", "Arm strength: arm training probably did better than usual care."),
        ("low", "Arm strength: arm training may have done better than usual care."),
        ("very low", "Arm strength: we are very unsure whether arm training did better than usual care."),
    ],
)
def test_the_verb_of_the_main_test_is_that_of_its_certainty(
    monkeypatch: pytest.MonkeyPatch, certainty: str | None, wording: str
) -> None:
    groups = [{"name": "arm training"}, {"name": "usual care"}]
    study = STUDIES["small trial"] | {"outcomes": [make_outcome(groups=groups, certainty=certainty)]}
    monkeypatch.setitem(STUDIES, "graded trial", study)
    assert of_kind("praise", "graded trial", "It is a miracle.").wordings == (wording,)


def test_a_sentence_in_the_middle_of_a_text_is_replaced_where_it_stands() -> None:
    text = "Nine people took part.\n\nThe injections are safe. What else is known?"
    summary = summary_with("nobody to compare", text, "simple_explanation")
    (finding,) = findings_in(summary)
    assert (finding.loc, finding.where, finding.words) == (("simple_explanation",), "Simple Explanation", "safe")
    assert text[slice(*finding.sentence)] == "The injections are safe."
    assert finding.replaced(text, 1) == text.replace("The injections are safe.", finding.wordings[0])


def test_an_implication_is_found_in_its_title_and_in_its_text() -> None:
    implications = [{"title": "A miracle", "text": "Ask your team."}, {"title": "Ask", "text": "It is a cure."}]
    found = [one for one in found_in("small trial", "Ask.") if one.kind == "praise"]
    assert found == []
    content = make_summary_file(
        study=STUDIES["small trial"], implications=implications, harms="None are known."
    ).content
    assert isinstance(content, SummaryContent)
    assert [(one.loc, one.where) for one in findings_in(content)] == [
        (("implications", 0, "title"), "Practical Implications 1"),
        (("implications", 1, "text"), "Practical Implications 2"),
    ]


def test_harms_that_nobody_speaks_of_are_missed_where_a_treatment_was_tested_in_people() -> None:
    def kinds(study: str, **changes: Any) -> list[tuple[str, str]]:
        content = make_summary_file(study=STUDIES[study], title=HONEST_TITLE, **changes).content
        assert isinstance(content, SummaryContent)
        return [(one.kind, " ".join(one.wordings)) for one in findings_in(content) if one.kind == "harms-missing"]

    assert kinds("small trial") == [("harms-missing", "Whether anybody came to harm is not known.")]
    assert kinds("no gain") == [("harms-missing", "")], "harms are known and only left out"
    assert kinds("small trial", harms="Nobody knows.") == []
    assert kinds("mice") == kinds("survey") == []


def test_significance_that_is_explained_once_is_left_alone() -> None:
    plain = "Arms were significantly stronger. “Significantly” means that luck alone would rarely do so."
    assert found_in("small trial", plain) == []


def test_a_cause_may_be_named_where_chance_made_groups_that_were_compared() -> None:
    assert found_in("small trial", "Arm training led to more strength.") == []
    assert of_kind("cause", "cohort", "Early surgery led to more strength.")


def test_harms_may_be_told_with_their_cause() -> None:
    sentence = "The injection led to less feeling in one man."
    assert found_in("nobody to compare", sentence, "harms") == []
    assert of_kind("cause", "nobody to compare", sentence)


def test_safety_may_be_said_where_harms_were_counted_in_groups() -> None:
    assert found_in("no gain", "The drug was safe in these people.") == []


def test_a_review_with_ranges_and_high_certainty_may_rank_and_be_sure() -> None:
    assert found_in("sure review", "The medicines do better than usual care.") == []
    assert found_in("sure review", "This proves that they work.") == []


def test_a_headline_of_the_main_test_is_left_alone() -> None:
    for title in ("A new drug did not clearly improve arm strength", "No clear gain in arm strength with a new drug"):
        assert found_in("no gain", title, "title") == []
    assert found_in("small trial", "Arm training improved strength", "title") == []


@pytest.mark.parametrize("study", STUDIES)
def test_every_reason_is_short_and_easy_to_read(study: str) -> None:
    reasons = {one.why for where, text, field in PLACES if where == study for one in found_in(study, text, field)}
    for why in reasons - {""}:
        assert "{" not in why
        assert not why.endswith(".")
    plain = [re.sub(r"“[^”]*”|the headline", "This", re.sub(r" \([^)]*\)", "", why)) for why in reasons]
    assert grade(". ".join(plain)) <= MAX_GRADE


@pytest.mark.parametrize(
    "text", ["could " * 3000, "not safe " * 2000, '“ " ‘ ](' * 1800, "people can 18 of 40 " * 900, "a" * 19_999]
)
def test_a_text_made_to_be_slow_is_not(text: str) -> None:
    assert len(text) <= MAX_TEXT_LENGTH
    start = time.perf_counter()
    for study in ("mice", "two groups", "nobody to compare"):
        findings_in(summary_with(study, text, "simple_explanation"))
        findings_in(summary_with(study, text))
    assert time.perf_counter() - start < 5, "seconds"
