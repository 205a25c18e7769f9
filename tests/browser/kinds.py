"""The kinds of pages the site has, by name; the fixture `urls` says where each is found."""

from __future__ import annotations

import pytest
from playwright.sync_api import ViewportSize

# Flask-Compress leaves the files it compresses to the garbage collector, which says so.
BROWSER = [pytest.mark.browser, pytest.mark.filterwarnings("ignore:unclosed file .*static:ResourceWarning")]

STANDING = ("/about", "/emergency", "/how-we-write", "/disclaimer", "/privacy", "/accessibility", "/data")
SUMMARIES = ("summary", "pictures", "retracted", "corrected", "animals", "longest", "joining")
LISTS = ("list", "search", "nothing found", "filtered", "category")
KINDS = ("home", "ask", *LISTS, "trials", "categories", "glossary", "term", *SUMMARIES, *STANDING, "not found")
EXPECTED = {"not found": "404"}

DESKTOP: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 320, "height": 640}
