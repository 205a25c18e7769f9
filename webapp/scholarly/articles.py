"""A paper as the databases of medicine know it."""

from __future__ import annotations

from dataclasses import dataclass

from webapp.scholarly.updates import TAKEN_BACK, Update


@dataclass(frozen=True)
class Article:
    """What Europe PMC or PubMed say of a paper. What they do not say is empty or None."""

    pmid: str | None
    pmcid: str | None
    """Of its full text, such as PMC1234567."""
    doi: str | None
    title: str
    abstract: str
    """Plain text, an empty line between paragraphs."""
    kinds: tuple[str, ...]
    """Types of publication as the database words them, such as Journal Article."""
    updated_by: tuple[Update, ...]
    """The notices about this paper."""
    is_garbled: bool = False
    """Whether a part about notices is not what it should be: that none can be read of it says nothing."""

    @property
    def is_retracted(self) -> bool:
        """Said of the paper itself, never of a notice that retracts another."""
        said = {kind.casefold() for kind in self.kinds}
        return "retracted publication" in said or any(one.kind in TAKEN_BACK for one in self.updated_by)
