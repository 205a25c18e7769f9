"""Files that were sent: plain ones lie in numbered folders, whatever a zip says, or a sentence says why not."""

from __future__ import annotations

import io
import stat
import zipfile
from pathlib import Path

import pytest

from tests.desk.files.zips import sent, zipped
from webapp.desk.files import unpacking
from webapp.desk.files.unpacking import MAX_FILES, MOST_READ, Sent, Unpacked, UnpackingError, unpack

GOOD = {"summaries/arms.md": b"arms"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "in" / "files"
    folder.mkdir(parents=True)
    return folder


def lying_in(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_plain_files_and_those_of_a_zip_lie_side_by_side(folder: Path) -> None:
    more = {"a/": b"", "a/b/about.md": b"about", "glossary.yml": b"[]"}
    unpacked = unpack([Sent("legs.md", io.BytesIO(b"legs")), *sent(zipped(GOOD | more))], folder)
    assert lying_in(folder) == {
        "1/legs.md": b"legs",
        "2/arms.md": b"arms",
        "3/about.md": b"about",
        "4/glossary.yml": b"[]",
    }
    assert unpacked.names["3/about.md"] == "a/b/about.md"
    assert unpacked.left_out == []


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("../evil.md", "leads out of its folder"),
        ("a/../../evil.md", "leads out of its folder"),
        ("/etc/evil.md", "leads out of its folder"),
        ("C:/evil.md", "leads out of its folder"),
        ("a\\..\\evil.md", "leads out of its folder"),
        ("a//evil.md", "leads out of its folder"),
        ("a/./evil.md", "leads out of its folder"),
        ("a\x1bb.md", "a sign in its name that nobody can see"),
        ("a/b/c/d/e/f/g/h.md", "more than 6 folders deep"),
        (f"{'x' * 160}.md", "too long a name"),
        ("picture.png", "only files that end in .md or .yml"),
        ("inner.zip", "only files that end in .md or .yml"),
        ("other.yml", "only categories.yml and glossary.yml"),
        ("README", "only files that end in .md or .yml"),
    ],
)
def test_a_name_that_cannot_be_is_left_out_with_a_sentence(folder: Path, tmp_path: Path, name: str, why: str) -> None:
    unpacked = unpack(sent(zipped({name: b"x"} | GOOD)), folder)
    [sentence] = unpacked.left_out
    assert why in sentence
    assert "\x1b" not in sentence
    assert list(unpacked.names.values()) == ["summaries/arms.md"]
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["arms.md"]


def test_a_second_list_of_a_name_is_left_out(folder: Path) -> None:
    unpacked = unpack(sent(zipped({"a/glossary.yml": b"1", "b/glossary.yml": b"2"})), folder)
    assert unpacked.left_out == ["b/glossary.yml is there twice; only the first is taken."]


def test_what_systems_put_into_zips_is_passed_over(folder: Path) -> None:
    junk = {"__MACOSX/._arms.md": b"x", ".DS_Store": b"x", ".git/x.md": b"x", "a/Thumbs.db": b"x"}
    assert unpack(sent(zipped(junk | GOOD)), folder).left_out == []


def test_a_link_a_password_and_a_strange_packing_are_left_out(folder: Path) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        link = zipfile.ZipInfo("link.md")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("packed.md", b"x" * 999, zipfile.ZIP_LZMA)
        archive.writestr("locked.md", b"x")
        archive.writestr("arms.md", b"arms")
        archive.getinfo("locked.md").flag_bits |= 1
    unpacked = unpack(sent(target.getvalue()), folder)
    assert [words.split(" ")[0] for words in unpacked.left_out] == ["link.md", "packed.md", "locked.md"]
    assert lying_in(folder) == {"1/arms.md": b"arms"}


def test_a_bomb_is_read_no_further_than_a_file_may_be_long(folder: Path) -> None:
    bomb = zipped({"bomb.md": b"\0" * 50_000_000})
    assert len(bomb) < 100_000
    assert unpack(sent(bomb), folder).size == MOST_READ


def test_many_bombs_are_too_much(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "MAX_BYTES", 1_000_000)
    with pytest.raises(UnpackingError, match="more than 1 megabytes"):
        unpack(sent(zipped({f"bomb-{number}.md": b"\0" * 200_000 for number in range(20)})), folder)


def test_too_many_files_are_refused(folder: Path) -> None:
    with pytest.raises(UnpackingError, match="more than 1,000 files"):
        unpack(sent(zipped({f"{number}.txt": b"" for number in range(MAX_FILES + 1)})), folder)
    with pytest.raises(UnpackingError, match="more than 1,000 files"):
        unpack((Sent(f"{number}.txt", io.BytesIO()) for number in range(MAX_FILES + 1)), folder)


GOOD_ZIP = zipped(GOOD)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no zip",
        GOOD_ZIP[:-10],
        GOOD_ZIP[20:],
        b"PK\x06\x07" + b"\0" * 16 + b"PK\x05\x06" + b"\0" * 18,
        b"PK\x05\x06" + b"\0" * 8 + b"\xff\xff\xff\x7f" + b"\0" * 6,
        zipped({"arms.md": b"arms"}, zipfile.ZIP_STORED).replace(b"mdarms", b"mdlegs"),
    ],
    ids=range(7),
)
def test_what_is_no_zip_or_a_damaged_one_is_refused_with_a_sentence(folder: Path, content: bytes) -> None:
    with pytest.raises(UnpackingError, match=r"^all.zip is no zip file"):
        unpack(sent(content), folder)


def test_nothing_readable_is_said_with_the_reasons(folder: Path) -> None:
    with pytest.raises(UnpackingError, match=r"There was no file that can be read. a.png is left out"):
        unpack(sent(b"x", "a.png"), folder)
    assert Unpacked().names == {}
