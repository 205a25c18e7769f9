"""How a text becomes HTML with its terms marked: the short way for plain paragraphs says what the long way says."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from webapp.glossary import marking
from webapp.library.files import read
from webapp.library.shipped import STARTER

NAMES = (("AIS", "AIS grade"), ("spasm", "Spasticity"), ("walk test", "10-metre walk test"), ("FES",), ("épreuve",))


def glossary() -> marking.Glossary:
    terms: list[Any] = [
        SimpleNamespace(id=number, names=names, name=names[0], slug=f"term-{number}", definition="What it is.")
        for number, names in enumerate(NAMES)
    ]
    return marking.Glossary(terms)


TERMS = ["AIS", "ais", "AIS grade A", "spasms", "Spasm", "spasmodic", "10-metre walk tests", "fes", "FES", "ÉPREUVE"]
SIGNS = [*list('aZ."“(-+=#>:|*_`!\\'), "1)", "1.", "~~~", "[a](b)", "&amp;", "<b>", "  ", "\n", "\n\n", "\n   "]
SPACES = ["\u00a0", "\u2028", "\x0b"]
WORDS = st.sampled_from(TERMS + SIGNS + SPACES)


@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(source=st.lists(WORDS, max_size=12).map("".join), way=st.sampled_from(["text", "line"]))
def test_plain_paragraphs_read_the_same_without_a_look_for_markdown(app: Flask, source: str, way: str) -> None:
    with app.test_request_context(), pytest.MonkeyPatch.context() as patched:
        short = getattr(glossary().section(), way)(source)
        patched.setattr(marking, "_PLAIN", re.compile("(?!)"))
        assert short == getattr(glossary().section(), way)(source)


def test_nearly_all_texts_we_ship_are_plain() -> None:
    texts: list[str] = []
    for path in sorted((STARTER / "summaries").glob("*.md")):
        content: Any = read(path).content
        texts += [content.simple_explanation, content.research_summary, *content.limitations]
        texts += [finding.text for finding in content.key_findings]
    plain = [text for text in texts if marking._PLAIN.fullmatch(text)]
    assert len(plain) > len(texts) * 0.8


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("AIS grade A", ["AIS grade"]),  # the longer name wins
        ("ais, Ais and AISx", []),  # a name in capitals is found in capitals
        ("SPASM, Spasms", ["SPASM", "Spasms"]),
        ("spasmodic aspasm", []),  # whole words
        ("a 10-metre Walk Test", ["10-metre Walk Test"]),
        ("The Épreuve", ["Épreuve"]),
    ],
)
def test_which_words_are_terms(text: str, found: list[str]) -> None:
    assert [match[0] for match, _ in glossary().find(text)] == found
