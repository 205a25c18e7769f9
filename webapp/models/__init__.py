"""All models, so that migrations see every table."""

from webapp.models.category import Category
from webapp.models.edition import Edition
from webapp.models.heartbeat import Heartbeat
from webapp.models.message import Message
from webapp.models.outbox import OutboxMail
from webapp.models.rate_limit import RateLimitHit
from webapp.models.study import Study
from webapp.models.subscriber import SentSummary, Subscriber
from webapp.models.summary import CategoryLink, OldSlug, Summary
from webapp.models.term import Term
from webapp.models.vote import Vote

__all__ = [
    "Category",
    "CategoryLink",
    "Edition",
    "Heartbeat",
    "Message",
    "OldSlug",
    "OutboxMail",
    "RateLimitHit",
    "SentSummary",
    "Study",
    "Subscriber",
    "Summary",
    "Term",
    "Vote",
]
