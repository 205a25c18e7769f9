"""What a first visit to a summary costs, as gunicorn alone sends it: at most 30 kB and 5 requests."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from playwright.sync_api import Page, expect

from tests.browser.kinds import BROWSER, DESKTOP
from tests.browser.waiting import PATIENCE, until

pytestmark = BROWSER

ROOT = Path(__file__).parent.parent.parent
MOST_BYTES = 30_000
MOST_REQUESTS = 5
LISTENING = re.compile(r"Listening at: (http://127\.0\.0\.1:\d+)")


@pytest.fixture(scope="module")
def gunicorn(shipped_instance: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The shipped site behind a gunicorn of its own; its url."""
    folder = tmp_path_factory.mktemp("gunicorn")
    log = folder / "log"
    command = [sys.executable, "-m", "gunicorn", "--bind", "127.0.0.1:0", "--threads", "2", "--chdir", str(ROOT)]
    command += ["--worker-tmp-dir", str(folder), "--no-control-socket"]
    command.append(f"webapp:create_app({str(shipped_instance)!r})")
    with log.open("w") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, env={**os.environ, "HOME": str(folder)})
        try:
            url = None
            for _ in range(PATIENCE // 100):
                if url := LISTENING.search(log.read_text()):
                    break
                with pytest.raises(subprocess.TimeoutExpired):
                    process.wait(0.1)
            assert url, log.read_text()
            with urlopen(f"{url[1]}/robots.txt", timeout=PATIENCE / 1000):  # it listens before it is ready
                yield url[1]
        finally:
            process.terminate()
            process.wait(PATIENCE / 1000)


def cost(page: Page, url: str) -> dict[str, float]:
    """Bytes over the wire, headers and all, of every request that opening an url makes."""
    session = page.context.new_cdp_session(page)
    names: dict[str, str] = {}
    sizes: dict[str, float] = {}

    def asked(event: dict[str, Any]) -> None:
        names[event["requestId"]] = event["request"]["url"]

    def came(event: dict[str, Any]) -> None:
        sizes[names[event["requestId"]]] = event["encodedDataLength"]

    session.on("Network.requestWillBeSent", asked)
    session.on("Network.loadingFinished", came)
    session.send("Network.enable")
    page.goto(url)
    icon = page.locator("link[rel=icon]").get_attribute("href")
    assert icon is not None
    if not any(icon in name for name in names.values()):  # a browser without a window does not ask for it by itself
        page.evaluate("fetch(document.querySelector('link[rel=icon]').href).then((answer) => answer.text())")
    until(page, lambda: any(icon in name for name in sizes), "the icon has come")
    until(page, lambda: len(sizes) == len(set(names.values())), "all that was asked for has come")
    return sizes


@pytest.mark.parametrize("kind", ["summary", "pictures", "longest"])
def test_a_first_visit_is_light(
    visit: Callable[..., Page],
    gunicorn: str,
    urls: dict[str, str],
    kind: str,
    record_property: Callable[[str, Any], None],
) -> None:
    page = visit("about:blank", host=gunicorn, viewport=DESKTOP)
    sizes = cost(page, gunicorn + urls[kind])
    record_property("bytes", sum(sizes.values()))
    print(f"{kind}: {sum(sizes.values()) / 1000:.1f} kB in {len(sizes)} requests", sizes)
    assert sum(sizes.values()) <= MOST_BYTES, sizes
    assert len(sizes) <= MOST_REQUESTS, sizes


def test_a_second_summary_costs_only_its_html(visit: Callable[..., Page], gunicorn: str, urls: dict[str, str]) -> None:
    page = visit(gunicorn + urls["summary"], host=gunicorn, viewport=DESKTOP)
    page.goto(gunicorn + urls["longest"])
    files = page.evaluate("performance.getEntriesByType('resource').map((one) => [one.name, one.transferSize])")
    assert len(files) >= 2
    # The icon is the browser's own matter: it asks for it when it pleases.
    assert [name for name, size in files if size and "favicon" not in name] == [], "files were sent again"


WIRE = """() => ['navigation', 'resource'].flatMap((type) => performance.getEntriesByType(type))
  .map((entry) => [new URL(entry.name).pathname, entry.transferSize])"""


@pytest.mark.parametrize("kind", ["summary", "pictures", "retracted", "longest"])
def test_the_feedback_form_fits_into_a_first_visit(visit: Callable[..., Page], urls: dict[str, str], kind: str) -> None:
    page = visit(urls[kind], viewport=DESKTOP)
    page.get_by_role("heading", name="Your Feedback").scroll_into_view_if_needed()
    expect(page.get_by_role("button", name="Yes", exact=True)).to_be_visible()
    until(page, lambda: any(path.endswith("/feedback") for path, _ in page.evaluate(WIRE)), "the form is counted")
    wire = page.evaluate(WIRE)
    assert len(wire) <= MOST_REQUESTS, wire
    assert sum(size for _, size in wire) <= MOST_BYTES, wire
