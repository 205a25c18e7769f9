"""Marks glossary terms in a text, and turns its Markdown into HTML."""

from __future__ import annotations

import re
from collections.abc import Iterable

from flask import url_for
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.token import Token
from markupsafe import Markup, escape

from webapp.models import Term

_MARKDOWN = MarkdownIt("commonmark", {"html": False})
_PLAIN = re.compile(r"(?:[A-Za-z\"“(][^\\`*_\[\]<>&!\t\r\n]*(?:\n{2,}|\n?\Z))+")
"""Paragraphs of one line each in which nothing is Markdown, as nearly all of ours are: no need to look for it."""


class Glossary:
    """The terms, ready to be found. A name in capitals (AIS) is found only in capitals."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self._terms: dict[str, Term] = {}
        for term in terms:
            for name in term.names:
                if len(name) > 1:
                    self._terms.setdefault(normalized(name), term)
        # The borders of a word stand around all names, and names that begin alike stand together: at each word of a
        # text, one look at its first letter leaves a few of them.
        by_letter: dict[str, list[str]] = {}
        for name in sorted(self._terms, key=len, reverse=True):
            by_letter.setdefault(name[0].lower(), []).append(_rest(name))
        begun = [f"[{re.escape(letter + letter.upper())}](?:{'|'.join(rests)})" for letter, rests in by_letter.items()]
        self._pattern = re.compile(rf"\b(?:{'|'.join(begun)})s?\b" if begun else r"(?!)")

    @property
    def words(self) -> set[str]:
        """The words of all names, in lower case."""
        return {word for name in self._terms for word in re.findall(r"\w+", name.lower())}

    def find(self, text: str) -> Iterable[tuple[re.Match[str], Term]]:
        """Each place of a term in a text, and which term it is. Longer names win."""
        for match in self._pattern.finditer(text):
            found = match[0]
            for name in (found, found.lower(), found[:-1], found[:-1].lower()):
                if name in self._terms:
                    yield match, self._terms[name]
                    break

    def section(self) -> Section:
        """A new section, in which no term is marked yet."""
        return Section(self)

    def used_in(self, texts: Iterable[str]) -> dict[int, Term]:
        """The terms in these texts, by their id."""
        return {term.id: term for text in texts for _, term in self.find(text)}


class Section:
    """One section of a page: every term is marked at its first use in it."""

    def __init__(self, glossary: Glossary) -> None:
        self._glossary = glossary
        self._marked: set[int] = set()

    def text(self, source: str) -> Markup:
        """Markdown paragraphs as HTML."""
        if _PLAIN.fullmatch(source):
            paragraphs = (part.strip() for part in source.split("\n"))
            html = "".join(f"<p>{self._marked_up(part)}</p>\n" for part in paragraphs if part)
        else:
            html = self._rendered(_MARKDOWN.parse(source))
        return Markup(html)  # noqa: S704 (escaped)

    def line(self, source: str) -> Markup:
        """One paragraph as HTML, without its <p>."""
        is_plain = _PLAIN.fullmatch(source) and "\n" not in source
        html = self._marked_up(source) if is_plain else self._rendered(_MARKDOWN.parseInline(source))
        return Markup(html)  # noqa: S704 (escaped)

    def _rendered(self, tokens: list[Token]) -> str:
        for token in tokens:
            for child in token.children or ():
                if child.type == "text":
                    child.type, child.content = "html_inline", self._marked_up(child.content)
        return str(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}))

    def _marked_up(self, text: str) -> str:
        """Plain text as HTML, its terms marked."""
        parts, place = [], 0
        for match, term in self._glossary.find(text):
            if term.id not in self._marked:
                self._marked.add(term.id)
                parts += [escapeHtml(text[place : match.start()]), _link(match[0], term)]
                place = match.end()
        return "".join([*parts, escapeHtml(text[place:])])


def _link(words: str, term: Term) -> str:
    url = url_for("glossary.show", slug=term.slug)
    return (
        f'<a class="term" href="{escape(url)}" data-term="{escape(term.name)}"'
        f' data-definition="{escape(term.definition)}">{escape(words)}'
        '<span class="visually-hidden"> (what it means)</span></a>'
    )


def _is_short_form(name: str) -> bool:
    return name.upper() == name or any(part.isupper() for part in name.split())


def normalized(name: str) -> str:
    """Names that are the same in this form are found as one."""
    return name if _is_short_form(name) else name.lower()


def _rest(name: str) -> str:
    """What finds the name after its first letter, which was found as a small or a capital one."""
    rest = re.escape(name[1:])
    return f"(?<={re.escape(name[0])}){rest}" if _is_short_form(name) else f"(?i:{rest})"
