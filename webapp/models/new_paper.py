"""Papers that a search found, which wait at the desk for the owner's decision, and that search itself."""

from __future__ import annotations

import datetime as dt
from urllib.parse import quote

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.database import Base, PartialDateType
from webapp.editorial.dates import PartialDate


class NewPaper(Base):
    """A paper without a summary here. Of its abstract nothing is kept."""

    __tablename__ = "new_papers"

    id: Mapped[int] = mapped_column(primary_key=True)
    record: Mapped[str] = mapped_column(String(130), unique=True)
    """Of Europe PMC: MED:40437959."""
    doi: Mapped[str | None] = mapped_column(String(300), unique=True)
    """In its normal form."""
    pmid: Mapped[str | None] = mapped_column(String(8), unique=True)
    pmcid: Mapped[str | None] = mapped_column(String(20))
    title: Mapped[str]
    authors: Mapped[str]
    """On one line, shortened; empty where nobody is named."""
    journal: Mapped[str]
    published: Mapped[PartialDate | None] = mapped_column(PartialDateType)
    design: Mapped[str] = mapped_column(String(40))
    """A guess (watch/papers/designs.py): a key of DESIGNS, empty where none can be made."""
    design_why: Mapped[str]
    topic: Mapped[str] = mapped_column(String(70))
    """A guess: the slug of a category, empty where none can be made."""
    topic_why: Mapped[str]
    """The words from which it was made."""
    strength: Mapped[int]
    """How far up it stands in the list, by the guessed design; the larger, the further."""
    is_open: Mapped[bool]
    is_preprint: Mapped[bool]
    is_retracted: Mapped[bool]
    plain_summary: Mapped[str] = mapped_column(String(3))
    """Whether PubMed has one by those who wrote the paper: yes, no; empty while that is not known."""
    plain_tries: Mapped[int]
    """How often that was asked in vain."""
    found_at: Mapped[dt.datetime]
    state: Mapped[str] = mapped_column(String(8))
    """waiting, declined ("not for us"), drafted (there is a summary of it)."""
    document_id: Mapped[int | None] = mapped_column(ForeignKey("documents.id", ondelete="SET NULL"), index=True)
    """Of the summary."""

    __table_args__ = (
        Index("ix_new_papers_order", "state", "strength", "published", "id"),
        Index("ix_new_papers_kinds", "state", "design", "topic"),
        Index("ix_new_papers_plain", "plain_summary", "plain_tries"),
    )

    @property
    def url(self) -> str:
        """Where it can be read about."""
        if self.doi:
            return f"https://doi.org/{quote(self.doi, safe='/:;().-_')}"
        source, _, number = self.record.partition(":")
        return f"https://europepmc.org/article/{quote(source, safe='')}/{quote(number, safe='')}"


class PaperSearch(Base):
    """The one search: how far it has come. There is no row before the first one."""

    __tablename__ = "paper_searches"

    id: Mapped[int] = mapped_column(primary_key=True)
    words: Mapped[str | None]
    """The owner's; None: those of the program."""
    begun_at: Mapped[dt.datetime]
    """When the site first searched, or could have."""
    searched_to: Mapped[dt.date | None]
    """Up to this day all was found with these words."""
    done_at: Mapped[dt.datetime | None]
    """When that was."""
    found: Mapped[int]
    """How many papers it listed then, and how many of these were new."""
    added: Mapped[int]
    due_at: Mapped[dt.datetime | None]
    """When it is to be done again; None: now."""
    tried_at: Mapped[dt.datetime | None]
    problem: Mapped[str]
    """Why the last try failed; empty if it did not."""
    since: Mapped[dt.date | None]
    """Of a search that is not finished: its days, the mark of its next page, what it has listed and added so far."""
    until: Mapped[dt.date | None]
    cursor: Mapped[str | None]
    listed_so_far: Mapped[int]
    added_so_far: Mapped[int]
    held_until: Mapped[dt.datetime | None]
    """Until then a run is at it, and no other begins."""
