"""The site's URLs: what stands in them, and how they are written where a host has to be named."""

from __future__ import annotations

import string
from urllib.parse import quote

from flask import Flask, current_app, request
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import BaseConverter, RequestRedirect, UnicodeConverter


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
