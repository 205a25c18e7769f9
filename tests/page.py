"""A test client that parses every HTML page it fetches, and refuses a page that breaks the house rules."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any

import html5lib
from flask import Flask
from flask.testing import FlaskClient
from lxml import etree
from lxml.cssselect import CSSSelector
from werkzeug.test import TestResponse

# html5lib reports these on correct HTML5: it predates them.
KNOWN_FALSE = {"unexpected-character-in-unquoted-attribute-value-none"}

CSRF_TOKEN = re.compile(r'(?<=name="csrf_token" value=")[\w.-]+(?=">)')
"""All that differs between two answers that are the same page. No rule asks what it says."""

Values = dict[str, str | list[str]]
"""What a form sends: a text for each field, a list for a group of check boxes."""


class Page:
    """A parsed page. `select` takes a CSS selector and gives elements, `texts` their words."""

    def __init__(self, html: str, *, fragment: bool = False) -> None:
        self.html, self.is_fragment = html, fragment
        parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("lxml"), namespaceHTMLElements=False)
        parsed = parser.parseFragment(html) if fragment else parser.parse(html)
        if fragment:
            root = etree.Element("body")
            for part in parsed:
                root.append(part) if not isinstance(part, str) else None
            self.root = root
        else:
            self.root = parsed.getroot()
        self.faults = [
            f"line {position[0]}: {code} {data}" for position, code, data in parser.errors if code not in KNOWN_FALSE
        ]

    def select(self, selector: str) -> list[Any]:
        return list(chooser(selector)(self.root))

    def one(self, selector: str) -> Any:
        found = self.select(selector)
        assert len(found) == 1, f"{len(found)} elements for {selector}"
        return found[0]

    def texts(self, selector: str) -> list[str]:
        return [words(element) for element in self.select(selector)]

    @staticmethod
    def texts_of(element: Any, selector: str) -> list[str]:
        """The words of what a selector finds inside one element."""
        return [words(found) for found in chooser(selector)(element)]

    def values(self, selector: str = "main form[method=post]", /, **changes: str | list[str] | None) -> Values:
        """What one form would send, save the button. `changes` are what a reader fills in; None takes a field out.

        Check boxes that share a name are a list of those that are ticked.
        """
        form = self.one(selector)
        controls = chooser("input[name], textarea[name], select[name]")(form)
        boxes = Counter(control.get("name") for control in controls if control.get("type") == "checkbox")
        sent: Values = {name: [] for name, count in boxes.items() if count > 1}
        for control in controls:
            name, kind = control.get("name"), control.get("type")
            group = sent.get(name)
            if kind in {"radio", "checkbox"} and control.get("checked") is None:
                continue
            if kind == "checkbox" and isinstance(group, list):
                group.append(control.get("value"))
            else:
                sent[name] = _text_of(control)
        return {name: value for name, value in (sent | changes).items() if value is not None}

    @property
    def title(self) -> str:
        return self.texts("title")[0]

    @property
    def h1(self) -> str:
        return self.texts("h1")[0]


@cache
def chooser(selector: str) -> CSSSelector:
    """A selector, translated once."""
    return CSSSelector(selector, translator="html")


def words(element: Any) -> str:
    """The text of an element, white space folded."""
    return " ".join("".join(element.itertext()).split())


def _text_of(control: Any) -> str:
    """What stands in one control of a form."""
    if control.tag == "textarea":
        return "".join(control.itertext())
    chosen = chooser("option[selected]")(control)
    return (chosen[0] if chosen else control).get("value") or ""


SOUND: set[int] = set()
"""Hashes of the answers that keep the rules: one that comes again, word for word, is not read again."""


def check_html(html: str) -> None:
    """The rules of a page or a part of one."""
    text = CSRF_TOKEN.sub("", html)
    if hash(text) in SOUND:
        return
    page = page_of(html)
    check_fragment(page) if page.is_fragment else check_page(page)
    SOUND.add(hash(text))


@lru_cache(maxsize=100)
def page_of(html: str) -> Page:
    """An answer, parsed: a page or a part of one. Nobody changes it."""
    return Page(html, fragment=not html.lstrip().lower().startswith("<!doctype html"))


def check_page(page: Page) -> None:
    """The rules of every page."""
    assert not page.faults, page.faults
    assert len(page.select("h1")) == 1, "one h1"
    assert page.title.removeprefix("Error: ").startswith(page.h1), (page.title, page.h1)
    assert page.title.endswith(f" - {name_of_site(page)}")
    assert page.select("html[lang]")
    assert page.select("main#main")
    stops = page.select("body a[href], body button, body input, body select, body summary")
    assert stops[0].get("href") == "#main", "the skip link comes first"
    check_fragment(page)


def name_of_site(page: Page) -> str:
    """As the head of the page has it, for readers or of the desk."""
    return page.texts(".site-name, .desk-name")[0].removesuffix(": the desk")


def check_fragment(page: Page) -> None:
    """The rules that hold for a whole page and for a part of one."""
    levels = [int(element.tag[1]) for element in page.select("h1, h2, h3, h4, h5, h6")]
    for before, after in pairwise(levels):
        assert after <= before + 1, f"a heading jumps from h{before} to h{after}"
    ids = [element.get("id") for element in page.select("[id]")]
    assert len(ids) == len(set(ids)), f"ids twice: {sorted({i for i in ids if ids.count(i) > 1})}"
    assert not page.select("[style]"), f"inline style on {page.select('[style]')[0].tag}"
    for element in page.root.iter():
        assert not [name for name in element.attrib if re.match(r"on|hx-on", name)], "inline handler"
    for script in page.select("script:not([src])"):
        assert script.get("type") == "application/ld+json", "inline script"
    assert not page.select("style")
    traps = page.select("form .off-screen[aria-hidden=true] input[name=homepage][tabindex='-1']")
    is_signed_in = page.select(".desk-head form")  # there a form belongs to a session
    assert is_signed_in or len(traps) == len(page.select("form input[name=csrf_token]")), "a form without the trap"
    for control in page.select("input:not([type=hidden]), select, textarea"):
        label = page.select(f"label[for='{control.get('id')}']") if control.get("id") else []
        assert "".join(map(words, label)), f"a control without a label: {etree.tostring(control)[:120]!r}"
    for control in page.select("a, button, summary"):
        assert words(control) or control.get("aria-label"), f"no name: {etree.tostring(control)[:120]!r}"
    for image in page.select("img"):
        assert image.get("alt") is not None
    for element in page.select("[hx-get], [hx-post]"):
        assert element.tag in {"a", "form"}, "hx-get and hx-post sit on real links and forms"
        own = element.get("href") or element.get("action")
        assert own == (element.get("hx-get") or element.get("hx-post")), "works without JavaScript at the same URL"
    for element in page.select("[hx-target]:not(hx-partial)"):
        target = element.get("hx-target")
        assert target == "this" or page.select(target), f"no target {target}"
    for name in ("aria-labelledby", "aria-describedby", "aria-controls"):
        for element in page.select(f"[{name}]"):
            for id_ in element.get(name).split():
                assert id_ in ids, f"{name} names {id_}, which is not there"
    named: dict[str, str] = {}
    for link in page.select("a[href]"):
        name, href = (link.get("aria-label") or words(link)).lower(), link.get("href")
        assert named.setdefault(name, href) == href, f"“{name}” leads to {named[name]} and {href}"


class PageClient(FlaskClient):
    """Checks every HTML answer; `page` fetches one and gives it parsed."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        response = super().open(*args, **kwargs)
        assert not response.headers.getlist("Set-Cookie") or response.request.method != "GET", "a cookie on a page"
        if response.status_code != 304:  # then the browser goes by what it has
            assert "unsafe" not in response.headers.get("Content-Security-Policy", "unsafe"), "no strict policy"
        is_plain = not response.headers.get("Content-Encoding") and not 300 <= response.status_code < 400
        if response.mimetype == "text/html" and response.get_data() and is_plain:
            check_html(response.get_data(as_text=True))
        return response

    def page(self, url: str, **kwargs: Any) -> Page:
        """Fetch a page that must be there."""
        response = self.get(url, **kwargs)
        assert response.status_code == 200, f"{url}: {response.status}"
        return page_of(response.get_data(as_text=True))


def client_of(app: Flask, *, use_cookies: bool = True) -> PageClient:
    """A client that checks what it fetches, for an application that make_app() made."""
    client = app.test_client(use_cookies=use_cookies)
    assert isinstance(client, PageClient)
    return client
