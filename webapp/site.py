"""The site's name, its mission, and where its menus lead."""

from __future__ import annotations

from flask import Flask

SITE_NAME = "Spinal Cord Research Help"
MISSION = "Making spinal cord injury research accessible to everyone."

MAIN_LINKS = (
    ("pages.about", "About"),
    ("categories.index", "Categories"),
    ("research.index", "Latest Research"),
    ("contact.new", "Contact"),
)
QUICK_LINKS = (
    ("pages.home", "Home"),
    *MAIN_LINKS,
    ("subscriptions.new", "Subscribe"),
    ("glossary.index", "Glossary"),
    ("pages.how_we_write", "How we write"),
    ("pages.disclaimer", "Disclaimer"),
    ("pages.privacy", "Privacy"),
    ("pages.accessibility", "Accessibility"),
)
COPYRIGHT_YEAR = 2026


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(
        site_name=SITE_NAME,
        mission=MISSION,
        main_links=MAIN_LINKS,
        quick_links=QUICK_LINKS,
        copyright_year=COPYRIGHT_YEAR,
    )
