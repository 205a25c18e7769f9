"""What may not stand in a committed file."""

from __future__ import annotations

import hashlib
import re
import subprocess
import tomllib
from pathlib import Path

import tinycss2

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "webapp" / "static"


def committed() -> dict[str, str]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    texts = {}
    for name in filter(None, listed):
        if ".min." not in name and (ROOT / name).is_file():
            texts[name] = (ROOT / name).read_bytes().decode("utf-8", "ignore")
    return texts


def test_no_index_address_and_no_path_of_a_machine() -> None:
    hosts = re.compile(r"--(extra-)?index-url|--find-links|pypi\.(python|org)|files\.pythonhosted|registry\.npmjs")
    for name, text in committed().items():
        if name not in {"Makefile", "tests/conventions/test_files.py"}:
            assert not hosts.search(text.replace("--no-emit-index-url", "")), name
            assert not re.search(r"(^|[^\w.-])/(home|root|work)/\w", text), name


def test_vendored_files_are_what_they_say() -> None:
    sums = list(STATIC.glob("vendor/*.sha256")) + list(ROOT.glob("tests/browser/vendor/*.sha256"))
    assert sums
    for listed in sums:
        digest, name = listed.read_text().split()
        assert hashlib.sha256((listed.parent / name).read_bytes()).hexdigest() == digest
        assert list(listed.parent.glob("*LICENSE*")), "a licence beside it"


def test_requirements_are_exact() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        lines = [line for line in (ROOT / name).read_text().splitlines() if line and line[0] not in " #"]
        assert lines
        assert all(re.fullmatch(r"[A-Za-z0-9._-]+==\S+", line) for line in lines), name


def test_styles_ask_no_other_host_and_parse() -> None:
    for path in (STATIC / "css").glob("*.css"):
        text = path.read_text(encoding="utf-8")
        assert "url(" not in text
        assert "@import" not in text
        rules = tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True)
        assert not [rule for rule in rules if rule.type == "error"], path.name


def test_templates_name_only_links_to_other_hosts() -> None:
    for path in (ROOT / "webapp" / "templates").rglob("*.html"):
        for found in re.finditer(r'(\w+)="https?://', path.read_text(encoding="utf-8")):
            assert found[1] == "href", f"{path.name}: {found[0]}"


def test_every_dependency_is_pinned_where_it_is_installed_from() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = {
        "requirements.txt": project["dependencies"],
        "requirements-dev.txt": [*project["dependencies"], *project["optional-dependencies"]["dev"]],
    }
    for name, needed in wanted.items():
        pinned = {line.partition("==")[0].lower().replace("_", "-") for line in (ROOT / name).read_text().splitlines()}
        missing = {re.split(r"[^A-Za-z0-9.-]", need)[0].lower() for need in needed} - pinned
        assert not {one for one in missing if one.replace(".", "-") not in pinned}, f"{name}: run `make lock`"
