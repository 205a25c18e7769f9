"""What went wrong in texts once and must not again: framing, harms left out, primers, the same thing twice."""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest

from tests.library.shipped import FACTS, KEYS, TOPICS, prose_of, summary_of, support_of, topic_of
from webapp.desk.writing.sources import advice_on_sources
from webapp.documents.schema import VERSION, SummaryContent, canonical
from webapp.editorial.designs import DESIGNS
from webapp.editorial.numbers import numbers_in, unsupported
from webapp.editorial.readability import MAX_GRADE, SHORT, grade, sentences, short_runs

ABOUT_READING = re.compile(
    r"\b(we (have )?(read|saw|seen|looked)|(did|could) not (see|read|find)|what we read|texts? (that )?we|the abstract"
    r"|not seen|our sources?|online records?|stored cop(y|ies)|digest of)\b",
    re.IGNORECASE,
)
SPELLED_OUT = re.compile(r"spinal[- ]cord injur", re.IGNORECASE)
RESULT_NUMBER = re.compile(r"(?<![\w.])-?\d+\.\d+|\d+(?=\s?%)|\b\d+ (?:of|out of) (?:the )?\d+\b")
MOST_RELATED = 6
SAME_TREATMENT = [
    ("cardenas-2013-pregabalin", "snedecor-2013-pain-drugs-review"),
    ("bracken-1990-nascis-2", "evaniew-2016-methylprednisolone-review"),
    ("bracken-1990-nascis-2", "jin-2017-retracted-methylprednisolone-autophagy"),
    ("weidner-2025-ng101-nogo", "maynard-2023-axer-204"),
    ("weidner-2025-ng101-nogo", "1998-corrected-neurite-growth-inhibitors"),
    ("angeli-2018-epidural-walking", "harkema-2018-epidural-blood-pressure"),
    ("houghton-2010-electrical-stimulation-ulcers", "arora-2020-electrical-stimulation-ulcers-cochrane"),
    ("giuliano-2007-tadalafil", "ekland-2008-silent-dysreflexia"),
    ("alaca-2005-penile-vibration-spasticity", "sandler-2021-stimulation-vs-vibration"),
    ("penn-1989-intrathecal-baclofen", "taricco-2000-spasticity-drugs-cochrane"),
    ("fehlings-2012-stascis", "hosman-2023-sci-poem"),
    ("akhlaghpasand-2024-exosomes", "bydon-2024-celltop"),
    ("schulz-2009-caregivers", "elliott-2008-caregiver-problem-solving"),
]
"""Two pages on one treatment, or one danger: each leads to the other."""


def asks_for_harms(summary: SummaryContent) -> bool:
    design = DESIGNS[summary.study.design]
    return design.stage is not None and not design.is_preclinical and not summary.study.is_retracted


@pytest.mark.parametrize("key", KEYS)
def test_in_short_is_short_and_says_in_how_many(key: str) -> None:
    summary = summary_of(key)
    assert len(sentences(summary.description)) <= 3
    analysed = summary.study.analysed or summary.study.participants
    if analysed and analysed > 1 and not summary.study.is_retracted:
        assert Decimal(analysed) in {value for value, _ in numbers_in(summary.description)}, f"{analysed} analysed"


@pytest.mark.parametrize("key", KEYS)
def test_harms_are_said_where_a_treatment_was_tested_in_people(key: str) -> None:
    summary = summary_of(key)
    if asks_for_harms(summary):
        assert summary.harms
        assert summary.study.harms, "and in the facts"


@pytest.mark.parametrize("key", KEYS)
def test_what_was_read_is_told_once_where_it_belongs(key: str) -> None:
    for where, text in prose_of(summary_of(key)).items():
        found = ABOUT_READING.search(text)
        assert not found, f"{key}.md, {where}: “{found[0]}” belongs into `rests_on`"


def primer_faults(text: str) -> list[str]:
    """Too many short sentences, or three in a row."""
    faults = [f"three short sentences in a row from “{first}”" for first in short_runs(text)]
    found = sentences(text)
    short = sum(len(sentence.split()) <= SHORT for sentence in found)
    if 5 * short >= len(found) > 4:
        faults.append(f"{short} of {len(found)} sentences have {SHORT} words or fewer")
    return faults


@pytest.mark.parametrize("key", KEYS)
def test_an_explanation_is_no_primer(key: str) -> None:
    assert not primer_faults(summary_of(key).simple_explanation)


@pytest.mark.parametrize("key", KEYS)
def test_sci_is_spelled_out_before_it_is_shortened(key: str) -> None:
    summary = summary_of(key)
    text = "\n".join([summary.title, summary.description, summary.simple_explanation])
    short, long = re.search(r"\bSCI\b", text), SPELLED_OUT.search(text)
    assert long or not short, "SCI is never spelled out"
    assert not (short and long) or long.start() < short.start()


