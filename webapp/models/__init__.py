"""All models, so that migrations see every table."""

from webapp.models.account import Account, Activity, DeskSession, Passkey, SignInLink, UsedChallenge
from webapp.models.asked_paper import AskedPaper, PaperWish
from webapp.models.category import Category
from webapp.models.correction import CorrectionMailing, SentCorrection
from webapp.models.document import Correction, Document, KeptText, Redirect, Revision
from webapp.models.edition import Edition
from webapp.models.heartbeat import Heartbeat
from webapp.models.letter_count import LetterCount
from webapp.models.loaded_entry import LoadedEntry
from webapp.models.message import Message
from webapp.models.missed_search import MissedSearch
from webapp.models.new_paper import NewPaper, PaperSearch
from webapp.models.outbox import OutboxMail
from webapp.models.rate_limit import RateLimitHit
from webapp.models.site_word import SiteWord
from webapp.models.study import Outcome, Study
from webapp.models.subscriber import SentSummary, Subscriber
from webapp.models.summary import CategoryLink, FacetCount, PhaseLink, Summary, TermLink
from webapp.models.term import Term
from webapp.models.trial import SentTrialChange, TrialChange, TrialLink, WatchedTrial
from webapp.models.trial_search import HiddenTrial, TrialSearch
from webapp.models.vote import Vote
from webapp.models.watch import ServiceAnswer, WatchedPaper

__all__ = [
    "Account",
    "Activity",
    "AskedPaper",
    "Category",
    "CategoryLink",
    "Correction",
    "CorrectionMailing",
    "DeskSession",
    "Document",
    "Edition",
    "FacetCount",
    "Heartbeat",
    "HiddenTrial",
    "KeptText",
    "LetterCount",
    "LoadedEntry",
    "Message",
    "MissedSearch",
    "NewPaper",
    "OutboxMail",
    "Outcome",
    "PaperSearch",
    "PaperWish",
    "Passkey",
    "PhaseLink",
    "RateLimitHit",
    "Redirect",
    "Revision",
    "SentCorrection",
    "SentSummary",
    "SentTrialChange",
    "ServiceAnswer",
    "SignInLink",
    "SiteWord",
    "Study",
    "Subscriber",
    "Summary",
    "Term",
    "TermLink",
    "TrialChange",
    "TrialLink",
    "TrialSearch",
    "UsedChallenge",
    "Vote",
    "WatchedPaper",
    "WatchedTrial",
]
