"""Votes over SQLite: how many a second two workers take, none of them lost, beside bare workers that commit rows."""

from __future__ import annotations

import re
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

from sqlalchemy import select

from benchmarks.servers import BARE_SETTINGS, Measured, Server, at_least, gunicorn, make_site, site
from webapp import create_app
from webapp.extensions import db
from webapp.feedback.forms import FeedbackForm
from webapp.models import Summary
from webapp.voter import sign

SECONDS, ROUNDS = 5, 3
VOTERS = 40_000
"""Each votes once; more than can vote in that time."""
NO_LIMITS = {"RATELIMIT_ENABLED": False, "FORM_MINIMUM_SECONDS": 0}
EACH_ONCE = """
local bodies, place = {{}}, 0
for line in io.lines("{file}") do bodies[#bodies + 1] = line end
local headers = {{["Content-Type"] = "application/x-www-form-urlencoded"}}
request = function()
  place = place + 1
  return wrk.format("POST", "{path}", headers, bodies[(place - 1) % #bodies + 1])
end
done = function(summary, latency, requests)
  io.write("answered ", summary.requests, " refused ", summary.errors.status, " in ", summary.duration, "\\n")
end
"""
BARE = """
import sqlite3, threading
from flask import Flask, request
app, local = Flask("bare"), threading.local()

@app.post("/")
def keep():
    if not hasattr(local, "connection"):
        local.connection = sqlite3.connect({file!r}, timeout=10, isolation_level=None)
        local.connection.execute("PRAGMA journal_mode = WAL")
        local.connection.execute("PRAGMA synchronous = NORMAL")
        local.connection.execute("CREATE TABLE IF NOT EXISTS rows (id INTEGER PRIMARY KEY, voter TEXT, choice TEXT)")
    row = (request.form["voter"], request.form["choice"])
    local.connection.execute("INSERT INTO rows (voter, choice) VALUES (?, ?)", row)
    return "Thank you.", 303

@app.get("/")
def ready():
    return "ready"
"""


def measure() -> list[Measured]:
    """Beside two bare Flask workers that commit one row for each request, as safely (WAL, synchronous NORMAL: a killed
    process loses nothing, a power cut may cost the last votes).
    """
    with TemporaryDirectory() as name:
        folder = Path(name)
        instance = make_site(folder)
        app = create_app(instance)
        with app.test_request_context():
            slug = db.session.scalars(select(Summary.slug).limit(1)).one()
            sent = {"csrf_token": FeedbackForm(formdata=None)["csrf_token"].current_token, "choice": "yes"}
            voters = [urlencode({**sent, "voter": sign(f"{number:032x}")}) for number in range(VOTERS)]
            db.engine.dispose()
        (folder / "votes").write_text("\n".join(voters))
        (folder / "bare_votes.py").write_text(BARE.format(file=str(folder / "bare.db")))
        rates, ratios, kept = [], [], True
        for _ in range(ROUNDS):
            with site(instance, **NO_LIMITS) as server:
                rate, answered = _rate(folder, server, f"/research/{slug}/feedback")
            with closing(sqlite3.connect(instance / "site.db")) as connection:
                kept &= connection.execute("SELECT count(*) FROM votes").fetchone()[0] >= answered
                connection.execute("DELETE FROM votes")
                connection.commit()
            with gunicorn([*BARE_SETTINGS, "bare_votes:app"], folder) as server:
                bare, _ = _rate(folder, server, "/")
            rates.append(rate)
            ratios.append(rate / bare)
    return [
        at_least("votes, beside two bare Flask workers that commit a row each time", ratios, 0.5),
        at_least("votes a second, none refused", rates, 0),
        at_least("no vote that was answered is lost (1: none)", [float(kept)], 1),
    ]


def _rate(folder: Path, server: Server, path: str) -> tuple[float, int]:
    """Votes a second, and how many were answered. Stops where one was refused."""
    script = folder / "votes.lua"
    script.write_text(EACH_ONCE.format(file=folder / "votes", path=path))
    words = ["wrk", "-t1", "-c8", f"-d{SECONDS}s", "-s", str(script), f"http://127.0.0.1:{server.port}"]
    told = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    counted = re.search(r"answered (\d+) refused (\d+) in (\d+)", told)
    if counted is None or counted[2] != "0":
        raise SystemExit(told)
    return int(counted[1]) / int(counted[3]) * 1_000_000, int(counted[1])


if __name__ == "__main__":
    for one in measure():
        print(one.row())