@pytest.mark.parametrize("key", KEYS)
def test_each_grade_is_named_in_full_so_that_each_can_be_looked_up(key: str) -> None:
    for where, text in prose_of(summary_of(key)).items():
        found = re.search(r"\bAIS [A-E],?(?: or| and| to)? [A-E]\b", text)
        assert not found, f"{key}.md, {where}: “{found[0]}”"


@pytest.mark.parametrize("key", KEYS)
def test_the_methods_repeat_no_result(key: str) -> None:
    summary = summary_of(key)
    findings = set(RESULT_NUMBER.findall(" ".join(finding.text for finding in summary.key_findings)))
    again = findings & set(RESULT_NUMBER.findall(summary.research_summary))
    assert not again, f"{key}.md, Research Summary repeats {again}"


def values_in(outcome: dict[str, Any]) -> list[str]:
    """The numbers of an outcome as they are drawn and told."""
    parts = [*outcome["groups"], outcome.get("effect") or {}]
    return [str(value) for part in parts for name, value in part.items() if name not in {"name", "kind", "ours"}]


@pytest.mark.parametrize("key", KEYS)
def test_the_numbers_of_outcomes_stand_in_the_facts(key: str) -> None:
    support = support_of(FACTS[key])
    for outcome in summary_of(key).study.model_dump(mode="json", exclude_defaults=True).get("outcomes", []):
        for value in values_in(outcome):
            missing = unsupported(value.replace("-", ""), support)
            assert not missing, f"{key}.md, outcome “{outcome['name']}”: {missing}"


def test_nobody_is_everybodys_relative() -> None:
    named = Counter(one.summary for key in KEYS for one in summary_of(key).related)
    assert not {key: count for key, count in named.items() if count > MOST_RELATED}
    for key in KEYS:
        assert key not in {one.summary for one in summary_of(key).related}
        assert all(one.adds for one in summary_of(key).related), f"{key}.md: say what the other adds"


@pytest.mark.parametrize("pair", SAME_TREATMENT, ids=" and ".join)
def test_two_pages_on_one_treatment_lead_to_each_other(pair: tuple[str, str]) -> None:
    for key, other in (pair, pair[::-1]):
        assert other in {one.summary for one in summary_of(key).related}, key


@pytest.mark.parametrize("category", TOPICS)
def test_every_number_of_a_topic_answer_stands_in_the_facts_it_rests_on(category: str) -> None:
    for statement in topic_of(category).statements:
        support = [text for key in statement.rests_on for text in support_of(FACTS[key])]
        for sentence in sentences(statement.text):
            assert not unsupported(sentence, support), f"{category}.md, {statement.name}: {sentence}"


@pytest.mark.parametrize("category", TOPICS)
def test_a_topic_answer_is_easy_to_read_and_is_no_primer(category: str) -> None:
    topic = topic_of(category)
    for statement in topic.statements:
        assert len(sentences(statement.text)) <= 3, statement.name
    text = "\n\n".join(statement.text for statement in topic.statements)
    assert grade(text) <= MAX_GRADE
    found = ABOUT_READING.search("\n".join(topic.prose().values()))
    assert not found, f"{category}.md: “{found[0]}”"


@pytest.mark.parametrize("category", TOPICS)
def test_no_trial_is_counted_twice(category: str) -> None:
    """A statement rests on a trial or on the review that holds it, not on both as if they were two."""
    inside = {
        "houghton-2010-electrical-stimulation-ulcers": "arora-2020-electrical-stimulation-ulcers-cochrane",
        "krogh-2002-prucalopride": "krassioukov-2010-bowel-review",
        "rosman-2008-neostigmine": "krassioukov-2010-bowel-review",
        "christensen-2006-transanal-irrigation": "krassioukov-2010-bowel-review",
        "bracken-1990-nascis-2": "evaniew-2016-methylprednisolone-review",
        "penn-1989-intrathecal-baclofen": "taricco-2000-spasticity-drugs-cochrane",
    }
    for statement in topic_of(category).statements:
        for trial, review in inside.items():
            twice = {trial, review} <= set(statement.rests_on)
            assert not twice or re.search(r"one of (its|the|these)|among (its|the)|part of", statement.text), (
                statement.name
            )


@pytest.mark.parametrize("key", KEYS)
def test_every_number_of_a_finding_with_a_source_was_measured_according_to_it(key: str) -> None:
    """We quote nobody, and name no record for a finding that no outcome was read in."""
    summary = summary_of(key)
    content = canonical(summary, key)
    assert not list(advice_on_sources(summary, content, VERSION - 1, lambda keys: {}))
    read_in = [outcome.source for outcome in summary.study.own_outcomes]
    for finding in summary.key_findings:
        assert finding.source is None or finding.source in read_in, f"{key}.md: {finding.text}"
    assert not any(source.quote for source in read_in)


@pytest.mark.parametrize("category", TOPICS)
def test_an_answer_names_what_was_measured_as_its_summaries_do(category: str) -> None:
    for statement in topic_of(category).statements:
        names = {outcome.name for key in statement.rests_on for outcome in summary_of(key).study.outcomes}
        assert set(statement.outcomes) <= names, f"{category}.md, {statement.name}"
