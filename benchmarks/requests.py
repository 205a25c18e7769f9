"""CPU time of a request, beside a bare Flask view that sends as many bytes; and nginx beside nginx."""

from __future__ import annotations

import os
import re
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.servers import Measured, Server, at_least, at_most, bare, cpu_ratio, make_site, site, wrk
from tests.deploy.proxies import AROUND, Proxy, installed, nginx, running
from tests.ports import free_port

ROUNDS = 7
BROTLI = {"Accept-Encoding": "gzip, deflate, br"}
NOTHING_KEPT = {"PAGE_CACHE_BYTES": 0, "PAGE_FOLDER_BYTES": 0}


def measure() -> list[Measured]:
    with TemporaryDirectory() as name, ExitStack() as running_servers:
        folder = Path(name)
        instance = make_site(folder)
        ours = running_servers.enter_context(site(instance))
        cold = running_servers.enter_context(site(instance, PAGE_FOLDER=str(folder / "unused"), **NOTHING_KEPT))
        page = ours.get("/research/")[0].decode()
        slug = re.search(r'href="/research/([a-z0-9-]{20,})"', page)
        if slug is None:
            raise SystemExit("no summary is listed")
        summary = f"/research/{slug[1]}"
        etag = ours.get(summary, {"Accept-Encoding": "br"})[1]["ETag"]
        flask = running_servers.enter_context(bare(folder, len(page)))
        rows: dict[str, tuple[Server, str, dict[str, str], float]] = {
            "cached list, plain": (ours, "/research/", {}, 0.8),
            "cached list, br": (ours, "/research/", BROTLI, 0.8),
            "cached summary, plain": (ours, summary, {}, 0.8),
            "cached summary, br": (ours, summary, BROTLI, 0.8),
            "304": (ours, summary, {**BROTLI, "If-None-Match": etag}, 0.75),
            "cold summary": (cold, summary, {}, 10),
            "cold list": (cold, "/research/", {}, 8),
            "cold search": (cold, "/research/?q=arm+training", {}, 8),
            "cold summary, br": (cold, summary, BROTLI, 10),
            "cold list, br": (cold, "/research/", BROTLI, 8),
            "cold search, br": (cold, "/research/?q=arm+training", BROTLI, 8),
        }
        ratios: dict[str, list[float]] = {what: [] for what in rows}
        for _ in range(ROUNDS):
            for what, (server, path, headers, _limit) in rows.items():
                ratios[what].append(cpu_ratio(server, path, headers, beside=flask))
        found = [at_most(what, ratios[what], rows[what][3]) for what in rows]
        return [*found, _behind_nginx(folder, instance, ours, summary)]


STATIC = """
server {{
    listen 127.0.0.1:{port};
    root {folder};
    default_type text/html;
    gzip off;
}}
"""


def _behind_nginx(folder: Path, instance: Path, ours: Server, summary: str) -> Measured:
    """Throughput of a page, through the shipped example, against the same bytes as a static file of an nginx."""
    plain, shipped = folder / "static", folder / "shipped"
    plain.mkdir()
    shipped.mkdir()
    for _ in range(3):
        body = ours.get(summary, BROTLI)[0]
    (plain / "page.html").write_bytes(body)
    proxy = Proxy("nginx", free_port(), plain)
    (plain / "nginx.conf").write_text(AROUND.format(folder=plain, user="user root;" if os.geteuid() == 0 else ""))
    (plain / "site.conf").write_text(STATIC.format(folder=plain, port=proxy.port))
    (plain / "modules").symlink_to("/usr/lib/nginx/modules")
    command = [installed("nginx"), "-p", str(plain), "-e", str(plain / "error.log"), "-c", str(plain / "nginx.conf")]
    ratios = []
    with nginx(shipped, ours.port, instance / "pages") as front, running(command, proxy):
        host = {"Host": f"127.0.0.1:{ours.port}", **BROTLI}
        for _ in range(ROUNDS):
            ratios.append(wrk(front.port, summary, host, 2)[1] / wrk(proxy.port, "/page.html", host, 2)[1])
    return at_least("behind nginx, against nginx with a static file (throughput)", ratios, 0.95)


if __name__ == "__main__":
    for one in measure():
        print(one.row(), flush=True)
