"""Where the menu of the desk leads: what is used each day first, the rest folded, in groups that say what for."""

from __future__ import annotations

from typing import NamedTuple

from webapp.site import Link


class Group(NamedTuple):
    """Links that are for one thing."""

    name: str
    links: tuple[Link, ...]


DAILY = (
    Link("Desk home", "desk.home"),
    Link("Documents", "desk.writing.index"),
    Link("Messages", "desk.inbox.index"),
    Link("Subscribers", "desk.readers.index"),
)
MORE = (
    Group(
        "To write about",
        (
            Link("New papers", "desk.papers.index"),
            Link("Papers readers asked for", "desk.asked.index"),
        ),
    ),
    Group(
        "To keep true",
        (
            Link("What became of papers", "desk.watch.index"),
            Link("Trials named in summaries", "desk.trials.index"),
            Link("Trials looking for people", "desk.recruiting.index"),
        ),
    ),
    Group(
        "Words and topics",
        (
            Link("Categories", "desk.categories.index"),
            Link("Glossary", "desk.glossary.index"),
            Link("Words of the site", "desk.settings.index"),
        ),
    ),
    Group(
        "You and the site",
        (
            Link("Files and backup", "desk.files.index"),
            Link("What was done", "desk.activity.index"),
            Link("Your account", "desk.accounts.show"),
            Link("See the site", "pages.home"),
        ),
    ),
)
