"""Dangers that a page must not be silent about."""

from __future__ import annotations

import pytest

from tests.page import PageClient
from webapp.editorial.safety_notices import SAFETY_NOTICES, lines_of, notices_for

DYSREFLEXIA, BACLOFEN, CATHETER = "/emergency#dysreflexia", "/emergency#baclofen", "/emergency#catheter"


@pytest.mark.parametrize(
    ("text", "anchors"),
    [
        ("Autonomic dysreflexia in 13 men", ["dysreflexia"]),
        ("a headache", []),
        ("pounding headache", ["dysreflexia"]),
        ("AD", ["dysreflexia"]),
        ("a sad advert", []),
        ("Intrathecal Baclofen and autonomic dysreflexia", ["dysreflexia", "baclofen"]),
        ("Vibration of the penis", ["vibration"]),
        ("a vibrating floor", []),
        ("10 mg of Tadalafil", ["medicines"]),
        ("one tablet of midodrine", ["medicines"]),
        ("nitrates for dysreflexia", ["dysreflexia", "medicines"]),
        ("Washing out the bowel with water", ["irrigation"]),
        ("washing of hands", []),
        ("", []),
        (None, []),
    ],
)
def test_a_text_calls_for_its_notes(text: str | None, anchors: list[str]) -> None:
    assert [note.name for note in notices_for(text)] == anchors


def test_the_line_at_the_top_names_the_nearest_danger() -> None:
    assert [note.name for note in lines_of(notices_for("Tadalafil and dysreflexia"))] == ["medicines"]
    assert [note.name for note in lines_of(notices_for("dysreflexia, baclofen"))] == ["dysreflexia", "baclofen"]


def test_every_note_leads_to_its_section(shipped: PageClient) -> None:
    page = shipped.page("/emergency")
    for note in SAFETY_NOTICES:
        assert page.texts(f"h2#{note.anchor}, h3#{note.anchor}")


@pytest.mark.parametrize(
    ("address", "steps"),
    [
        ("/research/pharmacological-interventions-for-spasticity-following-spinal-cord", BACLOFEN),
        ("/categories/spasticity", BACLOFEN),
        ("/research/?q=baclofen", BACLOFEN),
        ("/categories/heart-and-blood-pressure", DYSREFLEXIA),
        ("/glossary/autonomic-dysreflexia", DYSREFLEXIA),
        ("/research/?q=dysreflexia", DYSREFLEXIA),
        ("/research/?q=pounding+headache", DYSREFLEXIA),
        ("/research/?q=blocked+catheter", CATHETER),
        ("/research/?q=my+catheter+is+not+draining", CATHETER),
        ("/research/?q=suicide", "/emergency#suicide"),
        ("/research/?q=i+want+to+die", "/emergency#suicide"),
        ("/research/?q=chest+pain", "/emergency#clot"),
        ("/research/?q=fever", "/emergency#infection"),
        ("/research/?q=headache", DYSREFLEXIA),
        ("/research/a-randomized-trial-of-pregabalin-in-patients-with-neuropathic-pain-due", "/emergency#breathing"),
        ("/research/incidence-of-autonomic-dysreflexia-and-silent-autonomic-dysreflexia-in", DYSREFLEXIA),
    ],
)
def test_where_danger_is_near_the_first_steps_are_one_link_away(shipped: PageClient, address: str, steps: str) -> None:
    page = shipped.page(address)
    assert steps in [link.get("href") for link in page.select(".safety-notice a")]


def test_stopping_baclofen_is_said_to_be_dangerous_before_the_explanation(shipped: PageClient) -> None:
    text = shipped.get("/research/pharmacological-interventions-for-spasticity-following-spinal-cord").text
    assert "Never stop baclofen suddenly" in text
    assert text.index("Never stop baclofen suddenly") < text.index("Simple Explanation")


@pytest.mark.parametrize(
    ("anchor", "typed"),
    [
        (
            "suicide",
            "wish i was dead|better off dead|i don't want to live|killing myself|kill my self|end it all|suïcide",
        ),
        (
            "suicide",
            "i want 2 die|no reason to live|cutting myself|took too many pills|take my own life",
        ),
        ("clot", "can't breathe|trouble breathing|stopped breathing|choking|chest hurts|heart attack|blood clots|DVT"),
        ("clot", "swollen leg|pulmonary embolism"),
        ("dysreflexia", "headache|high bp|hypertension|splitting headache|hyperreflexia"),
        ("catheter", "can't pee|no urine coming out|catheter not working|foley blocked|catheter isn't draining"),
        ("baclofen", "pump alarm|pump is empty|itb pump"),
        ("infection", "septic shock|shivering|chills|high temperature"),
    ],
)
def test_words_of_danger_as_people_type_them_get_a_card(anchor: str, typed: str) -> None:
    for words in typed.split("|"):
        assert anchor in [notice.anchor for notice in notices_for(looked_for=[words])], words


@pytest.mark.parametrize("typed", ["breathing exercises", "bladder", "leg strength", "deadline", "pump for the bike"])
def test_words_without_danger_get_none(typed: str) -> None:
    assert not notices_for(looked_for=[typed])


def test_what_is_only_mentioned_warns_nobody_who_did_not_look_for_it() -> None:
    assert not notices_for("Fever and blood clots in the lungs were as frequent in both groups.")
    assert [note.anchor for note in notices_for(looked_for=["fever", None])] == ["infection"]


def test_the_emergency_page_is_a_link_away_from_everywhere(shipped: PageClient) -> None:
    for address in ("/", "/research/", "/categories/pain", "/glossary/", "/contact", "/about"):
        assert "/emergency" in [link.get("href") for link in shipped.page(address).select(".site-footer a")]
    calls = {link.get("href") for link in shipped.page("/emergency").select("main a[href^=tel]")}
    assert calls == {"tel:112", "tel:999", "tel:911", "tel:988", "tel:116123"}
    assert "Nobody with medical training has checked this page for us yet." in shipped.get("/emergency").text


def test_a_page_without_danger_has_no_note(shipped: PageClient) -> None:
    assert not shipped.page("/categories/research-methods").select(".safety-notice")


def test_side_effect_does_not_open_the_definition_of_adverse_event(shipped: PageClient) -> None:
    from webapp.glossary.marking import Glossary
    from webapp.glossary.queries import every_term

    found = [term.name for _, term in Glossary(every_term()).find("A side effect, side effects and adverse effects.")]
    assert "Adverse event" not in found


def test_no_page_about_animals_says_that_nobody_knows(shipped: PageClient) -> None:
    """Others may have tried the idea in people, and a withdrawn paper is no reason to hope."""
    addresses = ["/research/?stage=animals", "/disclaimer", "/how-we-write", "/feed.atom"]
    addresses += [link.get("href") for link in shipped.page("/research/?stage=animals").select(".card h3 a")]
    assert len(addresses) > 6
    for address in addresses:
        assert "nobody knows yet" not in shipped.get(address).text.lower(), address
