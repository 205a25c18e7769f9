"""All summaries as JSON and CSV: whole, explained field by field, safe in a spreadsheet, and never all in memory."""

from __future__ import annotations

import csv
import io
import json
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from tests.factories import (
    make_categories,
    make_correction,
    make_documents,
    make_outcome,
    make_summary,
    make_summary_file,
)
from tests.page import PageClient
from tests.scholarly.answers import TRIAL
from tests.watch.trials.making import hear
from webapp import clock
from webapp.data import queries, routes
from webapp.data.files import COLUMNS, as_csv, as_json
from webapp.data.queries import Whole, whole_summaries
from webapp.documents.actions import unpublish
from webapp.documents.queries import document_named
from webapp.extensions import db
from webapp.page_cache import memory

JSON, CSV = "/data/summaries.json", "/data/summaries.csv"
EFFECT = {"kind": "mean difference", "value": "-1.10", "low": "-2.0", "high": "-0.2", "p": "0.03"}
GROUPS = [{"name": "arm training", "people": 20, "mean": "5.10"}, {"name": "usual care", "people": 20}]


def in_json(client: PageClient) -> dict[str, Any]:
    response = client.get(JSON)
    assert response.content_type == "application/json"
    found: dict[str, Any] = json.loads(response.data)
    return found


def in_csv(client: PageClient) -> list[dict[str, str]]:
    response = client.get(CSV)
    assert response.content_type == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"] == "attachment; filename=summaries.csv"
    text = response.data.decode("utf-8")
    assert text.startswith("\ufeff"), "Excel knows by it that this is UTF-8"
    rows = csv.DictReader(io.StringIO(text[1:], newline=""), strict=True)
    assert rows.fieldnames == list(COLUMNS)
    return list(rows)


@pytest.fixture
def library(app: Flask, client: PageClient) -> PageClient:
    """A site of one summary with two outcomes, one without any, a draft, and one that was taken down."""
    make_categories()
    outcomes = [make_outcome(effect=EFFECT, groups=GROUPS), make_outcome(name="Pain", role="harm")]
    make_documents(
        make_summary_file("whole", {"outcomes": outcomes, "doi": "10.1234/a", "injury_phases": ["chronic"]}),
        make_summary_file("bare"),
        make_summary_file("draft", draft=True),
        make_summary_file("gone"),
    )
    gone = document_named("summary", "gone")
    assert gone
    unpublish(gone, "It was wrong.")
    return client


def test_json_holds_each_public_summary_with_all_that_was_measured(library: PageClient) -> None:
    found = in_json(library)
    assert {name: found[name] for name in ("version", "site", "documentation")} == {
        "version": 1,
        "site": "Spinal Cord Research Help",
        "documentation": "https://example.org/data",
    }
    summaries = {one["key"]: one for one in found["summaries"]}
    assert summaries.keys() == {"whole", "bare"}
    whole, bare = summaries["whole"], summaries["bare"]
    assert whole["url"].startswith("https://example.org/research/")
    assert library.get(whole["url"].removeprefix("https://example.org")).status_code == 200
    assert (whole["result"], whole["result_words"]) == ("better", "Did better than usual care")
    assert (whole["level"], whole["level_words"]) == (2, "Strong kind of study (step 2 of 5, 1 is strongest).")
    assert (whole["stage"], whole["caution"]) == ("larger-trials", None)
    assert (whole["phases"], whole["categories"]) == (["chronic"], ["hand-and-arm-use"])
    assert (whole["published"], whole["paper"]["doi"], whole["paper"]["participants"]) == (
        "2026-01-15",
        "10.1234/a",
        40,
    )
    first, second = whole["outcomes"]
    assert (first["effect"]["value"], first["groups"][0]["mean"]) == ("-1.10", "5.10"), "with the digits of the paper"
    assert (second["name"], second["role"], second["effect"]) == ("Pain", "harm", None)
    assert (bare["result"], bare["outcomes"], bare["paper"]["doi"]) == (None, [], None)


def test_csv_has_a_row_for_each_outcome(library: PageClient) -> None:
    rows = in_csv(library)
    assert sorted((row["key"], row["outcome_name"]) for row in rows) == [
        ("bare", ""),
        ("whole", "Arm strength"),
        ("whole", "Pain"),
    ]
    row = next(row for row in rows if row["outcome_name"] == "Arm strength")
    assert row["outcome_groups"] == "arm training (people 20, mean 5.10); usual care (people 20)"
    assert (row["effect_value"], row["effect_ours"]) == ("-1.10", "no")
    assert (row["level"], row["paper_participants"], row["phases"]) == ("2", "40", "chronic")


