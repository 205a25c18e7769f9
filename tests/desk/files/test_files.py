"""Documents out as one zip, and in again: looked at first, as drafts or published, never twice."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.conftest import Forward
from tests.desk.conftest import enter
from tests.desk.files.zips import sent, zipped
from tests.factories import File, make_categories, make_documents, make_summary, make_summary_file
from tests.page import Page, PageClient, words
from webapp.desk.files import actions, uploads
from webapp.desk.writing.actions import save
from webapp.documents.actions import unpublish
from webapp.documents.queries import document_named, newest_revision
from webapp.documents.schema import canonical
from webapp.extensions import db
from webapp.library.files import write
from webapp.models import Account, Activity, Document, Term
from webapp.tasks import delete_old_uploads

URL = "/desk/files"
ARMS = "summaries/arms.md"


@pytest.fixture(autouse=True)
def _categories(app: Flask) -> None:
    make_categories("pain", "hand-and-arm-use")


def text_of(file: File, **state: Any) -> bytes:
    return write("summary", canonical(file.content, file.key), version=1, **state).encode()


def arms(**changes: Any) -> bytes:
    return text_of(make_summary_file("arms", **changes))


def send(client: PageClient, files: dict[str, bytes]) -> Any:
    values: dict[str, Any] = dict(client.page(URL).values("form[enctype]"))
    return client.post(URL, data=values | {"files": [(io.BytesIO(text), name) for name, text in files.items()]})


def looked_at(client: PageClient, files: dict[str, bytes], how: str = "") -> str:
    """The address at which they are looked at."""
    answer = send(client, {"all.zip": zipped(files)})
    assert answer.status_code == 303, words(Page(answer.text).one("main"))
    return f"{answer.location}{how}"


def bring_in(client: PageClient, url: str, **changes: str) -> Any:
    return client.post(url, data=client.page(url).values(f'form[action="{url}"]', **changes))


def result(client: PageClient, url: str) -> Any:
    return client.page(url).one("main [role=status]")


def lines() -> list[str]:
    return [f"{one.who}: {one.what}" for one in db.session.scalars(select(Activity).order_by(Activity.id))]


def lying(app: Flask) -> list[Path]:
    return list((Path(app.instance_path) / uploads.FOLDER).rglob("*"))


def keys() -> dict[str, bool]:
    db.session.expire_all()
    found = db.session.scalars(select(Document).where(Document.kind == "summary"))
    return {document.key: document.live_revision_id is not None for document in found}


# In


def test_files_are_looked_at_and_change_nothing(mira: PageClient) -> None:
    make_summary("legs")
    url = looked_at(mira, {ARMS: arms(), "summaries/legs.md": text_of(make_summary_file("legs"))})
    page = mira.page(url)
    assert page.texts("main .lead")[0].startswith(
        "1 new, 0 changed, 1 as they are here already. Nothing is changed yet."
    )
    assert "As drafts, readers see nothing of them." in words(page.one("main"))
    assert keys() == {"legs": True}
    new = mira.page(page.one("#new ~ ul a").get("href"))
    assert "It is new here." in words(new.one(".lead"))
    assert new.select("ins")


def test_as_drafts_nothing_goes_live_and_a_second_press_does_nothing(mira: PageClient) -> None:
    make_summary("legs")
    changed = text_of(make_summary_file("legs", title="Legs got no better"))
    url = looked_at(mira, {ARMS: arms(), "summaries/legs.md": changed})
    form = mira.page(url).values(f'form[action="{url}"]')
    answer = mira.post(url, data=form)
    assert (answer.status_code, answer.location) == (303, url)
    assert "1 new document, 1 changed one, 0 as they were. All were saved as drafts" in words(
        mira.page(url).one("main")
    )
    assert keys() == {"arms": False, "legs": True}
    legs = document_named("summary", "legs")
    assert legs
    revision = newest_revision(legs)
    assert revision
    assert (revision.number, revision.saved_by, revision.content["title"]) == (2, "Mira", "Legs got no better")
    assert legs.live_revision_id != revision.id
    assert lines()[-1] == "Mira: Brought in 2 documents from files, as drafts."
    assert mira.post(url, data=form).location == url
    assert lines()[-1] == "Mira: Brought in 2 documents from files, as drafts."
    assert len([line for line in lines() if "Brought in" in line]) == 1
    assert newest_revision(legs).number == 2  # type: ignore[union-attr]


def test_published_as_the_files_say(mira: PageClient) -> None:
    later = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=9)
    files = {
        ARMS: arms(),
        "later.md": text_of(make_summary_file("later", date=later, study={"title": "Later"})),
        "draft.md": text_of(make_summary_file("draft"), is_draft=True),
    }
    url = looked_at(mira, files, "?how=publish")
    page = mira.page(url)
    assert "Readers see these texts as soon as you press the button." in words(page.one("main"))
    told = " ".join(page.texts("#new ~ ul li"))
    for sentence in ("Readers see it at once.", "published on the day it names", "saved as a draft"):
        assert sentence in told
    assert bring_in(mira, url).status_code == 303
    assert keys() == {"arms": True, "later": False, "draft": False}
    assert document_named("summary", "later").go_live_at  # type: ignore[union-attr]
    assert mira.get("/research/a-trial-of-arm-training-arms").status_code == 200


def test_a_file_with_a_fault_is_refused_with_its_line_and_the_others_come_in(mira: PageClient) -> None:
    broken = arms().replace(b"design: rct", b"design: magic")
    files = {ARMS: arms(), "b/broken.md": broken, "latin.md": "---\ntitle: \xe9\n---".encode("latin-1"), "x.txt": b"x"}
    url = looked_at(mira, files, "?how=publish")
    page = mira.page(url)
    refused = words(page.one("section[aria-labelledby=refused]"))
    line = broken.decode().split("\n").index("  design: magic") + 1
    assert f"b/broken.md Line {line}, study.design: " in refused
    assert "latin.md Line 1, file: is not UTF-8 text. Save it as UTF-8." in refused
    assert "x.txt is left out" in words(page.one("section[aria-labelledby=left-out]"))
    assert str(mira.application.instance_path) not in page.html
    bring_in(mira, url)
    assert keys() == {"arms": True}


def test_a_file_that_rests_on_a_refused_one_is_refused_too(mira: PageClient) -> None:
    broken = text_of(make_summary_file("legs")).replace(b"design: rct", b"design: magic")
    leans = arms(related=[{"summary": "legs", "adds": "The same in legs."}])
    page = mira.page(looked_at(mira, {ARMS: leans, "legs.md": broken}, "?how=publish"))
    assert page.texts("section[aria-labelledby=refused] h3") == ["legs.md", ARMS]
    assert "There is nothing to bring in." in page.texts("main p")


def test_what_was_written_here_since_stays_unless_it_is_ticked(mira: PageClient) -> None:
    make_summary("arms")
    document = document_named("summary", "arms")
    account = db.session.scalar(select(Account))
    assert document
    assert account
    revision = newest_revision(document)
    assert revision
    content = {**revision.content, "title": "Written at the desk"}
    save(account, document, content, base=1, digest=revision.digest, sitting=None)
    url = looked_at(mira, {ARMS: arms(title="From a file")})
    page = mira.page(url)
    assert "It was written on here since it last came from a file." in words(page.one("main"))
    difference = mira.page(page.one("#changed ~ ul a").get("href"))
    assert "Written at the desk" in difference.html.replace("</del>", "") or difference.select("del")
    bring_in(mira, url)
    assert newest_revision(document).content["title"] == "Written at the desk"  # type: ignore[union-attr]
    url = looked_at(mira, {ARMS: arms(title="From a file")})
    bring_in(mira, url, replace="y")
    assert newest_revision(document).content["title"] == "From a file"  # type: ignore[union-attr]


def test_what_was_taken_down_stays_down(mira: PageClient) -> None:
    make_summary("arms")
    unpublish(document_named("summary", "arms"), "It was wrong.")  # type: ignore[arg-type]
    url = looked_at(mira, {ARMS: arms(title="Arms once more")}, "?how=publish")
    assert "taken down here, and stays so" in words(mira.page(url).one("main"))
    bring_in(mira, url)
    assert keys() == {"arms": False}


def test_what_changed_since_it_was_looked_at_is_said_and_nothing_comes_in(mira: PageClient) -> None:
    make_summary("arms")
    url = looked_at(mira, {ARMS: arms(title="From a file"), "legs.md": text_of(make_summary_file("legs"))})
    values = mira.page(url).values(f'form[action="{url}"]')
    make_documents(make_summary_file("arms", title="Another load"))
    answer = mira.post(url, data=values)
    assert answer.status_code == 409
    page = Page(answer.text)
    assert "Something here has changed since you looked" in words(page.one("[role=alert]"))
    assert keys() == {"arms": True}
    assert mira.post(url, data=page.values(f'form[action="{url}"]')).status_code == 303
    assert "legs" in keys()


def test_a_list_comes_in_only_where_it_is_published(mira: PageClient) -> None:
    terms = b"- term: spasm\n  definition: A tight muscle.\n"
    url = looked_at(mira, {"glossary.yml": terms})
    page = mira.page(url)
    assert "glossary.yml is left out: a list has no draft." in words(page.one("section[aria-labelledby=left-out]"))
    assert "There is nothing to bring in." in page.texts("main p")
    url = f"{url}?how=publish"
    assert "The lists change 0 categories and 1 word of the glossary." in mira.page(url).texts("main p")
    assert mira.get("/glossary/spasm").status_code == 404, "to look changes nothing"
    bring_in(mira, url)
    assert mira.get("/glossary/spasm").status_code == 200


def test_a_list_that_changes_what_was_changed_here_is_refused_with_its_line(mira: PageClient) -> None:
    one = b"- term: spasm\n  definition: A tight muscle.\n"
    bring_in(mira, f"{looked_at(mira, {'glossary.yml': one})}?how=publish")
    [term] = db.session.scalars(select(Term).where(Term.slug == "spasm"))
    term.definition = "A muscle that cramps."
    db.session.commit()
    url = f"{looked_at(mira, {'glossary.yml': one.replace(b'tight', b'stiff')})}?how=publish"
    refused = words(mira.page(url).one("section[aria-labelledby=refused]"))
    assert "was changed on this site since it was loaded. Change it at the desk, where the list stands" in refused
    assert "There is nothing to bring in." in mira.page(url).texts("main p")


def test_an_upload_is_its_sessions_alone_and_goes_after_a_day(
    app: Flask, mira: PageClient, stranger: PageClient, forward: Forward
) -> None:
    url = looked_at(mira, {ARMS: arms()})
    enter(stranger, "Ada")
    for address in (url, f"{url}/0"):
        assert stranger.get(address).location == f"{URL}?said=gone"
    values = {"csrf_token": stranger.page("/desk/settings").values()["csrf_token"]}
    assert stranger.post(url, data=values).status_code in {303, 400}
    assert mira.get(url).status_code == 200
    forward(dt.timedelta(hours=25))
    assert mira.get(url).location == f"{URL}?said=gone"
    assert "Please choose them again." in words(mira.page(f"{URL}?said=gone").one("[role=status]"))
    delete_old_uploads(None)  # type: ignore[arg-type]
    assert lying(app) == []


def test_only_so_many_lie_there(app: Flask) -> None:
    for _ in range(uploads.MOST + 3):
        uploads.receive(sent(arms(), "arms.md"), Path(app.instance_path), "me")
    assert len(list((Path(app.instance_path) / uploads.FOLDER).iterdir())) == uploads.MOST


def test_files_can_be_put_away(app: Flask, mira: PageClient) -> None:
    url = looked_at(mira, {ARMS: arms()})
    values = mira.page(url).values(f'form[action="{url}/discard"]')
    assert mira.post(f"{url}/discard", data=values).location == f"{URL}?said=discarded"
    assert mira.post(f"{url}/discard", data=values).status_code == 303
    assert lying(app) == []


def test_two_presses_at_once_bring_in_once(app: Flask, mira: PageClient) -> None:
    url = looked_at(mira, {ARMS: arms()})
    values = mira.page(url).values(f'form[action="{url}"]')
    folder = Path(app.instance_path) / uploads.FOLDER / url.rpartition("/")[2]
    (folder / "taken").touch()
    assert mira.post(url, data=values).location == url
    assert keys() == {}
    assert mira.page(url).h1 == "The files are being brought in"


@pytest.mark.parametrize("files", [{}, {"a.png": b"x"}, {"all.zip": b"no zip"}])
def test_what_cannot_be_read_is_said_beside_the_field(app: Flask, mira: PageClient, files: dict[str, bytes]) -> None:
    answer = send(mira, files)
    assert answer.status_code == 422
    assert Page(answer.text).texts("#error-summary li")
    assert lying(app) == []


def test_only_here_a_request_may_be_large(app: Flask, mira: PageClient) -> None:
    assert send(mira, {"a.md": b"x" * 200_000}).status_code == 303, "the file is refused, not the request"
    body = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.md"\r\n\r\n' + b"x" * 11_000_000
    answer = mira.post(URL, data=body, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 413
    assert "more than 10 megabytes" in Page(answer.text).texts("#error-summary li")[0]
    values = mira.page("/desk/settings").values(name="x" * 100_000)
    assert mira.post("/desk/settings", data=values).status_code == 413


def test_a_full_disk_keeps_nothing_of_an_upload(app: Flask, mira: PageClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("webapp.desk.files.unpacking.write_private_file", full)
    answer = send(mira, {"arms.md": arms()})
    assert answer.status_code == 422
    assert "No space left on device. Nothing was changed." in words(Page(answer.text).one("#error-summary"))
    assert lying(app) == []


# Out


def download(client: PageClient) -> Any:
    values = client.page(URL).values(f'form[action="{URL}/documents.zip"]')
    return client.post(f"{URL}/documents.zip", data=values, buffered=True)


def test_all_documents_leave_as_one_zip_and_come_back_as_they_are(app: Flask, mira: PageClient) -> None:
    make_summary("arms")
    make_documents(make_summary_file("legs", draft=True))
    answer = download(mira)
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=documents-")
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    names = {name.removeprefix("documents/") for name in zipfile.ZipFile(io.BytesIO(answer.data)).namelist()}
    assert {
        "summaries/arms.md",
        "drafts/summaries/legs.md",
        "categories.yml",
        "glossary.yml",
        "pages/about.md",
    } <= names
    assert lines()[-1].startswith("Mira: Downloaded all ")
    assert download(mira).data == answer.data, "the same documents are the same bytes"
    assert lying(app) == []
    url = send(mira, {"all.zip": answer.data}).location
    for how in ("", "?how=publish"):
        assert "There is nothing to bring in." in mira.page(f"{url}{how}").texts("main p"), how


def test_of_an_export_with_newer_drafts_the_drafts_come_in(mira: PageClient) -> None:
    files = {ARMS: arms(), "drafts/summaries/arms.md": text_of(make_summary_file("arms", title="Newer"), is_draft=True)}
    url = looked_at(mira, files)
    assert f"{ARMS} is left out: drafts/summaries/arms.md is a newer text of the same." in mira.page(url).texts(
        "section[aria-labelledby=left-out] li"
    )
    bring_in(mira, url)
    assert newest_revision(document_named("summary", "arms")).content["title"] == "Newer"  # type: ignore[arg-type, union-attr]
    url = looked_at(mira, files, "?how=publish")
    bring_in(mira, url)
    assert keys() == {"arms": True}
    assert newest_revision(document_named("summary", "arms")).content["title"] == "Newer"  # type: ignore[arg-type, union-attr]


def test_a_folder_that_cannot_be_written_gives_a_sentence(
    app: Flask, mira: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    (Path(app.instance_path) / uploads.FOLDER).write_text("a file in its place")
    assert download(mira).status_code == 507
    assert send(mira, {"arms.md": arms()}).status_code == 422
    answer = mira.post("/desk/backup", data=mira.page("/desk/backup").values())
    assert answer.status_code == 507


def test_a_full_disk_gives_a_sentence_and_no_half_file(
    app: Flask, mira: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(actions, "_zip", full)
    answer = download(mira)
    assert answer.status_code == 507
    assert "No space left on device" in words(Page(answer.text).one(".desk-problem"))
    assert not [line for line in lines() if "Downloaded" in line]
    assert lying(app) == []
