"""Static files with their content in the URL, so that browsers keep them for good. No build step.

The stylesheets are written as several files and sent as one: the files of static/css, in the order
of the cascade, joined when they are first asked for. A layer is a file, or a folder with a file for
each component. So are the scripts.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path

import brotli
from flask import Blueprint, Flask, Response, request, url_for
from jinja2.ext import Extension

STATIC = Path(__file__).parent / "static"
STYLES = {
    "site": ("tokens", "base", "layout", "components", "print"),
    "lists": ("lists",),
    "pages": ("pages",),
    "desk": ("desk",),
}
"""The stylesheets: what every page needs, and what home, lists, topics and the glossary, or standing pages, contact and
letters, or the desk need besides.
"""
SCRIPTS = ("vendor/htmx-4.0.1.min.js", "js/requests.js", "js/terms.js")
_YEAR = 365 * 24 * 3600

bp = Blueprint("assets", __name__)


def static_url(name: str) -> str:
    """The URL of a static file with its content hash, such as js/terms.js."""
    return url_for("static", filename=name, v=_digest((STATIC / name).read_bytes()))


def styles_url(sheet: str = "site") -> str:
    """The URL of a stylesheet."""
    return url_for("assets.styles", sheet=sheet, digest=_digest(_styles(sheet).encode()))


def scripts_url() -> str:
    """The URL of the script."""
    return url_for("assets.scripts", digest=_digest(_scripts().encode()))


@bp.get("/static/<any(site,lists,pages,desk):sheet>-<digest>.css")
def styles(sheet: str, digest: str) -> Response:
    return _immutable(_styles(sheet), digest, "text/css")


@bp.get("/static/site-<digest>.js")
def scripts(digest: str) -> Response:
    return _immutable(_scripts(), digest, "text/javascript")


def _immutable(content: str, digest: str, mimetype: str) -> Response:
    """The file, to keep for good. A page from before an update still gets it, only not to keep."""
    response = Response(content, mimetype=mimetype)
    if request.accept_encodings["br"]:
        response = Response(_compressed(content), mimetype=mimetype)
        response.content_encoding = "br"
    response.vary.add("Accept-Encoding")
    if digest != _digest(content.encode()):
        response.cache_control.no_store = True
        return response
    response.cache_control.public = True
    response.cache_control.max_age = _YEAR
    response.cache_control.immutable = True
    return response


@cache
def _compressed(content: str) -> bytes:
    """As small as can be: worth its tenth of a second, once, for what every first visit loads."""
    compressed: bytes = brotli.compress(content.encode(), quality=11)
    return compressed


def _styles(sheet: str) -> str:
    joined = "\n".join(_minified(path) for layer in STYLES[sheet] for path in _files(layer))
    # Space beside a brace or semicolon weighs more than the many small files; what stands in quotes keeps its own.
    joined = re.sub(r'("[^"]*")|\s*([{};])\s*', r"\1\2", joined)
    return f"@layer {', '.join(STYLES['site'])};\n{joined}"


def _files(layer: str) -> list[Path]:
    folder = STATIC / "css" / layer
    return sorted(folder.glob("*.css")) or [folder.with_suffix(".css")]


def _scripts() -> str:
    return ";\n".join(_minified(STATIC / name) for name in SCRIPTS)


def _minified(path: Path) -> str:
    """A file without what only its writers need: comments, indents, empty lines."""
    text = path.read_text(encoding="utf-8")
    if ".min." in path.name:
        return text
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    if path.suffix == ".js":
        text = re.sub(r"(^|\s)// .*", "", text, flags=re.MULTILINE)
    return "\n".join(filter(None, (line.strip() for line in text.splitlines())))


class Unindented(Extension):
    """Templates without the indents of their lines: a summary is a thirtieth smaller, compressed. What is put into
    them (the text in a form) is not touched.
    """

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        return re.sub(r"^[ \t]+", "", source, flags=re.MULTILINE) if name and name.endswith(".html") else source


def _digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=6).hexdigest()


@cache
def build() -> str:
    """A name for this very build: changes with every template, style, script and line of code. Worked out once: the
    code that runs is the one the process began with.
    """
    root = Path(__file__).parent
    content = hashlib.blake2b(digest_size=6)
    for path in sorted(root.rglob("*")):
        if path.suffix in {".py", ".html", ".xml", ".css", ".js", ".svg"}:
            content.update(path.read_bytes())
    return content.hexdigest()


def init_app(app: Flask) -> None:
    app.config["BUILD"] = build()
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = _YEAR
    if not app.debug:
        # What does not change while the process runs is worked out once.
        app.add_template_global(cache(static_url), "static_url")
        app.add_template_global(cache(styles_url), "styles_url")
        app.add_template_global(cache(scripts_url), "scripts_url")
    else:
        app.add_template_global(static_url)
        app.add_template_global(styles_url)
        app.add_template_global(scripts_url)
    app.register_blueprint(bp)
