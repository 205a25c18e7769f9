"""What the registry says of a trial, in plain words: never more than it says."""

from __future__ import annotations

import datetime as dt
from importlib.resources import files

import pytest
import yaml

from tests.watch.recruiting.making import make_trial
from webapp.editorial.dates import PartialDate
from webapp.library.shipped import STARTER
from webapp.watch.recruiting.listing import ages_in_words, kept, listed
from webapp.watch.recruiting.proposals import CONDITION, has_proposal, words_of

TODAY = dt.date(2026, 11, 28)


@pytest.mark.parametrize(
    ("youngest", "oldest", "words"),
    [
        ("18 years", "65 years", "people from 18 to 65 years of age"),
        ("6 months", "17 years", "people from 6 months to 17 years of age"),
        ("18 years", "", "people from 18 years of age"),
        ("", "17 years", "people up to 17 years of age"),
        ("1 year", "17 years", "people from 1 year to 17 years of age"),
        ("", "", "people of any age"),
        (None, "", ""),
        ("18 years", None, ""),
    ],
)
def test_ages_are_words_and_what_is_not_known_is_not_said(youngest: str | None, oldest: str | None, words: str) -> None:
    assert ages_in_words(youngest, oldest) == words


@pytest.mark.parametrize(
    ("verified", "is_open", "is_unconfirmed"),
    [("2026-11", True, False), ("2024-11", True, False), ("2024-10", False, True), ("2023", False, True),
     ("2024", True, False), ("2027-01", True, False), ("9999", False, False), (None, False, False)],
)  # fmt: skip
def test_nobody_is_told_that_a_trial_is_open_which_nobody_confirmed_for_two_years(
    verified: str | None, is_open: bool, is_unconfirmed: bool
) -> None:
    date = PartialDate.parse(verified) if verified else None
    trial = listed(kept(make_trial(verified=date)), TODAY)
    assert (trial.status, trial.is_unconfirmed) == ("listed as open" if is_open else "", is_unconfirmed)


def test_a_trial_that_is_not_open_yet_says_so() -> None:
    trial = listed(kept(make_trial(status="NOT_YET_RECRUITING", verified=PartialDate(2024, 1))), dt.date(2024, 2, 29))
    assert trial.status == "listed as not open yet"
    assert trial.url == "https://clinicaltrials.gov/study/NCT00000001"


@pytest.mark.parametrize(
    ("countries", "words"),
    [("A", "A"), ("AB", "A and B"), ("ABC", "A, B and C"), ("ABCDEF", "A, B, C, D, E and F"),
     ("ABCDEFG", "A, B, C, D, E, F and 1 more country"), ("ABCDEFGH", "A, B, C, D, E, F and 2 more countries")],
)  # fmt: skip
def test_few_countries_are_named_and_of_many_the_first(countries: str, words: str) -> None:
    assert listed(kept(make_trial(countries=tuple(countries))), TODAY).places() == words


def test_the_country_that_was_chosen_is_always_named() -> None:
    trial = listed(kept(make_trial(countries=("A", "B", "C", "D", "E", "F", "G, Republic of"))), TODAY)
    assert trial.places("G, Republic of") == "G, Republic of; A; B; C; D; E and 1 more country"


def test_we_propose_a_search_for_topics_we_ship_and_for_no_others() -> None:
    text = (files("webapp.watch.recruiting") / "proposals.yml").read_text(encoding="utf-8")
    shipped = (STARTER / "categories.yml").read_text(encoding="utf-8")
    groups = yaml.safe_load(shipped)
    slugs = {one["slug"] for group in groups for one in group["categories"] if "leads_to" not in one}
    assert set(yaml.safe_load(text)) == slugs - {"research-methods"}
    assert words_of("pain", None) == (CONDITION, "pain")
    assert words_of("somebody-elses", None) == (CONDITION, "")
    assert not has_proposal("research-methods")
