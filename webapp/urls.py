"""The site's URLs: what stands in them, and how they are written where a host has to be named."""

from __future__ import annotations

import string
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from flask import Flask, current_app, has_request_context, request
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import BaseConverter, RequestRedirect, UnicodeConverter

MOST_PATHS = 2000
"""How many paths are remembered."""


class SlugConverter(BaseConverter):
    """`<slug:slug>`: the name of a thing in a URL."""

    regex = "[a-z0-9]+(?:-[a-z0-9]+)*"


class Secret(str):
    """The secret part of a link that somebody got by mail."""

    __slots__ = ()


class SecretConverter(UnicodeConverter):
    """`<secret:token>`: kept out of logs (logs.py) and of search engines."""

    def to_python(self, value: str) -> Secret:
        return Secret(value)


class Site(Flask):
    """A Flask application that remembers the paths of pages: nothing of a request reaches them but its blueprint."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._path_to = lru_cache(MOST_PATHS)(self._build)

    def url_for(self, endpoint: str, /, **values: Any) -> str:  # type: ignore[override]
        if not has_request_context():
            return super().url_for(endpoint, **values)
        return self._path_to(endpoint, request.blueprint if endpoint.startswith(".") else None, *values.items())

    def _build(self, endpoint: str, _: str | None, *values: tuple[str, Any]) -> str:
        return super().url_for(endpoint, **dict(values))


def init_app(app: Flask) -> None:
    app.url_map.converters |= {"slug": SlugConverter, "secret": SecretConverter}
    app.jinja_env.globals.update(absolute_url=absolute_url, canonical_url=canonical_url)


def has_secret() -> bool:
    """Whether the URL of this request holds a secret."""
    return any(isinstance(value, Secret) for value in (request.view_args or {}).values())


def before_secrets(app: Flask) -> set[str]:
    """What stands before the secret in the URLs that have one, such as /unsubscribe/."""
    rules = [rule.rule for rule in app.url_map.iter_rules()]
    return {rule.partition("<secret:")[0] for rule in rules if "<secret:" in rule}


def is_free_for_pages(slug: str) -> bool:
    """Whether a standing page may stand at /<slug>: nothing else of the site does."""
    try:
        endpoint, _ = current_app.url_map.bind("").match(f"/{slug}")
    except RequestRedirect:  # /research leads to /research/
        return False
    except (NotFound, MethodNotAllowed):
        return False
    return bool(endpoint == "pages.show")


def absolute_url(path: str) -> str:
    """A path of this site as it is published, on the host of the SITE_URL setting."""
    return f"{current_app.config['SITE_URL']}{path}"


def external_url(endpoint: str, **values: str) -> str:
    """The URL of a view as it stands in a mail; needs no request."""
    return absolute_url(current_app.url_map.bind("").build(endpoint, values))


def canonical_url() -> str:
    """The URL of the page being answered, without its query."""
    return absolute_url(quote(request.path, safe=string.punctuation))
