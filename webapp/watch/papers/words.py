"""The words of the search for new papers, in the language of Europe PMC's search."""

from __future__ import annotations

from webapp.models import PaperSearch

DEFAULT = (
    '((TITLE:"spinal cord injury" OR TITLE:"spinal cord injuries" OR TITLE:"spinal cord injured"'
    " OR TITLE:tetraplegia OR TITLE:tetraplegic OR TITLE:quadriplegia OR TITLE:paraplegia OR TITLE:paraplegic"
    ' OR KW:"Spinal Cord Injuries")'
    " NOT (TITLE:rat OR TITLE:rats OR TITLE:mouse OR TITLE:mice OR TITLE:murine OR TITLE:zebrafish OR TITLE:canine"
    ' OR TITLE:dogs OR TITLE:"spastic paraplegia"))'
    " AND (SRC:MED OR SRC:PMC)"
)
"""Of people with an injury, in journals. Spastic paraplegia is inherited; preprints would be SRC:PPR."""


def words_of(search: PaperSearch | None) -> str:
    """The owner's; those of the program where there are none."""
    return (search.words if search else None) or DEFAULT
