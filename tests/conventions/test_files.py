"""What may not stand in a committed file."""

from __future__ import annotations

import ast
import hashlib
import io
import re
import subprocess
import tokenize
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
    files = [*STATIC.glob("vendor/*.js"), *ROOT.glob("tests/browser/vendor/*.js")]
    assert files
    for file in files:
        assert re.search(r"-\d+\.\d+\.\d+\.", file.name), "its version"
        listed = file.with_name(f"{file.name}.sha256")
        digest, name = listed.read_text().split()
        assert name == file.name
        assert hashlib.sha256((listed.parent / name).read_bytes()).hexdigest() == digest
        assert list(listed.parent.glob("*LICENSE*")), "a licence beside it"


def test_styles_ask_no_other_host_and_parse() -> None:
    for path in (STATIC / "css").rglob("*.css"):
        text = path.read_text(encoding="utf-8")
        assert "url(" not in text
        assert "@import" not in text
        rules = tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True)
        assert not [rule for rule in rules if rule.type == "error"], path.name


def test_each_component_has_a_short_stylesheet_of_its_own() -> None:
    files = list((STATIC / "css" / "components").glob("*.css"))
    assert files
    for path in files:
        text = path.read_text(encoding="utf-8")
        assert len(text.splitlines()) <= 60, path.name
        rules = tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True)
        layers = [(rule.at_keyword, tinycss2.serialize(rule.prelude).strip()) for rule in rules]
        assert layers == [("layer", "components")], f"{path.name}: all of it in its layer"


def test_templates_name_only_links_to_other_hosts() -> None:
    for path in (ROOT / "webapp" / "templates").rglob("*.html"):
        for found in re.finditer(r'(\w+)="https?://', path.read_text(encoding="utf-8")):
            assert found[1] == "href", f"{path.name}: {found[0]}"


def prose(name: str, text: str) -> str:
    """What is said in a file to people: all of a text, the comments and docstrings of a module or template."""
    if name.endswith(".md"):
        return text
    if name.endswith(".html"):
        return "\n".join(re.findall(r"{#(.*?)#}", text, re.DOTALL))
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    said = [token.string for token in tokens if token.type == tokenize.COMMENT]
    strings = [node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Expr)]
    return "\n".join(said + [str(one.value) for one in strings if isinstance(one, ast.Constant)])


def test_files_that_the_texts_name_are_there() -> None:
    """A path that was moved misleads whoever looks for it."""
    texts = committed()
    path = re.compile(r"(?<![\w/.<>*-])(?:[\w-]+/)+[\w-]+\.(?:py|html|css|js|yml|md|json)\b")
    for name, text in texts.items():
        if name.endswith((".py", ".md", ".html")) and name != "CHANGELOG.md":
            for named in path.findall(prose(name, text)):
                assert any(one == named or one.endswith(f"/{named}") for one in texts), f"{name} names {named}"
