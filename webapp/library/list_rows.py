"""The two lists beside the documents as rows: categories and glossary terms. Nothing is committed here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from webapp.documents.topics import move_answers
from webapp.extensions import db
from webapp.glossary.marking import normalized
from webapp.library import queries
from webapp.library.list_joining import Conflict, Entries, Entry, in_order, joined, with_order
from webapp.library.lists import GroupSchema, TermSchema
from webapp.models import Category, LoadedEntry, Term
from webapp.models.category import EVERYTHING
from webapp.watch.recruiting.moving import move_search

CATEGORIES, TERMS = "categories", "terms"
"""What the lists are called in `loaded_entries`."""
FIELDS = {
    CATEGORIES: ("name", "description", "group", "leads_to"),
    TERMS: ("name", "also", "definition", "source", "is_checked", "leads_to"),
}


class Loaded(NamedTuple):
    changed: int
    """Entries that are not as they were."""
    kept: int
    """Entries of the file that are not as it has them, since the owner changed them."""


def entries_of_groups(groups: Iterable[GroupSchema]) -> dict[str, Entry]:
    return {
        one.slug: {"name": one.name, "description": one.description, "group": group.name, "leads_to": one.leads_to}
        for group in groups
        for one in group.categories
    }


def entries_of_terms(terms: Iterable[TermSchema]) -> dict[str, Entry]:
    return {
        one.stands_at: {
            "name": one.term,
            "also": one.also,
            "definition": one.definition,
            "source": one.source,
            "is_checked": one.checked,
            "leads_to": one.leads_to,
        }
        for one in terms
    }


def conflicts_with(name: str, file: Entries) -> list[Conflict]:
    """Where the owner and a file have changed the same thing of a list."""
    return joined(queries.loaded_entries(name), entries_here(name, _rows(name)), file).conflicts


def load_categories(groups: list[GroupSchema], *, overwrite: bool = False) -> Loaded:
    """Add and change categories; those not listed stay. What the owner changed stays too, unless `overwrite`."""
    file, rows = entries_of_groups(groups), queries.every_category()
    last = list(queries.loaded_entries(CATEGORIES))
    order = in_order(last, [row.slug for row in rows], list(file), overwrite=overwrite)
    before = {row.slug: row.leads_to for row in rows}
    wanted = _wanted(CATEGORIES, file, overwrite=overwrite)
    changed = _write(Category, {row.slug: row for row in rows}, wanted)
    categories = {category.slug: category for category in queries.every_category()}
    changed |= put_in_order([categories[slug] for slug in order if slug in categories])
    _note_loaded(CATEGORIES, file)
    if any(category.leads_to != before.get(slug) for slug, category in categories.items()):
        lead_on(categories.values())
        for slug, category in categories.items():
            if category.leads_to != before.get(slug):
                move_topic(slug, category.leads_to)
                move_search(db.session(), slug, category.leads_to)
        move_answers(db.session())
    return Loaded(len(changed), sum(wanted.get(slug) != entry for slug, entry in file.items()))


def load_terms(terms: list[TermSchema], *, overwrite: bool = False) -> Loaded:
    """Add and change glossary terms; those not listed stay. What the owner changed stays too, unless `overwrite`."""
    file, rows = entries_of_terms(terms), queries.every_term()
    wanted = _wanted(TERMS, file, overwrite=overwrite)
    changed = _write(Term, {row.slug: row for row in rows}, wanted)
    _note_loaded(TERMS, file)
    lead_on(queries.every_term())
    return Loaded(len(changed), sum(wanted.get(slug) != entry for slug, entry in file.items()))


def put_in_order(categories: Sequence[Category]) -> set[str]:
    """Number the categories as they stand; the slugs of those that had another number."""
    moved = {category.slug for place, category in enumerate(categories, 1) if category.position != place}
    for place, category in enumerate(categories, 1):
        category.position = place
    return moved


def lead_on(rows: Iterable[Category] | Iterable[Term]) -> None:
    """Let what leads to something that leads on itself lead to the end of the way at once."""
    found: dict[str, Category | Term] = {row.slug: row for row in rows}
    for row in found.values():
        way = [row.slug]
        while (following := found.get(found[way[-1]].leads_to or "")) and following.slug not in way:
            way.append(following.slug)
        end = found[way[-1]].leads_to if found[way[-1]].leads_to == EVERYTHING else way[-1]
        if row.leads_to and end != row.slug:
            row.leads_to = end


def move_topic(slug: str, leads_to: str | None) -> int:
    """Who asked for letters on a topic gets them on the one that has taken its place; no topic means all of them.
    Returns how many people those are.
    """
    readers = queries.subscribers_to(slug) if leads_to else []
    for subscriber in readers:
        kept = [leads_to if topic == slug else topic for topic in subscriber.topics]
        subscriber.topics = [] if leads_to == EVERYTHING else [topic for topic in dict.fromkeys(kept) if topic]
    return len(readers)


def _rows(name: str) -> Sequence[Category] | Sequence[Term]:
    return queries.every_category() if name == CATEGORIES else queries.every_term()


def entries_here(name: str, rows: Iterable[Category] | Iterable[Term]) -> dict[str, Entry]:
    return {row.slug: {field: getattr(row, field) for field in FIELDS[name]} for row in rows}


def _wanted(name: str, file: Entries, *, overwrite: bool) -> Entries:
    if overwrite:
        return file
    return joined(queries.loaded_entries(name), entries_here(name, _rows(name)), file).entries


def _write(model: type[Category] | type[Term], rows: Mapping[str, Category | Term], wanted: Entries) -> set[str]:
    """Set what differs; the slugs of the entries of which anything did."""
    changed = set()
    for slug, entry in wanted.items():
        row = rows.get(slug) or model(slug=slug)
        differing = {name: value for name, value in entry.items() if getattr(row, name, None) != value}
        for name, value in differing.items():
            setattr(row, name, value)
        if slug not in rows:
            if isinstance(row, Category):
                row.position = 0
            db.session.add(row)
        if differing or slug not in rows:
            changed.add(slug)
    db.session.flush()
    return changed


def _note_loaded(name: str, file: Entries) -> None:
    """Keep what the file has, to see by it the next time what was changed here."""
    rows = queries.loaded_rows(name)
    order = with_order([*rows, *(slug for slug in file if slug not in rows)], list(file))
    for place, slug in enumerate(order, 1):
        row = rows.get(slug) or LoadedEntry(list_name=name, slug=slug)
        row.position = place
        if slug in file and row.entry != file[slug]:
            row.entry = dict(file[slug])
        db.session.add(row)


class Fault(NamedTuple):
    slug: str
    field: str
    problem: str
    remedy: str


def faults_in(name: str, file: Entries, *, overwrite: bool = False) -> list[Fault]:
    """What would be wrong with a list that is here once this file is loaded, as far as the file has a hand in it."""
    whole = {**entries_here(name, _rows(name)), **_wanted(name, file, overwrite=overwrite)}
    found = list(_lost_ways(name, whole))
    for twin in twin_names(whole) if name == TERMS else ():
        problem = f"is “{twin.name}”, which {twin.other} is called already"
        found.append(Fault(twin.slug, twin.field, problem, "Keep it in one place"))
    return [fault for fault in found if fault.slug in file]


def _lost_ways(name: str, entries: Entries) -> Iterator[Fault]:
    goals = {*entries, EVERYTHING} if name == CATEGORIES else set(entries)
    for slug, entry in entries.items():
        goal = entry["leads_to"]
        if goal and (goal not in goals or goal == slug):
            remedy = "Write the address of another entry of this list"
            yield Fault(
                slug, "leads_to", f"leads to “{goal}”, which is {'itself' if goal == slug else 'not there'}", remedy
            )
        elif goal and _leads_round(slug, entries):
            yield Fault(slug, "leads_to", f"leads to “{goal}”, which leads back to it", "Let one of them lead nowhere")


def _leads_round(slug: str, entries: Entries) -> bool:
    """Whether the way from an entry comes back to it: readers would go round for ever."""
    way, following = {slug}, entries[slug]["leads_to"]
    while following in entries and following not in way:
        way.add(following)
        following = entries[following]["leads_to"]
    return bool(following == slug)


class Twin(NamedTuple):
    """A name that another term has already, or the same one in another place."""

    slug: str
    field: str
    """name or also"""
    name: str
    other: str
    """What the other term is called."""


def twin_names(terms: Entries) -> Iterator[Twin]:
    """Names that two terms have: readers would find one meaning under them, and not know of another. Each term is
    told of.
    """
    owners: dict[str, list[tuple[str, str, str]]] = {}
    for slug, entry in terms.items():
        for field, name in [("name", entry["name"]), *(("also", name) for name in entry["also"])]:
            if not entry["leads_to"]:
                owners.setdefault(normalized(name), []).append((slug, field, name))
    for places in owners.values():
        for place, (slug, field, name) in enumerate(places):
            others = places[:place] + places[place + 1 :]
            if others:
                yield Twin(slug, field, name, terms[others[0][0]]["name"])


def slugs_left_out(groups: Iterable[GroupSchema]) -> Iterator[str]:
    """Categories of a file that the owner has deleted here."""
    here = {category.slug for category in queries.every_category()}
    last = queries.loaded_entries(CATEGORIES)
    return (slug for slug in entries_of_groups(groups) if slug in last and slug not in here)
