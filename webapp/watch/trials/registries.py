"""Where the record of a trial can be read. A registry whose address we are not sure of is named by its number alone."""

from __future__ import annotations

import re

from webapp.scholarly.identifiers import trial_numbers

_PAGES = (
    (r"ISRCTN *(\d{8})", "https://www.isrctn.com/ISRCTN{}"),
    (r"ACTRN *(\d{14})", "https://www.anzctr.org.au/ACTRN{}.aspx"),
    (r"DRKS *(\d{8})", "https://drks.de/search/en/trial/DRKS{}"),
    (
        r"(?:EudraCT[ :]*)?(\d{4}-\d{6}-\d{2})",
        "https://www.clinicaltrialsregister.eu/ctr-search/search?query=eudract_number:{}",
    ),
    (r"(?:EU ?CT|CTIS)?[ :]*(20\d{2}-5\d{5}-\d{2}-\d{2})", "https://euclinicaltrials.eu/ctis-public/view/{}"),
)
_READ = [(re.compile(pattern, re.IGNORECASE | re.ASCII), page) for pattern, page in _PAGES]


def record_url(registration: str) -> str | None:
    """The page of this number at its registry; None where it is not known."""
    if numbers := trial_numbers([registration]):
        return nct_url(numbers[0])
    for pattern, page in _READ:
        if found := pattern.fullmatch(registration.strip()):
            return page.format(found[1])
    return None


def nct_url(number: str) -> str:
    return f"https://clinicaltrials.gov/study/{number}"