def test_what_was_read_of_a_record_is_told_beside_it(app: Flask, client: PageClient) -> None:
    make_categories()
    source = {"where": "PubMed 1", "read": "registry", "place": "Table 2", "quote": "a bit"}
    make_summary(study={"outcomes": [make_outcome(source=source), make_outcome(name="Sleep")]})
    told = [
        (one["source"], one["source_read"], one["source_place"]) for one in in_json(client)["summaries"][0]["outcomes"]
    ]
    assert told == [("PubMed 1", "registry", "Table 2"), ("PubMed 1", None, None)]
    assert [row["outcome_source_read"] for row in in_csv(client)] == ["registry", ""]


def test_a_withdrawn_paper_and_a_correction_of_ours_are_told(app: Flask, client: PageClient) -> None:
    make_categories()
    notice = {"kind": "retraction", "issued": "2024-03", "reasons": ["Made-up data."]}
    make_summary("taken-back", title="Retracted: arms", study={"notice": notice})
    make_summary("ours")
    correction = make_correction("ours", "It said 9 people; there were 8.")
    found = {one["key"]: one for one in in_json(client)["summaries"]}
    assert (found["taken-back"]["result"], found["taken-back"]["level"]) == ("withdrawn", None)
    assert found["taken-back"]["paper"]["notice"]["kind"] == "retraction"
    on = correction.corrected_at.date().isoformat()
    assert found["ours"]["corrections"] == [{"on": on, "sentence": "It said 9 people; there were 8."}]
    rows = {row["key"]: row for row in in_csv(client)}
    assert rows["taken-back"]["paper_notice"] == "kind retraction, issued 2024-03, reasons Made-up data."
    assert rows["ours"]["corrections"] == f"on {on}, sentence It said 9 people; there were 8."


