"""Loading many files into a site: seconds, and memory at the peak."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.library import write_files
from benchmarks.servers import ROOT, Measured, at_most, make_site

FILES = 10_000


def measure() -> list[Measured]:
    with TemporaryDirectory() as name:
        folder = Path(name)
        instance = make_site(folder)
        write_files(folder / "files", FILES)
        command = [sys.executable, "-m", "flask", "--app", f"webapp:create_app({str(instance)!r})"]
        start = time.monotonic()
        process = subprocess.Popen(
            [*command, "library", "load", str(folder / "files")], cwd=ROOT, stdout=subprocess.PIPE
        )
        told = process.stdout.read().decode() if process.stdout else ""
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - start
    if status or f"{FILES} added" not in told:
        raise SystemExit(told[-2000:])
    return [
        at_most(f"loading {FILES:,} files", [seconds], 100, " s"),
        at_most("memory at the peak of it", [usage.ru_maxrss / 1024], 200, " MB"),
    ]


if __name__ == "__main__":
    for one in measure():
        print(one.row())
