"""What a page must say at once where a treatment is risky to stop, or an emergency is near.

The notices are short; each leads to its steps on /emergency, where the sources of both are named.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class SafetyNotice:
    """One thing readers must know at once, and the words in a text that call for it."""

    name: str
    """Of the notice, and of its section on /emergency where `section` names no other."""
    title: str
    text: str
    link_text: str
    pattern: re.Pattern[str]
    searched: re.Pattern[str] | None = None
    """Further words that call for it when somebody looks for them, as `_folded` gives them."""
    is_for_searches: bool = False
    """Whether a text that mentions it does not call for it, but only somebody who looks for it."""
    topics: frozenset[str] = frozenset()
    """Slugs of the categories it belongs to, whatever their texts say."""
    section: str = ""
    covers: frozenset[str] = frozenset()
    """Names of more general notices: where this one is given, a line at the top of a page need not name them too."""

    @property
    def anchor(self) -> str:
        """The id of its section on /emergency."""
        return self.section or self.name


SAFETY_NOTICES = (
    SafetyNotice(
        name="dysreflexia",
        title="Pounding headache, or blood pressure above your usual?",
        text=(
            "After an injury at T6 or above this can be autonomic dysreflexia, an emergency. "
            "Sit up, loosen what is tight, and check the bladder."
        ),
        link_text="First steps for autonomic dysreflexia",
        pattern=re.compile(r"dysreflexi|pounding head|high blood pressure|^\s*ad\s*$", re.IGNORECASE),
        searched=re.compile(r"headache|head pain|blood pressure|\bbp\b|hypertension|hyperreflexia|stroke"),
        topics=frozenset({"heart-and-blood-pressure"}),
    ),
    SafetyNotice(
        name="vibration",
        title="Vibration can set off dysreflexia",
        text=(
            "After an injury at T6 or above, vibration of the penis or clitoris can send the blood pressure up, even "
            "if you feel nothing. Ask your team before you try it."
        ),
        link_text="Signs of dysreflexia, and what to do",
        pattern=re.compile(
            r"vibrat\w+ (?:\w+ ){0,3}(?:penis|clitoris)|(?:penile|penis|clitoral|clitoris) vibrat|vibrator\b",
            re.IGNORECASE,
        ),
        section="dysreflexia",
        covers=frozenset({"dysreflexia"}),
    ),
    SafetyNotice(
        name="medicines",
        title="Erection medicines and midodrine: tell the emergency team",
        text=(
            "Nitrates, which are also used for dysreflexia, must not be given within 24 hours of sildenafil or "
            "vardenafil, or 48 hours of tadalafil. Midodrine raises the blood pressure. Say what you took, and when."
        ),
        link_text="What to tell the emergency team",
        pattern=re.compile(
            r"tadalafil|sildenafil|vardenafil|cialis|viagra|erection (?:medicine|drug|pill|tablet)|nitroglycerin"
            r"|\bnitrates?\b|midodrine",
            re.IGNORECASE,
        ),
        topics=frozenset({"sex-and-family"}),
        covers=frozenset({"dysreflexia"}),
    ),
    SafetyNotice(
        name="irrigation",
        title="Belly pain, blood or fever after a bowel washout?",
        text=(
            "With strong belly pain, much blood or fever, stop the washing and get emergency help. In rare cases it "
            "makes a hole in the bowel, which can kill."
        ),
        link_text="Other signs that cannot wait",
        pattern=re.compile(
            r"(?:bowel|anal|colon\w*|water) irrigation|irrigation of the bowel|bowel wash|wash\w* out the bowel"
            r"|(?:rins|wash)\w* (?:out )?the bowel|enema",
            re.IGNORECASE,
        ),
        searched=re.compile(r"peristeen|irrigat"),
        section="signs",
    ),
    SafetyNotice(
        name="baclofen",
        title="Never stop baclofen suddenly",
        text=(
            "If tablets stop at once, or a pump runs empty or fails, the danger is great: high fever, confusion, "
            "fits, very strong spasms, and in rare cases death. If it has stopped, get emergency help."
        ),
        link_text="Signs that baclofen has stopped, and what to do",
        pattern=re.compile(r"baclofen|lioresal|spasm pump", re.IGNORECASE),
        searched=re.compile(r"\b(?:itb|intrathecal) pump|pump\b.{0,15}\b(?:empty|alarm|beep|fail|broke|stop|ran out)"),
        topics=frozenset({"spasticity"}),
    ),
    SafetyNotice(
        name="catheter",
        title="Is a catheter not draining?",
        text=(
            "With an injury at T6 or above this needs help at once. Stay sitting up, look for kinks, empty the bag. "
            "If it does not drain within 2 to 3 minutes it has to be changed now."
        ),
        link_text="What to do when a catheter is blocked",
        pattern=re.compile(
            r"\b(?:catheter|foley|suprapubic|spc)\b.*\b(?:block|kink|clog|drain|work|stuck|bypass)"
            r"|\b(?:block|kink|clog|drain)\w*\b.*\b(?:catheter|foley)"
            r"|\b(?:cant|cannot|can not|unable to|not able to) (?:pee|wee|urinate|pass urine|pass water|empty my bl)"
            r"|\bno urine\b"
        ),
        is_for_searches=True,
    ),
    SafetyNotice(
        name="breathing",
        title="Do not stop pregabalin suddenly",
        text=(
            "With strong pain medicines, other calming medicines or alcohol it can slow breathing. "
            "Very slow breathing or unusual sleepiness is an emergency."
        ),
        link_text="Signs of danger with pregabalin or gabapentin",
        pattern=re.compile(r"pregabalin|lyrica|gabapentin|neurontin", re.IGNORECASE),
    ),
    SafetyNotice(
        name="suicide",
        title="If you think about ending your life",
        text=(
            "You are not alone, and somebody will talk with you at any hour. If you are in danger now, call your "
            "emergency number."
        ),
        link_text="People you can call now",
        pattern=re.compile(r"suicid", re.IGNORECASE),
        searched=re.compile(
            r"\bkill(?:ing)? (?:my ?self|me)\b|\b(?:wish|want|wanna)\b.{0,12}\b(?:dead|die)\b|\bbetter off dead\b"
            r"|\b(?:dont|do not) (?:want to|wanna) (?:live|be here|wake up)"
            r"|\blife (?:is )?not worth|\bno reason to live|\bend(?:ing)? (?:it all|my life)"
            r"|\btak(?:e|ing) my (?:own )?life|\b(?:cut|cutting|hurt|hurting) my ?self"
            r"|\bself ?harm|\boverdose|\btoo many (?:pills|tablets)"
        ),
    ),
    SafetyNotice(
        name="clot",
        title="Sudden chest pain, or short of breath?",
        text="It can be a blood clot in the lungs. Call your emergency number at once.",
        link_text="Signs of a blood clot",
        pattern=re.compile(
            r"\bchest (?:pain|hurts|tight)|\bpain in (?:my )?chest|\bheart attack|\bclots?\b|\bdvt\b|\bdeep vein"
            r"|\bembol|\bswollen (?:leg|calf)|\b(?:leg|calf) (?:is )?swollen|\bshort(?:ness)? of breath|\bbreathless"
            r"|\bchoking|\bcoughing .*blood"
            r"|\b(?:trouble|difficulty|struggling|cant|cannot|can not|not|stopped|hard)(?: to)? breath"
        ),
        is_for_searches=True,
    ),
    SafetyNotice(
        name="infection",
        title="Fever with shaking or confusion?",
        text="It can be sepsis, which is dangerous. Get emergency help at once.",
        link_text="Signs of a dangerous infection",
        pattern=re.compile(r"\bsepsis|\bseptic|\bblood poisoning|\bshiver|\bchills\b|\bhigh temperature|\bfever"),
        is_for_searches=True,
    ),
)


TOPICS_WITH_NOTICES = frozenset[str]().union(*(notice.topics for notice in SAFETY_NOTICES))
"""Slugs of categories that have a notice of their own."""


def notices_for(
    *texts: str | None, topics: Collection[str] = (), looked_for: Iterable[str | None] = ()
) -> list[SafetyNotice]:
    """The notices that any of these texts calls for, that belong to one of these slugs of categories, or that
    somebody looked for (a search, a term of the glossary); in their fixed order.
    """
    looked = [_folded(text) for text in looked_for if text]
    return [
        notice
        for notice in SAFETY_NOTICES
        if not notice.topics.isdisjoint(topics) or _is_called_for(notice, texts, looked)
    ]


def lines_of(notices: Iterable[SafetyNotice]) -> list[SafetyNotice]:
    """Those of these notices that are named at the top of a page."""
    notices = list(notices)
    covered = frozenset[str]().union(*(notice.covers for notice in notices))
    return [notice for notice in notices if notice.name not in covered]


def _folded(text: str) -> str:
    """Small letters without accents and apostrophes, as people in a hurry type them."""
    letters = unicodedata.normalize("NFKD", text.lower())
    return re.sub(r"[^\w\s]", "", "".join(letter for letter in letters if not unicodedata.combining(letter)))


def _is_called_for(notice: SafetyNotice, texts: Iterable[str | None], looked_for: Iterable[str]) -> bool:
    if any(notice.pattern.search(text) or (notice.searched and notice.searched.search(text)) for text in looked_for):
        return True
    return not notice.is_for_searches and any(text and notice.pattern.search(text) for text in texts)
