"""gunicorn on a small host: two workers, behind a reverse proxy on the same machine.

.venv/bin/gunicorn --config deploy/gunicorn.conf.py
"""

import os

wsgi_app = "wsgi:app"
bind = os.environ.get("BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WORKERS", "2"))
threads = 4
worker_class = "gthread"
timeout = 30
graceful_timeout = 20
max_requests = 2000
max_requests_jitter = 200
worker_tmp_dir = "/dev/shm"  # noqa: S108 (a heartbeat file in memory, as gunicorn's manual advises)


def on_starting(server):
    """Refuse to start on a database that is not set up, with one sentence instead of a traceback per page."""
    from sqlalchemy.exc import OperationalError

    from webapp import create_app
    from webapp.errors import why_not_ready
    from webapp.extensions import db
    from webapp.feeds.queries import is_answering

    server.site = create_app()  # kept, so that no backup is brought back while this process runs
    with server.site.app_context():
        try:
            is_answering()
        except OperationalError as error:
            server.log.error(why_not_ready(error) or error.orig)
            raise SystemExit(1) from None
        finally:
            db.session.remove()
            db.engine.dispose()  # the workers are forked: no connection may be passed on to them
