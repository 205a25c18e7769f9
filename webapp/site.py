"""The site's name and mission, unless its owner has chosen others (site_words.py), and where its menus lead."""

from __future__ import annotations

from typing import NamedTuple

from flask import Flask, current_app, url_for

SITE_NAME = "Spinal Cord Research Help"
MISSION = "Making spinal cord injury research accessible to everyone."


class Link(NamedTuple):
    """Where an entry of a menu leads; with a slug, to a document."""

    label: str
    endpoint: str
    slug: str | None = None

    @property
    def url(self) -> str:
        return url_for(self.endpoint, slug=self.slug) if self.slug else url_for(self.endpoint)


MAIN_LINKS = (
    Link("About", "pages.show", "about"),
    Link("Categories", "categories.index"),
    Link("Latest Research", "research.index"),
    Link("Contact", "contact.new"),
    Link("Subscribe", "subscriptions.new"),
)
QUICK_LINKS = (
    Link("Home", "pages.home"),
    *MAIN_LINKS,
    Link("Glossary", "glossary.index"),
    Link("Ask for a paper", "ask.index"),
    Link("How we write", "pages.show", "how-we-write"),
    Link("Disclaimer", "pages.show", "disclaimer"),
    Link("Privacy", "pages.show", "privacy"),
    Link("Accessibility", "pages.show", "accessibility"),
)
COPYRIGHT_YEAR = 2026


def site_language() -> str:
    """The language of the site, as in <html lang>: that of its menus, and of a document whose file names none."""
    language: str = current_app.config["SITE_LANGUAGE"]
    return language


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(
        main_links=MAIN_LINKS,
        quick_links=QUICK_LINKS,
        copyright_year=COPYRIGHT_YEAR,
    )
