"""Where a finding comes from is written down beside it, and goes where it goes."""

from __future__ import annotations

import pytest

from tests.desk.writing.test_findings import told_while_typing
from tests.desk.writing.test_pasted import BROKEN, WHOLE
from tests.desk.writing.test_writing import FORM, STUDY, begin, newest, press
from tests.factories import make_categories, make_summary_file
from tests.page import PageClient
from webapp.documents.actions import save_revision
from webapp.documents.schema import canonical
from webapp.models import Document

SOURCE = {"where": "PubMed 1", "read": "abstract", "place": "Results", "quote": "a bit stronger"}


@pytest.fixture
def whole(mira: PageClient) -> str:
    """A summary with an outcome."""
    make_categories()
    file = make_summary_file("arms", study=STUDY, harms="Nobody fell.")
    document = Document(kind="summary", key=file.key, language="en")
    save_revision(document, canonical(file.content, file.key), by="Mira")
    return f"/desk/documents/{document.id}"


def fields(row: int, **values: str) -> dict[str, str]:
    """The fields of a source of a key finding."""
    typed = SOURCE | values
    return {f"key_findings.{row}.source": typed.pop("where")} | {
        f"key_findings.{row}.source.{name}": value for name, value in typed.items()
    }


def with_two(client: PageClient) -> str:
    url = begin(client, "summary", "Arms")
    for row, text in enumerate(("First.", "Second.")):
        way = press(client, url, "add:key_findings").location
        press(client, way, "save", **{f"key_findings.{row}": text})
    return url


def test_a_source_is_kept_beside_its_finding_and_moves_with_it(mira: PageClient) -> None:
    url = with_two(mira)
    press(mira, url, "save", **fields(1))
    assert newest(url).content["key_findings"] == ["First.", {"text": "Second.", "source": SOURCE}]
    press(mira, url, "up:key_findings:1")
    assert newest(url).content["key_findings"] == [{"text": "Second.", "source": SOURCE}, "First."]
    assert mira.page(url).values(FORM)["key_findings.0.source.place"] == "Results"
    undo = press(mira, url, "remove:key_findings:0").location
    assert newest(url).content["key_findings"] == ["First."]
    [button] = mira.page(undo).select("button[value^='back:key_findings:0']")
    press(mira, undo, button.get("value"))
    assert newest(url).content["key_findings"] == [{"text": "Second.", "source": SOURCE}, "First."]


def test_opening_and_saving_changes_nothing_and_an_emptied_source_is_gone(mira: PageClient) -> None:
    url = with_two(mira)
    press(mira, url, "save", **fields(0))
    before = newest(url).content
    press(mira, url, "save")
    assert newest(url).content == before
    press(mira, url, "save", **dict.fromkeys(fields(0), ""))
    assert newest(url).content["key_findings"] == ["First.", "Second."]


def test_each_fold_says_whose_it_is_and_whether_anything_is_in_it(mira: PageClient) -> None:
    url = with_two(mira)
    press(mira, url, "save", **fields(1))
    folds = mira.page(url).texts("#f-key_findings details summary")
    assert [one for one in folds if "come from" in one] == [
        "Key finding 1: where does this come from? Not written down",
        "Key finding 2: where does this come from? Written down",
    ]


def test_a_long_quotation_stops_at_its_finding_and_opens_its_fold(mira: PageClient) -> None:
    url = with_two(mira)
    press(mira, url, "save", **fields(1, quote="word " * 26))
    page = mira.page(url)
    [told] = page.texts("#f-key_findings-1-findings .finding-stop")
    assert "A quotation has at most 25 words, and this one has 26" in told
    assert page.select("#f-key_findings-1-source-quote"), "the way to it leads there"
    assert page.one("#f-key_findings-1-findings .finding-stop a").get("href") == "#f-key_findings-1-source-quote"
    assert len(page.select("#f-key_findings details[open]")) == 1


def test_the_source_of_an_outcome_is_its_record_with_more_beside_it(mira: PageClient, whole: str) -> None:
    assert mira.page(whole).values(FORM)["study.outcomes.0.source"] == "PubMed 1"
    press(mira, whole, "save")
    assert newest(whole).content["study"]["outcomes"][0]["source"] == "PubMed 1", "as it was"
    press(mira, whole, "save", **{"study.outcomes.0.source.read": "registry"})
    assert newest(whole).content["study"]["outcomes"][0]["source"] == {"where": "PubMed 1", "read": "registry"}


def test_a_wording_and_joined_lines_leave_the_source_as_it_is(mira: PageClient, whole: str) -> None:
    claim = "The trial proves that arm training works."
    press(mira, whole, "save", **{"key_findings.0": claim, **fields(0)})
    [button, *_] = mira.page(whole).select("#f-key_findings-0-findings .wording button")
    press(mira, whole, button.get("value"))
    [row, *_] = newest(whole).content["key_findings"]
    assert row["text"] != claim
    assert row["source"] == SOURCE
    press(mira, whole, "save", **{"key_findings.0": BROKEN})
    press(mira, whole, "join:key_findings.0")
    assert newest(whole).content["key_findings"][0] == {
        "text": WHOLE,
        "source": SOURCE,
    }


def test_whatever_is_wrong_while_typing_is_told_at_the_finding(mira: PageClient, whole: str) -> None:
    told = told_while_typing(mira, whole, **fields(0, where=""))
    assert told["#f-key_findings-0-findings"].texts(".finding-stop") == [
        "Stops publishing. Key finding 1, Paper or record: Is missing. Go to Key finding 1, Paper or record"
    ]
