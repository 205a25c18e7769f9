"""nginx and Caddy as processes of their own, each with the example we ship: only name, ports and paths are replaced."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.missing import refuse
from tests.ports import free_port

ROOT = Path(__file__).parents[2]
SITE = "127.0.0.1:8000"
"""Where the examples look for gunicorn."""
PAGES = "/var/cache/spinal-cord-research-help"
"""Where the example for nginx looks for pages."""
OTHER = "# server 192.0.2.2:8000;"
"""Where the example for nginx looks for it on another host, once that is no comment any more."""
ROOTS = (f"root {PAGES}/current;", f"# Of several hosts: root {PAGES}/vouched/$site_tens;")
"""The line for one host, and the one that takes its place."""


def adapted(example: str, changes: dict[str, str]) -> str:
    """A shipped example with these pieces replaced. Each has to be there, so that no test passes on another text."""
    text = (ROOT / "deploy" / example).read_text(encoding="utf-8")
    for old, new in changes.items():
        assert old in text, f"{example} has no {old!r} any more"
        text = text.replace(old, new)
    return text


def installed(program: str, packages: str = "nginx-light libnginx-mod-http-brotli-static caddy") -> str:
    """The program's path. Without it the test is skipped, but fails where CI=true."""
    found = shutil.which(program, path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if not found:
        refuse(f"The tests of deploy/ need {program}: `apt-get install {packages}`.")
    return str(found)


@dataclass
class Proxy:
    """One that runs. `folder` holds all it writes."""

    name: str
    port: int
    folder: Path
    plain_port: int = field(default=0)
    """Where nginx answers without TLS, to lead to HTTPS."""

    def written(self) -> str:
        """Everything in its logs and other files, except its configuration."""
        files = [path for path in self.folder.rglob("*") if path.is_file() and path.name not in CONFIGURATION]
        return "\n".join(path.read_text(encoding="utf-8", errors="replace") for path in files)


CONFIGURATION = {"nginx.conf", "site.conf", "Caddyfile", "autosave.json"}

AROUND = """
include /etc/nginx/modules-enabled/*.conf;
daemon off;
{user}
pid {folder}/nginx.pid;
error_log {folder}/error.log;
worker_processes auto;
events {{ worker_connections 768; }}
http {{
    access_log {folder}/access.log;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    gzip on;
    include {folder}/site.conf;
}}
"""
"""As Debian's nginx.conf, in a folder of its own."""


def write_nginx(folder: Path, changes: dict[str, str]) -> list[str]:
    """Write the configuration, and say which command runs it."""
    program = installed("nginx")
    user = "user root;" if os.geteuid() == 0 else ""  # so that its workers may write into the test's folder
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder, user=user))
    (folder / "modules").symlink_to("/usr/lib/nginx/modules")
    text = adapted("nginx.conf.example", {"/var/log/nginx": str(folder)} | changes)
    (folder / "site.conf").write_text(text, encoding="utf-8")
    return [program, "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf")]


@contextmanager
def nginx(folder: Path, upstream: int, pages: Path | None = None, other: int | None = None) -> Iterator[Proxy]:
    """`pages`: where the site keeps its pages as files, if it does. `other`: where it runs besides, on another host."""
    several = {OTHER: f"server 127.0.0.1:{other};", f"{ROOTS[0]}\n": "", ROOTS[1]: ROOTS[1].partition(": ")[2]}
    proxy = Proxy("nginx", free_port(), folder, free_port())
    command = write_nginx(
        folder,
        {
            "listen 80;": f"listen 127.0.0.1:{proxy.plain_port};",
            "listen [::]:80;": "",
            "listen 443 ssl http2;": f"listen 127.0.0.1:{proxy.port};",
            "listen [::]:443 ssl http2;": "",
            "ssl_certificate /etc/letsencrypt/live/example.org/fullchain.pem;": "",
            "ssl_certificate_key /etc/letsencrypt/live/example.org/privkey.pem;": "",
            SITE: f"127.0.0.1:{upstream}",
            **(several if other else {}),
            PAGES: str(pages or folder / "no-pages"),
        },
    )
    with running(command, proxy):
        yield proxy


@contextmanager
def caddy(folder: Path, upstream: int, pages: Path | None = None) -> Iterator[Proxy]:
    proxy = Proxy("caddy", free_port(), folder)
    text = adapted(
        "Caddyfile.example",
        {
            "{\n\tservers {": "{\n\tadmin off\n\tdefault_bind 127.0.0.1\n\tservers {",
            "\nexample.org {": f"\nhttp://example.org:{proxy.port} {{",
            SITE: f"127.0.0.1:{upstream}",
        },
    )
    (folder / "Caddyfile").write_text(text, encoding="utf-8")
    command = [installed("caddy"), "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]
    with running(command, proxy):
        yield proxy


Start = Callable[[Path, int, Path | None], AbstractContextManager[Proxy]]
PROXIES = {"nginx": nginx, "caddy": caddy}


@contextmanager
def running(command: list[str], proxy: Proxy) -> Iterator[None]:
    """Until the block ends. What it says goes to a file of its folder."""
    homes = dict.fromkeys(("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"), str(proxy.folder))
    with (proxy.folder / "said").open("w") as said:
        process = subprocess.Popen(command, stdout=said, stderr=said, env={**os.environ, **homes})
        try:
            wait_for(proxy.port, process, proxy.folder / "said")
            yield
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def wait_for(port: int, process: subprocess.Popen[bytes], said: Path) -> None:
    """Until somebody listens."""
    end = time.monotonic() + 30
    while True:
        with socket.socket() as client:
            if client.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert process.poll() is None, said.read_text()
        assert time.monotonic() < end, said.read_text()
        time.sleep(0.02)
