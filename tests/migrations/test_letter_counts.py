"""Letters of before are counted when the desk begins to tell of them by month."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from flask_migrate import upgrade

from tests.conftest import make_app
from tests.migrations.rows import engine_of, fill
from webapp.extensions import db

BEFORE = "0012"
SENT = ("2026-01-31 09:00:00", "2026-02-01 09:00:00", "2026-02-01 09:00:00")


def test_letters_that_were_sent_are_counted_by_month(databases: None, tmp_path: Path) -> None:
    app = make_app(tmp_path / "instance")
    engine = engine_of(Path(app.instance_path))
    with app.app_context():
        upgrade(revision=BEFORE)
        fill(engine)
        with engine.begin() as connection:
            for number, at in enumerate(SENT, 1):
                connection.execute(
                    sa.text("UPDATE sent_summaries SET sent_at = :at WHERE id = :id"), {"at": at, "id": number}
                )
            two_in_one_letter = "UPDATE sent_summaries SET subscriber_id = 2 WHERE id = 3"
            connection.execute(sa.text(two_in_one_letter))
        upgrade()
        counted = db.session.execute(sa.text("SELECT month, letters FROM letter_counts ORDER BY month")).all()
        db.engine.dispose()
    assert [(str(month), letters) for month, letters in counted] == [("2026-01-01", 1), ("2026-02-01", 1)]
