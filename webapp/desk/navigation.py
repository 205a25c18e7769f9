"""Where the menu of the desk leads: what is used each day first, the rest folded."""

from __future__ import annotations

from webapp.site import Link

DAILY = (
    Link("Desk home", "desk.home"),
    Link("Documents", "desk.writing.index"),
    Link("Messages", "desk.inbox.index"),
    Link("Subscribers", "desk.readers.index"),
)
MORE = (
    Link("What became of papers", "desk.watch.index"),
    Link("New papers", "desk.papers.index"),
    Link("Trials of summaries", "desk.trials.index"),
    Link("Trials looking for people", "desk.recruiting.index"),
    Link("Asked for by readers", "desk.asked.index"),
    Link("Categories", "desk.categories.index"),
    Link("Glossary", "desk.glossary.index"),
    Link("Words of the site", "desk.settings.index"),
    Link("Files and backup", "desk.files.index"),
    Link("What was done", "desk.activity.index"),
    Link("Your account", "desk.accounts.show"),
    Link("See the site", "pages.home"),
)
