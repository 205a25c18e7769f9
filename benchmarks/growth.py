"""How pages slow down as the library grows: the time of each, as a ratio to the smallest library.

    .venv/bin/python -m benchmarks.growth

Loads 40, 400 and 2,000 made summaries into a new database in a temporary folder. Prints ratios within
this one run, because machines differ; no page is kept between requests.
"""

from __future__ import annotations

import statistics
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask
from flask_migrate import upgrade

from tests.factories import make_categories, make_documents, make_summary_file
from webapp import create_app

SIZES = (40, 400, 2000)
ADDRESSES = {
    "list": "/research/",
    "filtered list": "/research/?category=pain&level=2&page=2",
    "search": "/research/?q=arm+training",
    "misspelled search": "/research/?q=trainign",
    "summary": "/research/a-trial-of-arm-training-number-7",
    "home": "/",
}
ROUNDS = 15


def milliseconds(app: Flask, address: str) -> float:
    client, times = app.test_client(), []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        assert client.get(address).status_code == 200
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1000


def measure(size: int) -> dict[str, float]:
    with TemporaryDirectory() as folder:
        app = create_app(Path(folder), PAGE_CACHE_BYTES=0)
        with app.app_context():
            upgrade()
            make_categories("pain", "hand-and-arm-use")
            files = (
                make_summary_file(f"number-{n}", title=f"Arms {n}", categories=["pain", "hand-and-arm-use"])
                for n in range(size)
            )
            make_documents(*files)
        return {name: milliseconds(app, address) for name, address in ADDRESSES.items()}


def main() -> None:
    results = {size: measure(size) for size in SIZES}
    first = SIZES[0]
    print(f"{'':20}" + "".join(f"{size:>12,}" for size in SIZES) + "   summaries")
    for name in ADDRESSES:
        ratios = "".join(f"{results[size][name] / results[first][name]:>11.1f}x" for size in SIZES)
        print(f"{name:20}{ratios}   ({results[first][name]:.0f} ms at {first})")


if __name__ == "__main__":
    main()
