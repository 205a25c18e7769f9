"""What each of the many applications of a run would compile anew, compiled once in a process.

None of it knows anything of an application: templates, the builders of URLs, SQL.
"""

from __future__ import annotations

from collections.abc import Callable
from types import CodeType
from typing import Any

from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy.engine.default import DefaultDialect
from werkzeug.routing import Rule


class Templates(BytecodeCache):
    """A template that was changed is compiled."""

    def __init__(self) -> None:
        self.codes: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self.codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        assert bucket.code
        self.codes[bucket.key, bucket.checksum] = bucket.code


TEMPLATES = Templates()
STATEMENTS: dict[Any, Any] = {}
BUILDERS: dict[Any, Callable[..., tuple[str, str]]] = {}
_compile_builder = Rule._compile_builder


def share(app: Flask) -> Flask:
    """The application, which compiles nothing that another one has compiled."""
    app.jinja_env.bytecode_cache = TEMPLATES
    return app


def _builder(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
    """What writes the URLs of a rule: made of its text alone, and called with the rule."""
    key = rule.rule, rule.endpoint, rule.subdomain, rule.host, repr(rule.defaults), rule.merge_slashes, append_unknown
    if key not in BUILDERS:
        BUILDERS[key] = _compile_builder(rule, append_unknown)
    return BUILDERS[key]


Rule._compile_builder = _builder  # type: ignore[method-assign,assignment]
# Statements are kept by the dialect they are compiled for: of each engine's own, unless those of one kind are equal.
DefaultDialect.__eq__ = lambda one, other: type(one) is type(other)  # type: ignore[method-assign]
DefaultDialect.__hash__ = lambda one: hash(type(one))  # type: ignore[method-assign,assignment]
