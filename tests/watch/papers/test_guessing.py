"""What a paper may be is guessed from signs that are named; of two kinds the one that claims less."""

from __future__ import annotations

from collections import Counter

import pytest
import yaml

from tests.conftest import STARTER
from webapp.editorial.designs import DESIGNS
from webapp.watch.papers.designs import SIGNS, guess_design, is_research, strength_of
from webapp.watch.papers.topics import Topic, guess_topic, topics_of


@pytest.mark.parametrize(
    ("title", "filed", "key"),
    [
        ("Walking after injury: a randomised trial", (), "rct"),
        ("Walking after injury", ("Randomized Controlled Trial", "Journal Article"), "rct"),
        ("Pregabalin for pain: a randomized, double-blind, crossover trial", (), "crossover_rct"),
        ("A nonrandomized trial of stimulation", (), "controlled_trial"),
        ("A non-randomised trial of stimulation", (), "controlled_trial"),
        ("Stimulation", ("Controlled Clinical Trial",), "controlled_trial"),
        ("Exercise: systematic review and meta-analysis of randomized controlled trials", (), "systematic_review"),
        ("Exercise: a systematic review", (), "mixed_review"),
        ("Exercise", ("Meta-Analysis",), "mixed_review"),
        ("Prevalence of pain: a systematic review", (), "review_of_surveys"),
        ("Exercise: a systematic, living review of non-randomized studies", (), "mixed_review"),
        ("Exercise: a narrative review", (), ""),
        ("Exercise", ("Review",), ""),
        ("Exercise: study protocol for a randomized trial", (), ""),
        ("Grafts in rats: a randomized trial", (), "animal"),
        ("Grafts: a systematic review of studies in mice", (), "animal"),
        ("Grafts", ("Animals", "Disease Models, Animal"), "animal"),
        ("Grafts", ("Animals", "Humans", "Clinical Trial"), "single_arm_trial"),
        ("Human organoids model the injury", (), "laboratory"),
        ("Syringomyelia: a case report", (), "case_report"),
        ("Syringomyelia", ("Case Reports",), "case_report"),
        ("Nerve transfer: case series", (), "case_series"),
        ("Lived experiences of ageing", (), "qualitative"),
        ("Peers", ("Qualitative Research",), "qualitative"),
        ("Sleep: a cross-sectional survey", (), "cross_sectional"),
        ("Early versus late surgery: a retrospective cohort study", (), "cohort"),
        ("Mortality over forty years: a registry study", (), "population_cohort"),
        ("Outcomes", ("Retrospective Studies",), "population_cohort"),
        ("Exoskeleton training: a pilot study", (), "single_arm_trial"),
        ("Walking after injury", ("Journal Article",), ""),
        ("", (), ""),
    ],
)
def test_a_kind_of_study_is_guessed(title: str, filed: tuple[str, ...], key: str) -> None:
    guess = guess_design(title, filed, ())
    assert guess.key == key
    assert guess == guess_design(title, (), filed), "types and subjects count alike"
    assert not key or guess.why


def test_the_sign_is_named() -> None:
    assert guess_design("A Randomised trial", (), ()).why == "the title says “Randomised”"
    assert (
        guess_design("A trial", (), ("Cross-Sectional Studies",)).why == "it is filed under “cross-sectional studies”"
    )
    assert (
        guess_design("A review of systematic reviews of randomized trials", (), ()).why == "the title says “randomized”"
    )


def test_every_kind_that_is_guessed_is_one() -> None:
    assert {sign.key for sign in SIGNS} - {""} <= DESIGNS.keys()


def test_what_is_strong_stands_first_and_what_is_withdrawn_last() -> None:
    order = ["systematic_review", "rct", "cohort", "case_series", "qualitative", "", "animal"]
    found = [strength_of(key) for key in order]
    assert found == sorted(found, reverse=True)
    assert len(set(found)) == len(found)
    assert strength_of("systematic_review", is_retracted=True) < min(found)


@pytest.mark.parametrize(("kind", "is_so"), [("Journal Article", True), ("Letter", True), ("EDITORIAL", False)])
def test_notices_and_comments_are_no_research(kind: str, is_so: bool) -> None:
    assert is_research(["Journal Article", kind]) is is_so


@pytest.fixture(scope="module")
def topics() -> list[Topic]:
    """The topics that ship."""
    groups = yaml.safe_load((STARTER / "categories.yml").read_text())
    listed = [one for group in groups for one in group["categories"] if "leads_to" not in one]
    terms = yaml.safe_load((STARTER / "glossary.yml").read_text())
    names = [[one["term"], *one.get("also", [])] for one in terms]
    return topics_of([(one["slug"], one["name"], one["description"]) for one in listed], names)


@pytest.mark.parametrize(
    ("title", "subjects", "slug", "words"),
    [
        ("Detrusor overactivity", (), "bladder", "“detrusor”"),
        ("Pressure ulcers on the heel", (), "skin", "“pressure ulcers”"),
        ("Cystitis", (), "bladder", "“cystitis”"),
        ("Outcomes", ("Neurogenic Bowel",), "bowel", "“bowel”, “neurogenic bowel”"),
        ("Orthostatic hypotension", (), "heart-and-blood-pressure", "“orthostatic”, “hypotension”"),
        ("A single-arm trial", (), "", ""),
        ("Spinal cord injury in people", ("Humans", "Spinal Cord Injuries"), "", ""),
        ("Upper limb function", (), "hand-and-arm-use", "“upper limb”"),
        ("", (), "", ""),
    ],
)
def test_a_topic_is_guessed_from_words_that_are_named(
    topics: list[Topic], title: str, subjects: tuple[str, ...], slug: str, words: str
) -> None:
    guess = guess_topic(topics, title, subjects)
    assert guess.slug == slug
    assert words in guess.words


def test_a_word_of_two_topics_tells_of_neither() -> None:
    topics = topics_of([("hand-therapy", "Therapy of hands", ""), ("leg-therapy", "Therapy of legs", "")])
    assert guess_topic(topics, "Therapy", ()).slug == ""
    assert guess_topic(topics_of([("odd", "", "")]), "Odd", ()).slug == ""
    assert guess_topic([], "Pain", ()).slug == ""


def test_of_the_papers_that_have_a_summary_most_are_guessed_right(topics: list[Topic]) -> None:
    """By the title alone, which is the least there is."""
    kinds: Counter[str] = Counter()
    fit: Counter[str] = Counter()
    for path in (STARTER / "summaries").glob("*.md"):
        front = yaml.safe_load(path.read_text().split("\n---\n")[0])
        title, design = front["study"]["title"], front["study"]["design"]
        key = guess_design(title, (), ()).key
        kinds["right" if key == design else "none" if not key else "wrong"] += 1
        assert not key or strength_of(key) <= strength_of(design) or not DESIGNS[design].level, (title, key, design)
        slug = guess_topic(topics, title, ()).slug
        fit["right" if slug in front["categories"] else "none" if not slug else "wrong"] += 1
    assert kinds["right"] >= 5 * kinds["wrong"], kinds
    assert fit["right"] >= 5 * fit["wrong"], fit
