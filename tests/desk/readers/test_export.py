"""The list of subscribers as a file: whole, safe in a spreadsheet, never by a link, never all in memory."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest
from flask import Flask
from sqlalchemy import insert

from tests.page import PageClient
from tests.subscriptions.conftest import make_subscriber
from webapp.desk.activity.queries import latest_activities
from webapp.desk.readers.export import NAMES, csv_of
from webapp.desk.readers.queries import BATCH, confirmed_rows
from webapp.extensions import db
from webapp.models import Activity, Subscriber
from webapp.spreadsheets import BREAKS, FORMULA, safe

EXPORT = "/desk/subscribers/export"


def exported(client: PageClient) -> str:
    answer = client.post(EXPORT, data=client.page(EXPORT).values())
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=subscribers-2")
    return answer.get_data().decode("utf-8")


def rows_in(text: str) -> list[list[str]]:
    assert text.startswith("\ufeff"), "Excel knows by it that this is UTF-8"
    assert not text.replace("\r\n", "").count("\n")
    return list(csv.reader(io.StringIO(text[1:], newline="")))


def test_it_holds_what_was_agreed_to_of_all_who_confirmed(mira: PageClient) -> None:
    make_subscriber("ädä@example.org", topics=["pain", "skin"], frequency="monthly")
    make_subscriber("waiting@example.org", confirmed_at=None)
    make_subscriber("all@example.org")
    when = "2025-01-01 00:00:00 UTC"
    assert rows_in(exported(mira)) == [
        list(NAMES),
        ["ädä@example.org", "monthly", "pain skin", when, "2026-1", when],
        ["all@example.org", "weekly", "everything", when, "2026-1", when],
    ]


@pytest.mark.parametrize("address", ["=1+1@example.org", "+a@example.org", "-2+3@example.org", "=cmd|'/c_calc'!a@b.de"])
def test_no_address_is_a_formula(mira: PageClient, address: str) -> None:
    make_subscriber(address)
    assert rows_in(exported(mira))[1][0] == f"'{address}"


@pytest.mark.parametrize("first", [*FORMULA, *BREAKS, " =", "\u3000@"])
def test_no_cell_begins_as_a_formula_does(first: str) -> None:
    assert safe(f"{first}a1") == f"'{first}a1"


@pytest.mark.parametrize("number", ["-1.10", "-3", "0.5"])
def test_a_number_stays_one(number: str) -> None:
    assert safe(number) == number
    assert safe(f"{number}+1") == (f"'{number}+1" if number.startswith("-") else f"{number}+1")


@pytest.mark.parametrize("cell", ["ada@example.org", "2026-1", "pain skin", "", "a=1", "'a"])
def test_other_cells_stay_as_they_are(cell: str) -> None:
    assert safe(cell) == cell


def test_it_is_noted_with_how_many_and_not_who(mira: PageClient) -> None:
    make_subscriber("ada@example.org")
    mira.page(EXPORT)
    assert "Took out" not in latest_activities(1)[0].what
    exported(mira)
    assert latest_activities(1)[0].what == "Took out the list of 1 subscriber as a file."
    assert "ada@" not in " ".join(db.session.scalars(db.select(Activity.what)))


def test_no_link_and_no_other_form_gets_it(mira: PageClient, stranger: PageClient) -> None:
    make_subscriber("ada@example.org")
    assert "ada@" not in mira.get(EXPORT).text
    assert mira.post(EXPORT).status_code == 400
    values = mira.page("/desk/subscribers").values("form[action='/desk/subscribers']", part="a")
    assert mira.post(EXPORT, data=values).status_code == 400
    assert stranger.post(EXPORT, data=mira.page(EXPORT).values()).status_code == 401


def test_a_long_list_is_read_a_piece_at_a_time(app: Flask, statements: list[str]) -> None:
    now = dt.datetime.now(dt.UTC)
    same: dict[str, object] = {"topics": [], "frequency": "weekly", "consent_wording": "2026-1"}
    same |= dict.fromkeys(["consent_at", "confirmed_at", "created_at"], now)
    many = [same | {"address": f"{n}@example.org", "secret": str(n)} for n in range(2 * BATCH + 1)]
    db.session.execute(insert(Subscriber), many)
    db.session.commit()
    statements.clear()
    pieces = csv_of(confirmed_rows())
    assert len(next(pieces).splitlines()) == 1
    assert len(next(pieces).splitlines()) == BATCH
    assert len(statements) == 1, "the rest was not read yet"
    assert [len(piece.splitlines()) for piece in pieces] == [BATCH, 1]
    assert len(statements) == 4
