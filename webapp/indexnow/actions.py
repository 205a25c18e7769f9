"""Telling search engines what was published and what was taken down, if the owner has set a key for that.

What is to be told is written by the change itself: the time at which a document was published or taken down. So
nothing is told of what was rolled back, and nothing is forgotten when the process dies; in the worst case a page is
named twice, which does no harm.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from webapp import clock
from webapp.indexnow import queries
from webapp.scholarly.client import Client
from webapp.scholarly.errors import ScholarlyError
from webapp.scholarly.indexnow import tell
from webapp.upkeep.heartbeats.actions import note_heartbeat
from webapp.upkeep.heartbeats.queries import ENGINES, last_heartbeat

OLD = dt.timedelta(days=7)
"""What could not be told for so long, engines find by the sitemap."""
AHEAD = dt.timedelta(days=1)
"""A clock that was set back by more than this has told nothing that is true."""


def tell_search_engines(client: Client, site_url: str, key: str, is_stopped: Callable[[], bool]) -> int:
    """Tell what changed since the last time; how many pages were told. What is not taken is told the next time.

    The first time nothing is told: engines ask for changes from then on alone.
    """
    now, told = clock.now(), last_heartbeat(ENGINES)
    if told is None or told > now + AHEAD:
        note_heartbeat(ENGINES)
        return 0
    changed = queries.last_change()
    if changed is None or changed <= told:
        return 0
    until, after, count = min(changed, now), max(told, now - OLD), 0
    while after < until and not is_stopped():
        urls, after = queries.changed_pages(after, until)
        if urls and not _is_told(client, site_url, key, urls):
            break
        note_heartbeat(ENGINES, after)
        count += len(urls)
    return count


def _is_told(client: Client, site_url: str, key: str, urls: list[str]) -> bool:
    try:
        return tell(client, site_url, key, urls)
    except ScholarlyError:  # the client has noted why
        return False
