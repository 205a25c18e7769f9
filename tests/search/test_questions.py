"""Questions without an answer, and the topic a search is about."""

from __future__ import annotations

import pytest

from tests.page import PageClient
from webapp.models.category import EVERYTHING
from webapp.search.questions import _questions, _topics, question_in, topic_in


@pytest.mark.parametrize(
    ("typed", "title", "topic"),
    [
        ("cure", "Is there a cure?", "stem-cells-and-regeneration"),
        ("walk again", "Will I walk again?", "walking-and-standing"),
        ("Is there a CURE for paralysis?", "Is there a cure?", "stem-cells-and-regeneration"),
        ("will I walk again", "Will I walk again?", "walking-and-standing"),
        ("how long will i live", "How long will I live?", "mood-and-daily-life"),
    ],
)
def test_a_question_no_study_can_answer_gets_an_honest_card_and_the_studies_that_bear_on_it(
    shipped: PageClient, typed: str, title: str, topic: str
) -> None:
    question = question_in(typed)
    assert question is not None
    assert (question.title, question.topic) == (title, topic)
    page = shipped.page("/research/", query_string={"q": typed})
    assert page.texts(".question h2") == [title]
    if question.search:
        assert page.select(".card")


@pytest.mark.parametrize(
    "typed", ["secure wheelchair", "walking", "procured", "", "manicure", "cured ham", "can i walk my dog"]
)
def test_words_that_only_hold_others_are_no_question(typed: str) -> None:
    assert question_in(typed) is None


@pytest.mark.parametrize(
    ("typed", "topic"),
    [
        ("erection", "sex-and-family"),
        ("blader", None),
        ("blocked catheter", "bladder"),
        ("nerve pain", "pain"),
        ("depression and pain", "mood-and-daily-life"),
        ("zebra", None),
    ],
)
def test_a_search_is_about_the_topic_of_its_longest_words(typed: str, topic: str | None) -> None:
    assert topic_in(typed) == topic


def test_a_question_about_another_topic_is_a_search_for_that(shipped: PageClient) -> None:
    page = shipped.page("/research/?q=cure+for+bed+sores")
    assert not page.select(".question")
    assert page.texts(".topic-first a") == ["Skin: what the studies show"]


@pytest.mark.parametrize(
    ("typed", "topic"),
    [("erection", "Sex and family"), ("blader", "Bladder"), ("presure sore", "Skin"), ("spasems", "Spasticity")],
)
def test_the_topic_stands_before_the_list(shipped: PageClient, typed: str, topic: str) -> None:
    page = shipped.page("/research/", query_string={"q": typed})
    assert page.texts(".topic-first a") == [f"{topic}: what the studies show"]


def test_every_question_and_topic_leads_to_a_category_that_is_there(shipped: PageClient) -> None:
    named = {question.topic for _, question in _questions()} | set(_topics().values())
    for slug in named:
        assert shipped.get(f"/categories/{slug}").status_code in {200, 308}
    assert EVERYTHING not in named
