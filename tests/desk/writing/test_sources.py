"""Where a finding comes from is written down beside it, and goes where it goes."""

from __future__ import annotations

import pytest

from tests.desk.writing.test_findings import told_while_typing
from tests.desk.writing.test_pasted import BROKEN, WHOLE
from tests.desk.writing.test_writing import FORM, STUDY, begin, newest, press
from tests.factories import make_categories, make_outcome, make_summary, make_summary_file, make_topic_file
from tests.page import PageClient
from webapp.documents.actions import save_revision
from webapp.documents.schema import canonical
from webapp.extensions import db
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


def advice(client: PageClient, url: str, id_: str) -> list[str]:
    found = client.page(url).texts(f"#{id_}-findings .finding")
    return [one.removeprefix("Advice. ") for one in found if one.startswith("Advice.")]


def test_one_line_says_which_findings_have_numbers_and_no_source(mira: PageClient, whole: str) -> None:
    document = db.session.get(Document, int(whole.rpartition("/")[2]))
    assert document
    content = newest(whole).content | {
        "key_findings": ["Of 20, 4 walked.", "Nobody fell.", "Of 20, 3 ran.", "Of 20, 2."]
    }
    save_revision(document, content, by="Mira", base=1, version=3)
    assert advice(mira, whole, "f-key_findings") == [], "an older text is left in peace"
    press(mira, whole, "save", title="Written on")
    [told] = advice(mira, whole, "f-key_findings")
    assert told == "Key findings 1, 3 and 4 have numbers, and do not say where they come from."
    press(mira, whole, "save", **fields(0), **fields(2))
    assert advice(mira, whole, "f-key_findings") == [
        "Key finding 4 has numbers, and does not say where they come from."
    ]
    assert not mira.page(whole).select(".finding-stop"), "it never stops"


def test_a_number_that_another_record_gave_is_told_and_one_that_is_quoted_is_not(mira: PageClient) -> None:
    make_categories()
    outcomes = [
        make_outcome(source="PubMed 1", effect={"kind": "mean difference", "value": "4.5"}),
        make_outcome(name="Sleep", source={"where": "pubmed  2", "place": "Table 77"}, when="after 31 days"),
    ]
    findings = [
        {"text": "It rose by 4.5 points.", "source": "PubMed 1"},
        {"text": "It rose by 4.5 points, after 31 days.", "source": "PubMed 2"},
        {"text": "It rose by 4.5 points in 40 people.", "source": {"where": "PubMed 2", "quote": "by 4.5 points"}},
        {"text": "It rose by 812 points.", "source": {"where": "PubMed 2", "quote": "by 812 points"}},
        {"text": "It rose by 77 points.", "source": "PubMed 2"},
    ]
    file = make_summary_file("arms", study=STUDY | {"outcomes": outcomes}, key_findings=findings)
    document = Document(kind="summary", key=file.key, language="en")
    save_revision(document, canonical(file.content, file.key), by="Mira")
    told = [advice(mira, f"/desk/documents/{document.id}", f"f-key_findings-{row}") for row in range(5)]
    assert told[0] == told[2] == told[3] == []
    assert told[1] == ["“4.5”. What was measured according to PubMed 2 does not have it. Is this the right record?"]
    assert told[4] == ["“77”. This number is not in the facts of the study. Hold it against the paper."]


def test_a_statement_is_held_against_the_summaries_it_rests_on(mira: PageClient) -> None:
    make_categories()
    make_summary(study={"outcomes": [make_outcome()]})
    statement = {"name": "A", "certainty": "low", "text": "It helped 4,711 of 40.", "rests_on": ["arm-training"]}
    other = statement | {"name": "B", "text": "It helped some.", "outcomes": ["Arm strength", "Leg strength"]}
    file = make_topic_file(statements=[statement, other, statement | {"rests_on": ["not-there"]}])
    document = Document(kind="topic", key=file.key, language="en")
    save_revision(document, canonical(file.content, file.key), by="Mira")
    url = f"/desk/documents/{document.id}"
    assert advice(mira, url, "f-statements") == [
        "Statements 1 and 3 have numbers, and do not say where they come from."
    ]
    assert [one.split(" Go to")[0] for row in range(3) for one in advice(mira, url, f"f-statements-{row}")] == [
        "Statement 1, Text: “4,711”. The summaries this rests on do not have this. Hold it against them.",
        "Statement 2, Where this comes from: “Leg strength”. No summary this rests on has an outcome of this name.",
    ]
