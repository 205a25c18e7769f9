"""What was counted against limits; the addresses of subscribers and mails in the form in which mail went to them."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

subscribers = sa.table(
    "subscribers", sa.column("id"), sa.column("address"), sa.column("confirmed_at"), sa.column("consent_at")
)
outbox = sa.table("outbox", sa.column("id"), sa.column("recipient"))


def upgrade():
    op.create_table(
        "rate_limit_hits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rate_limit_hits")),
    )
    op.create_index(op.f("ix_rate_limit_hits_expires_at"), "rate_limit_hits", ["expires_at"], unique=False)
    op.create_index(op.f("ix_rate_limit_hits_key_expires_at"), "rate_limit_hits", ["key", "expires_at"], unique=False)
    write_out_subscribers(op.get_bind())
    write_out_recipients(op.get_bind())


def downgrade():
    """The addresses stay as they are: mail goes to the same mailboxes."""
    op.drop_table("rate_limit_hits")


def as_mailed(address):
    """The address mail went to until now: its domain as Python's own codec wrote it.

    That codec sent mail for faß.de to fass.de. Who confirmed there is who gets the letters, so that is what is kept:
    this change brings nobody a letter they did not ask for, and takes none away.
    """
    local, _, domain = address.rpartition("@")
    try:
        return f"{local}@{domain.encode('idna').decode('ascii')}"
    except UnicodeError:
        return address


def write_out_subscribers(connection):
    """One address, one row. Of rows that never were confirmed the newest stays, or none beside one that was.

    Two confirmed rows of one mailbox both stay, the second as it was typed: each has links in letters that went out,
    and a link that lets somebody leave must not break.
    """
    confirmed_first = sa.select(subscribers).order_by(
        subscribers.c.confirmed_at.is_(None), subscribers.c.consent_at.desc(), subscribers.c.id
    )
    rows = [(row, as_mailed(row.address)) for row in connection.execute(confirmed_first)]
    taken = {}
    for row, address in rows:
        owner = taken.setdefault(address, row.id)
        if owner != row.id and row.confirmed_at is None:
            connection.execute(sa.delete(subscribers).where(subscribers.c.id == row.id))
    for row, address in rows:
        if taken[address] == row.id and address != row.address:
            is_free = sa.select(subscribers.c.id).where(subscribers.c.address == address)
            if connection.execute(is_free).first() is None:
                connection.execute(
                    sa.update(subscribers).where(subscribers.c.id == row.id).values(address=address)
                )


def write_out_recipients(connection):
    """Mails that wait go where they would have gone; those that went are found when somebody leaves."""
    for row in connection.execute(sa.select(outbox)).all():
        if not row.recipient.isascii():
            changed = sa.update(outbox).where(outbox.c.id == row.id)
            connection.execute(changed.values(recipient=as_mailed(row.recipient)))
