"""The two files of Europe PMC's External Links service: so that the page of a paper there can lead to our summary.

Their shape is that of https://europepmc.org/docs/labslink.xsd (version 1.4), which https://europepmc.org/LabsLink
explains: one file says who provides links, the other has one link for each paper, named by its number or its DOI.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from flask import current_app

from webapp.editorial.characters import on_one_line
from webapp.library.queries import Paper, named_papers
from webapp.site_words import site_words
from webapp.urls import external_url

PROFILE, LINKS = "profile.xml", "links.xml"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


class LinksError(Exception):
    """Nothing was written; the text says why."""


def write_links(folder: Path, progress: Callable[[Iterable[Any]], Iterable[Any]] | None = None) -> int:
    """Write both files to `folder`, in place of older ones, and return how many links there are.

    Raises LinksError while a setting is missing.
    """
    provider, address = current_app.config["EUROPEPMC_PROVIDER"], current_app.config["OWNER_EMAIL"]
    if provider is None:
        ask = "Write to labslink@europepmc.org, who give you one"
        raise LinksError(f"EUROPEPMC_PROVIDER is not set: the number of this site at Europe PMC. {ask}.")
    if not address:
        raise LinksError("OWNER_EMAIL is not set, and Europe PMC asks for an address.")
    folder.mkdir(parents=True, exist_ok=True)
    papers: Iterable[Paper] = named_papers()
    count = _write(folder / LINKS, _links(provider, progress(papers) if progress else papers))
    _write(folder / PROFILE, _profile(provider, address))
    return count - 2


def _write(path: Path, lines: Iterable[str]) -> int:
    """Put a file in its place once it is whole; how many pieces it is made of."""
    unfinished, count = path.with_name(f".{path.name}"), 0
    with unfinished.open("w", encoding="utf-8") as file:
        for line in lines:
            file.write(line)
            count += 1
    unfinished.replace(path)
    return count


def _profile(provider: int, address: str) -> Iterator[str]:
    words = site_words()
    about = {"id": str(provider), "resourceName": words.name, "description": words.mission, "email": address}
    fields = "".join(f"    {_element(name, text)}\n" for name, text in about.items())
    yield f"{HEAD}<providers>\n  <provider>\n{fields}  </provider>\n</providers>\n"


def _links(provider: int, papers: Iterable[Paper]) -> Iterator[str]:
    """The beginning, the link of each paper, the end."""
    yield f"{HEAD}<links>\n"
    for paper in papers:
        title = _element("title", f"Plain-language summary: {paper.title}")
        url = _element("url", external_url("research.show", slug=paper.slug))
        yield f'  <link providerId="{provider}"><resource>{title}{url}</resource>{_record(paper)}</link>\n'
    yield "</links>\n"


def _record(paper: Paper) -> str:
    """Which paper it is: its number in PubMed, else that of its full text, else its DOI."""
    if paper.pmid or paper.pmcid:
        source, number = ("MED", paper.pmid) if paper.pmid else ("PMC", paper.pmcid)
        return f"<record>{_element('source', source)}{_element('id', str(number))}</record>"
    return _element("doi", str(paper.doi))


def _element(name: str, text: str) -> str:
    return f"<{name}>{escape(on_one_line(text))}</{name}>"