def test_the_terms_of_use_are_those_of_the_settings(
    library: PageClient, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = [in_json(library)["terms"], in_csv(library)[0]["terms"]]
    assert said == ["Please ask us before you use them."] * 2
    assert said[0] in library.page("/data").texts("main p")
    monkeypatch.setitem(app.config, "DATA_TERMS", "CC BY 4.0, <b>please</b>.")
    said = [in_json(library)["terms"], in_csv(library)[0]["terms"]]
    assert said == ["CC BY 4.0, <b>please</b>."] * 2
    assert said[0] in library.page("/data").texts("main p")


def names_in(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for name, one in value.items():
            yield name
            yield from names_in(one)
    if isinstance(value, list):
        for one in value:
            yield from names_in(one)


def test_the_page_explains_every_field(shipped: PageClient) -> None:
    found = in_json(shipped)
    assert len(found["summaries"]) == 74
    names = set(names_in(found))
    assert {"notice", "reasons", "spread", "ours", "caution"} <= names
    explained = {name.strip(" :") for name in shipped.page("/data").texts("main strong")}
    assert names <= explained
    assert {name.partition("_")[0] for name in COLUMNS} - names - {"paper", "outcome"} <= {"level", "reading", "result"}
    for path in (JSON, CSV):
        assert shipped.page("/data").select(f"main a[href='{path}']")
    assert shipped.page("/about").select("main a[href='/data']")


def test_every_shipped_outcome_is_in_both_files(shipped: PageClient) -> None:
    outcomes = [
        (one["key"], outcome["name"], outcome["direction"])
        for one in in_json(shipped)["summaries"]
        for outcome in one["outcomes"]
    ]
    rows = [row for row in in_csv(shipped) if row["outcome_name"]]
    assert len(outcomes) > 200
    assert [(row["key"], row["outcome_name"], row["outcome_direction"]) for row in rows] == outcomes


@pytest.mark.parametrize("text", ["=1+1", "+1 a", "-2+3", "@SUM(A1)", "=cmd|'/c calc'!A1", " =1+1"])
def test_no_text_is_a_formula(app: Flask, client: PageClient, text: str) -> None:
    make_categories()
    summary = make_summary("formula", study={"outcomes": [make_outcome()]})
    summary.title = summary.description = summary.study.title = summary.study.population = text
    db.session.commit()
    (row,) = in_csv(client)
    assert {row[name] for name in ("title", "description", "paper_title", "paper_population")} == {f"'{text}"}
    assert in_json(client)["summaries"][0]["title"] == text, "no spreadsheet reads this one"


def test_no_text_breaks_either_file(app: Flask, client: PageClient) -> None:
    make_categories()
    text = '", \r\n</script> \x00\u2028 "]}; \\'
    summary = make_summary("odd")
    summary.title = text
    db.session.commit()
    assert in_json(client)["summaries"][0]["title"] in {text, text.replace("\0", "")}  # some databases hold no NUL
    assert [row["key"] for row in in_csv(client)] == ["odd"]


def test_an_empty_site_gives_empty_files(client: PageClient) -> None:
    assert in_json(client)["summaries"] == []
    assert in_csv(client) == []


# A large library: written while it is sent. `buffered`: as a server does, the client closes what it has read.


@pytest.fixture
def large(library: PageClient, app: Flask, monkeypatch: pytest.MonkeyPatch) -> PageClient:
    """The same site, which takes itself for a large one and keeps pages."""
    monkeypatch.setattr(routes, "MOST_KEPT", 1)
    monkeypatch.setattr(queries, "AT_ONCE", 1)
    monkeypatch.setitem(app.extensions, "page_cache", memory.PageCache(1_000_000))
    return library


@pytest.mark.parametrize("url", [JSON, CSV])
def test_a_small_file_is_kept_like_a_page(
    library: PageClient, app: Flask, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setitem(app.extensions, "page_cache", memory.PageCache(1_000_000))
    first = library.get(url)
    assert first.content_length == len(first.data)
    monkeypatch.setattr(app, "full_dispatch_request", None)
    assert library.get(url).data == first.data


@pytest.mark.parametrize("url", [JSON, CSV])
def test_a_large_file_is_streamed_kept_nowhere_and_the_same(
    large: PageClient, app: Flask, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    response = large.get(url, buffered=False)
    assert response.content_length is None
    assert "public" in response.headers["Cache-Control"]
    streamed = response.data
    response.close()
    assert large.get(url, buffered=True).headers["ETag"] == response.headers["ETag"]
    assert app.extensions["page_cache"]._pages.currsize == 0
    monkeypatch.setattr(routes, "MOST_KEPT", 10)
    assert large.get(url, buffered=True).data == streamed


@pytest.mark.parametrize("url", [JSON, CSV])
def test_who_has_the_large_file_is_told_so_without_its_being_read(large: PageClient, app: Flask, url: str) -> None:
    etag = large.get(url, buffered=True).headers["ETag"]
    sent: list[str] = []
    engine = db.engine
    event.listen(engine, "before_cursor_execute", lambda *asked: sent.append(asked[2]))
    again = large.get(url, buffered=True, headers={"If-None-Match": etag})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", etag)
    assert not [one for one in sent if "outcomes" in one]
    make_summary("news")
    assert large.get(url, buffered=True, headers={"If-None-Match": etag}).status_code == 200


def test_only_a_few_large_files_are_sent_at_a_time_and_each_turn_is_given_back(large: PageClient) -> None:
    on_the_way = [large.get(JSON, buffered=False) for _ in range(routes.AT_A_TIME)]
    refused = large.get(JSON, buffered=True)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")
    for response in on_the_way:
        response.close()
    for _ in range(routes.AT_A_TIME * 2):
        etag = large.get(JSON, buffered=True).headers["ETag"]
        assert large.get(JSON, buffered=True, headers={"If-None-Match": etag}).status_code == 304
        assert large.head(JSON, buffered=True).status_code == 200


def test_the_number_of_statements_follows_the_parts_not_the_summaries(
    library: PageClient, statements: list[str]
) -> None:
    counts: list[int] = []
    for _ in range(2):
        statements.clear()
        assert sum(map(len, whole_summaries())) == 2 + len(counts)
        counts.append(len(statements))
        make_summary("more")
    assert counts[0] == counts[1] <= 7


@pytest.mark.parametrize("form", [as_json, as_csv])
def test_a_large_library_takes_no_more_memory(library: PageClient, app: Flask, form: Any) -> None:
    (part,) = whole_summaries()

    def many() -> Iterator[list[Whole]]:
        for _ in range(20):
            yield part * 100

    with app.test_request_context():
        tracemalloc.start()
        size = sum(map(len, form(many())))
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert size > 2_000_000
    assert most < 1_000_000, most


def test_what_the_registry_says_of_a_trial_is_given_with_its_day(app: Flask, client: PageClient) -> None:
    make_categories()
    make_summary("walk", study={"registrations": [TRIAL, "NCT09990002"]})
    hear("COMPLETED")
    today = clock.today().isoformat()
    assert in_json(client)["summaries"][0]["trials"] == [{"number": TRIAL, "status": "COMPLETED", "on": today}]
    assert in_csv(client)[0]["trials"] == f"number {TRIAL}, status COMPLETED, on {today}"
