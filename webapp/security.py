"""The border of trust: what of a request is believed, and what a page may do in a browser.

Of a request we believe its method, path, query and body, and a Host that is one of ours. Where the site lives is said
by SITE_URL alone; who asks, and how, by as many proxies as TRUSTED_PROXIES counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from flask import Flask, Response, request
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import RequestRedirect

from webapp.urls import has_secret

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)
LOCAL_HOSTS = ("localhost", "127.0.0.1")
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}


OF_FILES = {"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'"} | {
    name: HEADERS[name] for name in ("X-Content-Type-Options", "Cross-Origin-Resource-Policy")
}
"""Those of a style, script or drawing: it is no page, and opened alone it may do nothing."""


def allow_framing(response: Response) -> Response:
    """Let pages of this site show the answer within them; no other site can."""
    response.headers["Content-Security-Policy"] = POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


def allow_own_frames(response: Response) -> Response:
    """Let a page show other pages of this site within it."""
    response.headers.setdefault("Content-Security-Policy", f"{POLICY}; frame-src 'self'")
    return response


class RootMount:
    """Drops what servers in front may claim about where the site is mounted: it lives at the root of its host.

    gunicorn and others make SCRIPT_NAME of a header; url_for would write it into every link of a page.
    """

    def __init__(self, app: WSGIApplication, host: str) -> None:
        self.app, self.host = app, host

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ["SCRIPT_NAME"] = ""
        environ["HTTP_HOST"] = environ.get("HTTP_HOST", self.host).lower()  # HTTP/1.0 names none
        return self.app(environ, start_response)


def name_no_host(response: Response) -> Response:
    """A redirect to the same page under its right path never says on which host: the request may have made that up."""
    if isinstance(request.routing_exception, RequestRedirect):
        to = urlsplit(request.routing_exception.new_url)
        response.location = urlunsplit(("", "", "/" + to.path.lstrip("/"), to.query, ""))
    return response


def init_app(app: Flask) -> None:
    app.after_request(name_no_host)

    @app.after_request
    def _headers(response: Response) -> Response:
        headers = OF_FILES if request.endpoint in {"static", "assets.styles", "assets.scripts"} else HEADERS
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        if has_secret():
            response.headers["X-Robots-Tag"] = "noindex"
        return response

    site = urlsplit(app.config["SITE_URL"])
    app.config["TRUSTED_HOSTS"] = [site.hostname, *LOCAL_HOSTS]
    hops = app.config["TRUSTED_PROXIES"]
    if hops:
        # The host is not taken from a header: proxies pass it on as it came.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0)  # type: ignore[method-assign]
    app.wsgi_app = RootMount(app.wsgi_app, site.netloc)  # type: ignore[method-assign]
