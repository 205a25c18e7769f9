"""What machines are told about a page: it is a page about a paper, never the paper itself."""

from __future__ import annotations

from typing import Any

from flask import url_for

from webapp.models import Study, Summary
from webapp.site_words import site_words
from webapp.urls import absolute_url

AUTHORS = 3
"""Authors named here; of some papers there are forty, in every page. Its DOI and the files to cite it have all."""


def linked_data(summary: Summary) -> dict[str, Any]:
    """schema.org JSON-LD of a summary: the page, the article it is about, and the way to it."""
    url = absolute_url(url_for("research.show", slug=summary.slug))
    evidence = summary.study.evidence
    told = (summary.result_sentence, summary.result_caveat, evidence.caution, evidence.level_sentence)
    page: dict[str, Any] = {
        "@type": "MedicalWebPage",
        "@id": url,
        "url": url,
        "name": summary.title,
        "description": summary.description,
        "abstract": " ".join(filter(None, told)),
        "inLanguage": summary.language,
        "datePublished": summary.published_on.isoformat(),
        "lastReviewed": summary.checked_on.isoformat(),
        "author": {"@type": "Organization", "name": summary.author},
        "publisher": {"@type": "Organization", "name": site_words().name},
        "audience": {"@type": "MedicalAudience", "audienceType": "Patient"},
        "about": _article(summary.study),
    }
    if corrections := [_correction(one.sentence, one.corrected_at.date().isoformat()) for one in summary.corrections]:
        page["correction"] = corrections
    first = summary.categories[0]
    trail = [
        ("Home", url_for("pages.home")),
        ("Research", url_for("research.index")),
        (first.name, url_for("categories.show", slug=first.slug)),
        (summary.title, url_for("research.show", slug=summary.slug)),
    ]
    crumbs = {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": absolute_url(path)}
            for place, (name, path) in enumerate(trail, 1)
        ],
    }
    return {"@context": "https://schema.org", "@graph": [page, crumbs]}


def _article(study: Study) -> dict[str, Any]:
    doi = f"https://doi.org/{study.doi}" if study.doi else None
    fields = {
        "@type": "MedicalScholarlyArticle",
        "@id": doi,
        "headline": study.title,
        "author": [{"@type": "Person", "name": name} for name in study.authors[:AUTHORS]],
        "datePublished": str(study.published) if study.published else None,
        "isPartOf": {"@type": "Periodical", "name": study.journal} if study.journal else None,
        "sameAs": doi,
        "identifier": {"@type": "PropertyValue", "propertyID": "DOI", "value": study.doi} if study.doi else None,
        "creativeWorkStatus": "Retracted" if study.is_retracted else None,
        "correction": _notice(study) if study.notice else None,
    }
    return {name: value for name, value in fields.items() if value}


def _notice(study: Study) -> dict[str, str]:
    """What was issued about the paper after it came out."""
    notice = study.notice or {}
    words = f"{notice['kind'].capitalize()} of this paper: {notice.get('citation') or 'see notice'}"
    return _correction(words, notice.get("issued"))


def _correction(text: str, day: str | None) -> dict[str, str]:
    return {"@type": "CorrectionComment", "text": text} | ({"datePublished": day} if day else {})
