"""Telling search engines that pages have changed (https://www.indexnow.org/documentation). One tells the others."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from webapp.scholarly.client import Client, Service

INDEXNOW = Service("IndexNow", "INDEXNOW_URL", 5.0)
MOST_URLS = 10_000
"""In one message."""


def tell(client: Client, site_url: str, key: str, urls: Sequence[str]) -> bool:
    """Say that these pages of the site changed, came or went. False while IndexNow is to be left alone.

    `site_url` without a slash at its end. Raises ScholarlyError, after which it is left alone for a while.
    """
    message = {
        "host": urlsplit(site_url).netloc,
        "key": key,
        "keyLocation": f"{site_url}/{key}.txt",
        "urlList": list(urls[:MOST_URLS]),
    }
    return client.tell(INDEXNOW, "indexnow", message)
