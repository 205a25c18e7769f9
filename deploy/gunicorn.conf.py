"""gunicorn on a small host: two workers, behind a reverse proxy on the same machine.

.venv/bin/gunicorn --config deploy/gunicorn.conf.py
"""

import gc
import ipaddress
import logging
import os

wsgi_app = "wsgi:app"
preload_app = True  # loaded once, before the workers are forked: they share its memory and start in milliseconds
bind = os.environ.get("BIND", "127.0.0.1:8000")  # where the proxy alone reaches it

# Eight requests at once: enough for a small host, where SQLite lets one writer write at a time anyway.
workers = int(os.environ.get("WORKERS", "2"))  # one can restart while the other answers
threads = 4
worker_class = "gthread"  # a connection on which nothing is asked holds no thread

timeout = 30  # seconds after which a worker whose main loop stands still is replaced
graceful_timeout = 20  # seconds for open requests at a stop; systemd waits for 90
max_requests = 20_000  # a worker starts anew now and then, so that memory which leaks is given back
max_requests_jitter = 2_000  # but not both at the same moment
worker_tmp_dir = "/dev/shm"  # noqa: S108 (a heartbeat file in memory, as gunicorn's manual advises)
control_socket_disable = True  # nothing of ours uses it, and a door that is not there cannot be open

# What a request says about where it comes from, gunicorn believes from nobody: webapp/security.py does, as far as
# TRUSTED_PROXIES goes. By default it believes SCRIPT_NAME and PATH_INFO, which replace the address of a page, when they
# come from this machine. What comes over a Unix socket it always trusts, so no addresses to trust are not enough.
forwarded_allow_ips = ""
forwarder_headers = ""
secure_scheme_headers = {}
header_map = "drop"  # a name with an underscore passes for one with hyphens otherwise

# Bounds for one request. The longest address we make is a search of 200 letters, up to 12 bytes each, with every
# filter. Browsers send about 20 fields and the proxy adds a few; one field may hold cookies of a parent domain.
limit_request_line = 3072
limit_request_fields = 50
limit_request_field_size = 8190


def on_starting(server):
    """Refuse to start where /healthz would say no, with one sentence instead of a traceback per page."""
    from webapp.upkeep.readiness import why_not_working
    from webapp.upkeep.warming import warm_up

    site = server.app.wsgi()  # made when gunicorn loaded it
    with site.app_context():
        why = why_not_working()
    if why:
        server.log.error(why)
        raise SystemExit(1)
    warm_up(site)
    # From here on a line of JSON for each request, without anything of the reader: `journalctl -u … -o cat`.
    requests = logging.getLogger("webapp.requests")
    requests.addHandler(logging.StreamHandler())
    requests.setLevel(logging.INFO)
    requests.propagate = False  # or the site's own log, once it has said something, writes each of them too
    gc.collect()
    gc.freeze()  # what is looked through for garbage is written to, and so copied by each worker


def post_worker_init(worker):
    """Another host may publish, and nginx sends the pages of this one by itself: they follow, request or not."""
    from webapp.page_cache.following import follow_always

    follow_always(worker.app.wsgi())


EXPOSED = (
    "%s can be reached from other machines. gunicorn is never exposed: a few slow clients stop it for everyone. Put a"
    " proxy in front of it (deploy/README.md says how), or leave BIND out."
)


def when_ready(server):
    """Say so when others than this machine can reach us: gunicorn waits for slow clients, and a proxy does not."""
    for listener in server.LISTENERS:
        if is_exposed(listener.getsockname()):
            server.log.warning(EXPOSED, listener)


def is_exposed(address):
    """Whether a socket's address is one that other machines can reach. A Unix socket's is a path."""
    if not isinstance(address, tuple):
        return False
    return not ipaddress.ip_address(address[0].partition("%")[0]).is_loopback
