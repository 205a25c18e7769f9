"""Measure everything and write benchmarks/RESULTS.md: `make bench`. Takes about an hour."""

from __future__ import annotations

import datetime as dt
import os
import platform
import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks import growth, loading, postgresql, requests, start, votes
from benchmarks.servers import Measured
from tests import databases

RESULTS = Path(__file__).with_name("RESULTS.md")
PARTS: dict[str, Callable[[], list[Measured]]] = {
    "Requests": requests.measure,
    "Start and memory": start.measure,
    "Votes": votes.measure,
    "Growth, 1,000 to 100,000 summaries": growth.measure,
    "Growth on PostgreSQL": postgresql.measure,
    "Loading": loading.measure,
}
HEAD = """# What was measured

With `make bench` on {day}: Python {python}, {cores} cores, {system}. The README beside this says what each line means.
Medians of several rounds, with the smallest and the largest. Ratios are of one moment: both sides were asked at the
same time, or in turn.
"""
COLUMNS = "| what | median | spread | asked for | kept |\n|---|---|---|---|---|\n"


def main() -> None:
    system = f"{platform.system()} on {platform.machine()}"
    text = HEAD.format(
        day=f"{dt.datetime.now(dt.UTC):%Y-%m-%d}",
        python=platform.python_version(),
        cores=os.cpu_count(),
        system=system,
    )
    for title, measure in PARTS.items():
        print(f"{title} ...", file=sys.stderr, flush=True)
        try:
            with databases.on(""):  # the tests may be told to use a server
                found = COLUMNS + "\n".join(measured.row() for measured in measure())
        except LookupError as missing:
            found = f"Not measured. {missing.args[0]}"
        text += f"\n## {title}\n\n{found}\n"
        RESULTS.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
