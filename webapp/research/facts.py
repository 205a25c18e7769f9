"""The facts of a study for its page: what is known as a list, what is not gathered in one line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from webapp.documents.schema import SummaryContent
from webapp.editorial.designs import DESIGNS
from webapp.editorial.evidence import CERTAINTIES
from webapp.editorial.injury import InjuryPhase
from webapp.formats import capitalize_first, long_date, short_authors
from webapp.watch.trials.registries import record_url
from webapp.watch.trials.standing import ShownTrial

UNSTATED = "Not stated"
"""How a fact that has to be there begins when the text we read does not tell it."""
BECAME = {
    "clear": "None was found.",
    "corrected": "A correction was found. The page of the paper leads to it.",
    "concern": "The journal has raised a concern about the paper. Take care with what it says.",
    "retracted": "The paper was withdrawn.",
}
"""What became of a paper, as far as the watch found out (WatchedPaper.state)."""


class Fact(NamedTuple):
    label: str
    values: list[str]


class Record(NamedTuple):
    """Where a paper or trial is recorded: never a mirror of it."""

    label: str
    name: str
    url: str | None
    said: str = ""
    """What the registry says of a trial that nobody can join."""


@dataclass
class Facts:
    """The known facts in their order, and the names of those that are not known."""

    known: list[Fact] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    def add(self, label: str, *values: str | None, asked: bool = True) -> None:
        """A fact of one value or several; without any it is unknown, where it is a question at all (`asked`)."""
        told = [capitalize_first(value) for value in values if value and not value.startswith(UNSTATED)]
        if told:
            self.known.append(Fact(label, told))
        elif asked:
            self.unknown.append(label.lower())


def facts_of(content: SummaryContent) -> Facts:
    """Everything known about the study."""
    study, facts = content.study, Facts()
    design = DESIGNS[study.design]
    is_treatment = design.stage is not None
    people = f"{study.participants:,} {study.participants_unit}" if study.participants else None
    counted = None
    if study.analysed and study.analysed != study.participants:
        counted = f"{study.analysed:,} counted for the main result"
    facts.add("Treatment", study.intervention, asked=False)
    facts.add("Compared with", study.compared_with, asked=is_treatment)
    facts.add("Participants", people, study.population, counted)
    if not study.participants and not design.is_preclinical:
        facts.unknown.append("how many took part")
    facts.add("Study Duration", study.duration)
    facts.add("Injury", study.injury_level, study.injury_severity, asked=not design.is_preclinical)
    phases = [InjuryPhase(phase).label for phase in study.injury_phases]
    facts.add("Time since the injury", *phases, asked=not design.is_preclinical)
    phase = f"Trial phase {study.trial_phase}; a phase is not a level of evidence" if study.trial_phase else None
    facts.add("Kind of study", design.name, phase)
    if design.is_review and is_treatment:
        facts.add("How sure the reviewers are", certainty_of(content))
    facts.add("Where", ", ".join(study.countries) or None)
    return facts


def certainty_of(content: SummaryContent) -> str:
    """How sure a review is of its main results, in GRADE's words from the surest down; nothing of other studies."""
    if not DESIGNS[content.study.design].is_review:
        return ""
    told = {outcome.certainty for outcome in content.study.own_outcomes if outcome.role == "main"}
    return " to ".join(certainty for certainty in CERTAINTIES if certainty in told)


def paper_facts(content: SummaryContent) -> Facts:
    """What is known of the paper besides its title."""
    study, facts = content.study, Facts()
    facts.add("Authors", short_authors(study.authors, study.authors_complete) or None)
    facts.add("Journal", study.citation or study.journal)
    facts.add("Published", study.published.words if study.published else None)
    facts.add("Who paid", study.funding)
    facts.add("Conflicts of interest", study.conflicts)
    if not study.registrations and not DESIGNS[study.design].is_preclinical:
        facts.unknown.append("a registration")
    return facts


def records_of(content: SummaryContent, trials: Sequence[ShownTrial] = ()) -> list[Record]:
    """Where the paper and its trials are recorded, and what became of a trial that nobody can join."""
    study = content.study
    found = [Record("DOI", study.doi, f"https://doi.org/{study.doi}")] if study.doi else []
    if study.pmid:
        found.append(Record("PubMed", study.pmid, f"https://pubmed.ncbi.nlm.nih.gov/{study.pmid}/"))
    if study.pmcid:
        found.append(Record("Free full text", study.pmcid, f"https://pmc.ncbi.nlm.nih.gov/articles/{study.pmcid}/"))
    said = {
        one.url: f"{one.sentence} We looked at the registry on {long_date(one.looked_on)}."
        for one in trials
        if not one.is_open
    }
    for name in study.registrations:
        url = record_url(name)
        found.append(Record("Registered as", name, url, said.get(url or "", "")))
    return found
