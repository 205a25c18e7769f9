"""What Crossref says of a paper, as far as it says it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.scholarly.answers import DOI, TRIAL, WRONG, date, listed, notice, single, work
from tests.scholarly.server import Reply, Service
from webapp.editorial.dates import PartialDate
from webapp.scholarly.client import Client
from webapp.scholarly.crossref import PAPERS_AT_ONCE, Author, Work, find_updates, find_work
from webapp.scholarly.errors import ScholarlyError
from webapp.scholarly.updates import Update


def read(client: Client, service: Service, **fields: Any) -> Work:
    service.replies_with(single(**fields))
    found = find_work(client, DOI)
    assert found
    return found


def test_a_doi_fills_in_the_facts(client: Client, service: Service) -> None:
    assert read(client, service) == Work(
        doi=DOI,
        title="Spinal stimulation and walking in adults with injury at C5–T10",
        authors=(Author("Zoë", "Ångström"), Author("J. P.", "de la Cruz"), Author("", "The WALK Group")),
        journal="Journal of Cord Medicine & Care",
        published=PartialDate(2024, 3, 9),
        licence="http://creativecommons.org/licenses/by/4.0/",
        registrations=(TRIAL,),
        kind="journal-article",
        updated_by=(),
        update_to=(),
    )
    assert service.asked[0].path == "/works/10.5555%2Fwalk.2024.17"


def test_names_are_read_in_the_order_of_the_paper() -> None:
    assert [Author("Zoë", "Ångström").name, Author("", "The WALK Group").name] == ["Zoë Ångström", "The WALK Group"]


def test_a_doi_that_crossref_does_not_know_is_none(client: Client, service: Service) -> None:
    service.replies_with(Reply("Resource not found.", 404, {"Content-Type": "text/plain"}))
    assert find_work(client, DOI) is None


def test_what_is_no_doi_is_not_asked_for(client: Client, service: Service) -> None:
    with pytest.raises(ScholarlyError, match=r"“10\.1038” is no DOI"):
        find_work(client, "10.1038")
    with pytest.raises(ScholarlyError, match=r"“\.\./members/1” is no DOI"):
        find_work(client, "../members/1")
    assert service.asked == []


def test_no_part_of_a_doi_is_taken_for_a_part_of_the_address(client: Client, service: Service) -> None:
    service.replies_with(single())
    find_work(client, "10.5555/../../members?rows=9#x%25;a&b")
    assert service.asked[0].path == "/works/10.5555%2F..%2F..%2Fmembers%3Frows%3D9%23x%2525%3Ba%26b"


ABSENT = {"published": None, "issued": None, "published-online": None, "published-print": None}


@pytest.mark.parametrize(
    ("dates", "shown"),
    [
        ({"published": date(2020), "published-online": date(2020, 11, 13)}, "2020-11-13"),
        ({"published": date(2017, 11), "published-online": date(2018, 1, 22)}, "2017-11"),
        ({"published": date(2024), "published-print": date(2024)}, "2024"),
        ({"published": date(2006, 3), "published-online": date(2006, 3, 7)}, "2006-03-07"),
        ({"published": date(2020, 8, 17), "published-print": date(2021, 5)}, "2020-08-17"),
        ({"issued": date(1998, 2)}, "1998-02"),
        ({"published-print": date(2021, 5)}, "2021-05"),
        ({"published": date(None), "issued": date(2021)}, "2021"),
        ({"published": date(2023, 2, 30)}, "2023-02"),
        ({"published": date(2023, 0, 0)}, "2023"),
        ({"published": {"date-parts": [["2023", "4"]]}}, "2023-04"),
        ({"published": date(20230304)}, None),
        ({"published": date(-5)}, None),
        ({"published": {"date-parts": [[1e400, 3]]}}, None),
        ({"published": {"date-parts": []}, "issued": "2020", "published-online": 5}, "2020"),
        ({}, None),
    ],
)  # fmt: skip
def test_a_date_is_as_precise_as_it_is_known(
    client: Client, service: Service, dates: dict[str, Any], shown: str | None
) -> None:
    found = read(client, service, **ABSENT | dates).published
    assert (str(found) if found else None) == shown


CC, OWN, MINING = (
    "https://creativecommons.org/licenses/by-nc/4.0/",
    "https://example.org/terms",
    "https://example.org/tdm",
)


@pytest.mark.parametrize(
    ("licences", "chosen"),
    [
        ([{"URL": OWN, "content-version": "vor"}, {"URL": CC, "content-version": "unspecified"}], CC),
        ([{"URL": CC, "content-version": "am"}, {"URL": f"{CC}vor", "content-version": "vor"}], f"{CC}vor"),
        ([{"URL": MINING, "content-version": "tdm"}, {"URL": OWN, "content-version": "vor"}], OWN),
        ([{"URL": MINING, "content-version": "tdm"}], None),
        ([{"URL": "javascript:alert(1)", "content-version": "vor"}], None),
        ([{"content-version": "vor"}, "x", None], None),
        ({"URL": CC}, CC),
        (None, None),
    ],
)
def test_the_licence_is_that_of_the_paper(
    client: Client, service: Service, licences: object, chosen: str | None
) -> None:
    assert read(client, service, license=licences).licence == chosen


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("retraction", "retraction"), ("Retraction", "retraction"), ("withdrawal", "withdrawal"),
        ("removal", "removal"), ("partial_retraction", "partial retraction"),
        ("Partial Retraction", "partial retraction"),
        ("expression_of_concern", "expression of concern"), ("expression-of-concern", "expression of concern"),
        ("correction", "correction"), ("corrigendum", "correction"), ("erratum", "erratum"),
        ("new_version", "new version"), ("new_edition", "new version"), ("addendum", "unknown"),
        ("clarification", "unknown"), ("", "unknown"), (None, "unknown"), (["retraction"], "unknown"),
    ],
)  # fmt: skip
def test_notices_have_one_word_for_one_thing(client: Client, service: Service, word: object, kind: str) -> None:
    found = read(client, service, **{"updated-by": [notice(word, label="As they say")]})
    assert found.updated_by == (Update(kind, "As they say", "10.5555/notice.1", None, PartialDate(2025, 2, 6)),)  # type: ignore[arg-type]


def test_an_event_that_two_tell_of_is_one(client: Client, service: Service) -> None:
    twice = [notice("retraction", updated=None, source="retraction-watch"), notice("Retraction", "10.5555/NOTICE.1")]
    found = read(client, service, **{"updated-by": [*twice, notice("correction", "10.5555/notice.2")]})
    assert [(one.kind, one.doi, str(one.issued)) for one in found.updated_by] == [
        ("retraction", "10.5555/notice.1", "2025-02-06"),
        ("correction", "10.5555/notice.2", "2025-02-06"),
    ]


def test_two_things_that_we_have_no_word_for_are_two(client: Client, service: Service) -> None:
    found = read(client, service, **{"updated-by": [notice("addendum"), notice("clarification")]})
    assert [one.label for one in found.updated_by] == ["Addendum", "Clarification"]


def test_a_notice_is_not_what_it_says_of_another_paper(client: Client, service: Service) -> None:
    found = read(client, service, **{"update-to": [notice("retraction", "10.5555/another")]})
    assert found.updated_by == ()
    assert [(one.kind, one.doi) for one in found.update_to] == [("retraction", "10.5555/another")]


def test_a_withdrawal_that_takes_the_place_of_the_paper_is_about_the_paper(client: Client, service: Service) -> None:
    found = read(client, service, **{"update-to": [notice("withdrawal", DOI.upper())]})
    assert [(one.kind, one.doi) for one in found.updated_by] == [("withdrawal", DOI)]
    assert found.update_to == ()


def test_a_new_version_of_itself_is_one_notice(client: Client, service: Service) -> None:
    entries = [notice("new_version", DOI)]
    found = read(client, service, **{"updated-by": entries, "update-to": entries})
    assert [one.kind for one in found.updated_by] == ["new version"]
    assert found.update_to == ()


@pytest.mark.parametrize(
    ("fields", "kinds"),
    [
        ({"updated-by": None}, []),
        ({"updated-by": "retraction"}, []),
        ({"updated-by": notice("retraction")}, ["retraction"]),
        ({"updated-by": [None, 3, [], {}, {"type": "retraction"}]}, ["retraction"]),
        ({"updated-by": [{"DOI": 5, "type": "erratum", "updated": "soon"}]}, ["erratum"]),
    ],
)
def test_a_faulty_list_of_notices_gives_those_that_can_be_read(
    client: Client, service: Service, fields: dict[str, Any], kinds: list[str]
) -> None:
    assert [one.kind for one in read(client, service, **fields).updated_by] == kinds


@pytest.mark.parametrize("name", ["updated-by", "update-to"])
def test_a_list_of_notices_that_cannot_be_read_is_known_as_such(client: Client, service: Service, name: str) -> None:
    for wrong in [one for one in [*WRONG, notice("retraction")] if one != []]:
        service.replies_with(single(**{name: wrong}))
        client._kept.clear()
        found = find_work(client, DOI)
        assert found, wrong
        assert found.is_garbled, wrong
    for right in ([], [notice("retraction")], [notice("addendum"), notice("erratum")]):
        service.replies_with(listed(work(**{name: right})))
        client._kept.clear()
        assert not find_updates(client, [DOI])[DOI].is_garbled, right
    assert not read(client, service, title=None).is_garbled, "a record without notices"


@pytest.mark.parametrize("field", [name for name in work() if name not in {"publisher", "relation"}])
def test_a_field_of_the_wrong_type_spoils_no_other(client: Client, service: Service, field: str) -> None:
    whole = read(client, service)
    for number, value in enumerate(WRONG):
        service.replies_with(single(**{field: value}))
        found = find_work(client, f"10.5555/{number}")
        assert found, value
        if field not in {"DOI", "title"}:
            assert found.title == whole.title, value
        if field != "author":
            assert found.authors == whole.authors, value


@pytest.mark.parametrize(
    ("authors", "names"),
    [
        ([{"family": "Only"}, {"given": "Alone"}, {"name": "A Group"}, {}, None, 3], ["Only", "Alone", "A Group"]),
        ([{"given": 5, "family": "<b>Bold</b> &amp; Son"}], ["5 Bold & Son"]),
        ([{"given": None, "family": "None"}], ["None"]),
        ({"family": "Single"}, ["Single"]),
        ("Nobody", []),
    ],
)
def test_authors_are_those_who_can_be_read(client: Client, service: Service, authors: object, names: list[str]) -> None:
    assert [one.name for one in read(client, service, author=authors).authors] == names


def test_nothing_unseen_turns_a_title_round(client: Client, service: Service) -> None:
    assert read(client, service, title=["A\u202etrial\u2066 &#8238;of\x00 sitting\u2069"]).title == "Atrial of sitting"


@pytest.mark.parametrize(
    "answer", [{}, [], None, 5, "x", {"message": None}, {"message": []}, {"message": {}}, [[[[]]]]]
)
def test_an_answer_that_is_no_record_is_told(client: Client, service: Service, answer: object) -> None:
    service.replies_with(answer if isinstance(answer, dict | list) else Reply(json.dumps(answer)))
    with pytest.raises(ScholarlyError, match="Crossref sent an answer that cannot be read"):
        find_work(client, DOI)


def test_many_papers_are_asked_for_at_once(client: Client, service: Service) -> None:
    retracted = {"DOI": "10.5555/A", "title": ["A"], "updated-by": [notice("retraction")]}
    service.replies_with(listed(retracted, {"DOI": "10.5555/b"}, None, {"title": ["Without a DOI"]}), listed())
    found = find_updates(client, [f"10.5555/{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"] + ["doi:10.5555/A"])
    assert set(found) == {"10.5555/a", "10.5555/b"}
    assert [one.kind for one in found["10.5555/a"].updated_by] == ["retraction"]
    first, second = (question.query for question in service.asked)
    assert first["filter"].split(",") == [f"doi:10.5555/{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"[:20]]
    assert second["filter"].count("doi:") == 6
    assert first["rows"] == str(PAPERS_AT_ONCE)
    assert first["select"] == "DOI,title,type,update-to,updated-by"


def test_a_doi_with_a_comma_is_asked_for_alone(client: Client, service: Service) -> None:
    service.replies_with(single(DOI="10.5555/a,b"), listed(work()))
    assert set(find_updates(client, ["10.5555/a,b", DOI])) == {"10.5555/a,b", DOI}
    assert [question.path.partition("?")[0] for question in service.asked] == ["/works/10.5555%2Fa%2Cb", "/works"]


def test_no_papers_are_no_question(client: Client, service: Service) -> None:
    assert find_updates(client, []) == {}
    assert service.asked == []
