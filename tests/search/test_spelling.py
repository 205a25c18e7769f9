"""Slips of the words a search knows, and nothing else, are put right."""

from __future__ import annotations

import pytest

from tests.page import PageClient
from webapp.editorial.readability import _syllables_of_words
from webapp.search.spelling import nearest, own_words, real_words, spelled

OWN = """hypertension nortriptyline fever coma tingling rash shoulder feet dogs shower mattress love hair walker brace
swallowing trach sweating laser peer dead tethered foot drop transverse isn't won't infected wound retention kure pee
leg sex ms"""


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("blader", "bladder"),
        ("bladdr infection", "bladdr infection".replace("bladdr", "bladder")),
        ("exoskelton", "exoskeleton"),
        ("presure sore", "pressure sore"),
        ("spasems", "spasms"),
        ("Spastisity?", "spasticity?"),
        ("walkng robot", "walking robot"),
        ("baclofin", "baclofen"),
        ("disreflexia", "dysreflexia"),
        ("sucide", "suicide"),
    ],
)
def test_a_slip_is_put_right(typed: str, meant: str) -> None:
    assert spelled(typed, frozenset) == meant


@pytest.mark.parametrize(
    "typed",
    OWN.split(),
)
def test_a_word_of_its_own_is_left_alone(typed: str) -> None:
    assert spelled(typed, frozenset) is None


def test_what_stands_in_a_text_is_no_slip() -> None:
    assert spelled("bladdr", lambda: {"bladdr"}) is None


def test_the_list_of_real_words_is_whole() -> None:
    """Every word of the pronouncing dictionary that is a slip away from one of ours: write the list anew after adding
    words to synonyms.yml or questions.yml.
    """
    own = own_words()
    wanted = {word for word in _syllables_of_words() if word.isalpha() and word not in own and nearest(word, own)}
    assert real_words() == wanted


def test_what_was_typed_can_be_searched_for_all_the_same_and_stays_so(shipped: PageClient) -> None:
    page = shipped.page("/research/?q=baclofin")
    assert page.texts("#browse-count")[0].startswith("Showing results for “baclofen”.")
    assert page.select(".safety-notice")
    [instead] = [link.get("href") for link in page.select(".browse-status a") if "instead" in link.text]
    page = shipped.page(instead)
    assert page.texts("#browse-count") == ["No summaries found for “baclofin”."]
    assert page.texts(".suggestion a") == ["baclofen"]
    assert page.select(".safety-notice"), "the danger does not go away with the spelling"
    assert page.one("input[name=exact]").get("value") == "baclofin", "a filter keeps it"
    other = shipped.page("/research/?q=baclofin+now&exact=baclofin")
    assert other.texts("#browse-count")[0].startswith("Showing"), "of another search it says nothing"
