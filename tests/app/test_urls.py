"""Paths that are remembered are those of the page that asks."""

from __future__ import annotations

import pytest
from flask import Flask, url_for


def test_a_path_named_from_its_own_blueprint_is_not_another_blueprints(app: Flask) -> None:
    for _ in range(2):  # the second time from memory
        for place in ("/research/", "/glossary/", "/categories/"):
            with app.test_request_context(place):
                assert url_for(".index") == place


def test_other_values_are_another_path(app: Flask) -> None:
    with app.test_request_context("/"):
        paths = [url_for("research.index", page=page, q=q) for page in (1, 2) for q in ("1", "a b")]
    assert len(set(paths)) == 4
    assert paths[0] == "/research/?page=1&q=1"


def test_outside_of_a_request_none_is_made_up(app: Flask) -> None:
    with pytest.raises(RuntimeError):
        url_for("research.index")
