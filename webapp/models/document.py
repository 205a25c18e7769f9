"""Everything the owner writes: a document, each version of its text, and where its old addresses lead."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from sqlalchemy import JSON, ColumnElement, ForeignKey, Index, String, UniqueConstraint, false, func
from sqlalchemy.orm import Mapped, mapped_column, validates

from webapp.database import Base


class Document(Base):
    """A summary, a topic answer or a standing page. Its text is in its revisions; the newest of them is the draft."""

    __tablename__ = "documents"
    __table_args__ = (UniqueConstraint("kind", "key", "language"), UniqueConstraint("kind", "language", "slug"))

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    """summary, topic, page: a key of documents.schema.KINDS."""
    key: Mapped[str] = mapped_column(String(70))
    """Its permanent name, that of its file."""
    language: Mapped[str] = mapped_column(String(35))
    """Of its text, as in <html lang>."""
    slug: Mapped[str | None] = mapped_column(String(70), index=True)
    """Its address; as it was first published, unless its text names another. None before it ever was."""
    live_revision_id: Mapped[int | None] = mapped_column(
        ForeignKey("revisions.id", deferrable=True, initially="DEFERRED", use_alter=True)
    )
    """What readers see; None when they see nothing."""
    scheduled_revision_id: Mapped[int | None] = mapped_column(
        ForeignKey("revisions.id", deferrable=True, initially="DEFERRED", use_alter=True)
    )
    go_live_at: Mapped[dt.datetime | None] = mapped_column(index=True)
    """When the scheduled revision is to be published."""
    first_published_at: Mapped[dt.datetime | None]
    published_at: Mapped[dt.datetime | None]
    """When the live revision became it."""
    unpublished_at: Mapped[dt.datetime | None]
    unpublished_sentence: Mapped[str | None]
    """Why it is gone, for those who come for it."""
    is_stale: Mapped[bool] = mapped_column(default=False)
    """Whether what lists, the search and the counts know of it is to be made anew."""

    @validates("key")
    def _check_key(self, _name: str, key: str) -> str:
        """It names files and stands in headers of downloads."""
        if len(key) > 70 or not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", key):
            raise ValueError(f"a key is made of lower-case words, digits and hyphens, not {key!r}")
        return key

    @classmethod
    def is_public(cls) -> ColumnElement[bool]:
        """Whether readers may see a document: the one condition."""
        return cls.live_revision_id.is_not(None)

    @classmethod
    def changed_at(cls) -> ColumnElement[dt.datetime | None]:
        """When readers last saw it change: it was published, or taken down. Null of one they never saw."""
        return func.coalesce(cls.unpublished_at, cls.published_at)


class Revision(Base):
    """The text of a document as it was saved once. What is live or scheduled is one of these, and never changes."""

    __tablename__ = "revisions"
    __table_args__ = (
        UniqueConstraint("document_id", "number"),
        Index(None, "document_id", "origin", "saved_at"),  # asked without reading the text
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"))
    number: Mapped[int]
    """Of this document's revisions, counted from 1."""
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    """In the shape of the file; while it is a draft, whatever was typed."""
    schema_version: Mapped[int] = mapped_column("schema")
    """The version of the shape it was written in (documents/schema.py)."""
    digest: Mapped[str] = mapped_column(String(32))
    saved_at: Mapped[dt.datetime]
    saved_by: Mapped[str]
    origin: Mapped[str] = mapped_column(String(10))
    """file, desk, watch or restore: where it came from."""
    editing_session: Mapped[str | None] = mapped_column(String(40))
    """The sitting at the desk in which it was saved, and is written on until somebody else saves (sittings.py)."""
    ready_at: Mapped[dt.datetime | None]
    """When its writer said that it can be looked at. From then on this text stays as it is."""
    ready_by: Mapped[str | None] = mapped_column(String(80))


class KeptText(Base):
    """A text that could not be saved, since somebody else had saved meanwhile: the last of each sitting is kept.

    It is no revision: nothing takes it for the draft. The history lists it.
    """

    __tablename__ = "kept_texts"
    __table_args__ = (UniqueConstraint("document_id", "kept_by", "editing_session"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"))
    kept_by: Mapped[str] = mapped_column(String(80))
    editing_session: Mapped[str] = mapped_column(String(40))
    kept_at: Mapped[dt.datetime]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    schema_version: Mapped[int] = mapped_column("schema")
    base: Mapped[int]
    """The number of the revision it was written on."""
    base_digest: Mapped[str] = mapped_column(String(32))
    newer: Mapped[int]
    """The number of the revision over which it was not saved."""


class Redirect(Base):
    """A slug that was once a document's: it leads to the document, or says that it is gone."""

    __tablename__ = "redirects"

    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    language: Mapped[str] = mapped_column(String(35), primary_key=True)
    slug: Mapped[str] = mapped_column(String(70), primary_key=True)
    document_id: Mapped[int | None] = mapped_column(ForeignKey("documents.id", ondelete="SET NULL"), index=True)


class Correction(Base):
    """A mistake of ours that was put right, or a notice about the paper that was put up, in the words readers see."""

    __tablename__ = "corrections"
    __table_args__ = (Index(None, "document_id", "corrected_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"))
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"), index=True)
    """The first without the mistake, or with the notice."""
    corrected_at: Mapped[dt.datetime] = mapped_column(index=True)
    sentence: Mapped[str]
    of_paper: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether it is no mistake of ours: the paper itself was withdrawn."""
