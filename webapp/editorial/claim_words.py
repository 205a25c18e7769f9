"""The words in which claims are made, and what just before or in the sentence gives them another meaning."""

from __future__ import annotations

import re

_PEOPLE = (
    r"(?:people|persons?|patients?|humans?|mankind|men|women|you|us|everyone|sufferers?|paralys\w+|paralyz\w+"
    r"|wheelchair users?|those (?:living )?with|the injured)"
)
_HELPS = (
    r"(?:help|benefit|treat|heal|cure|restore|let|allow|enable|give|improve|work (?:in|for)|protect|save|repair"
    r"|reverse|offer|lead to|open|pave|translate|become|transform)"
)
_TREATMENT = (
    r"(?:treatments?|therap(?:y|ies)|training|implants?|(?:neuro)?stimulat(?:ion|ors?)|injections?|drugs?|medicines?"
    r"|tablets?|pills?|cells|exosomes|devices?|surgery|operations?|programmes?|exercises?|exoskeletons?|pumps?"
    r"|transfers?|vibration|laser|current|pulses|interface|robots?|patch(?:es)?|sessions?|methods?|techniques?"
    r"|approach|interventions?|procedures?|transplants?|scaffolds?|gel|antibody|acupuncture|irrigation|coaching"
    r"|electrodes?|system)"
)
_GAIN = (
    r"(?:improv\w+|better|gain\w*|recover\w*|return|regain\w*|growth|strong\w*|less|fewer|lower|reduc\w+|relief"
    r"|increas\w+|drop|more|higher|worse|walk\w*|stand\w*|movements?|feeling|independen\w+|healing|control|progress)"
)
_GAP = r"(?:(?!\b(?:not|no|never|nobody|none|cannot|hardly)\b|n['’]t)[^.;:])"
"""Any character of a stretch that denies nothing."""

FROM_ANIMALS = re.compile(
    rf"\b(?:could|may|might|can|will|would|should)\b{_GAP}{{0,40}}?\b{_HELPS}\b{_GAP}{{0,60}}?"
    rf"\b(?:{_PEOPLE}|treatments?|therap(?:y|ies)|clinics?|cures?)\b"
    rf"|\b{_PEOPLE}\b{_GAP}{{0,60}}?\b(?:could|may|might|can|will|would)\b{_GAP}{{0,30}}?"
    r"\b(?:walk|move|regain|recover|feel (?:again|better)|benefit|be (?:helped|cured|treated|able)|stand|live)\b"
    rf"|\b(?:could|may|might|can|will)\b{_GAP}{{0,20}}?\b(?:be (?:used|given|tested)|reach)\b{_GAP}{{0,30}}?"
    rf"\b(?:{_PEOPLE}|clinics?|hospitals?|the market)\b"
    rf"|\b(?:helps|works?|effective|safe) (?:in|for)? ?{_PEOPLE}\b"
    r"|\b(?:pav(?:es?|ed|ing)|open(?:s|ed|ing)?) (?:up )?(?:the|a|new) (?:way|doors?|path|road)s?\b"
    r"|\b(?:steps?|inch\w*|comes?|brings?) (?:\w+ ){0,2}?(?:closer|nearer) to\b"
    rf"|\b(?:researchers|scientists|authors|team|they|we) (?:now )?hopes?\b{_GAP}{{0,60}}?\b{_PEOPLE}\b"
    rf"|\bhope {_GAP}{{0,20}}?\b{_PEOPLE}\b|\b(?:new|potential|possible) (?:treatment|therapy|medicine) for\b",
    re.IGNORECASE,
)
CAUSE = re.compile(
    r"\bthanks to\b"
    r"|\b(?:because of|due to|owing to|as a result of)\b"
    rf"(?= (?:[\w-]+ ){{0,3}}?{_TREATMENT}\b(?!['’]| (?:side|fail|broke)))"
    r"|\b(?:led to|leads? to|resulted in|results? in|caus(?:ed|es|ing)|brought about|triggered)\b"
    rf"(?=[^.;:]{{0,50}}\b{_GAIN}\b)"
    rf"|\b(?:{_TREATMENT}|it|this|that|which) (?:really |also |clearly |has |have |\w+ly )?work(?:s|ed)\b"
    r"(?! (?:as|with|by|through|full|part|like|on the)\b)"
    r"|(?<!cost-)(?<!cost )\beffective\b"
    rf"|\b{_TREATMENT} (?:(?:of|to|in) (?:\w+ ){{1,4}})?(?:(?:\w+ly|has|have|also|not only|with \w+) ){{0,2}}"
    r"(?:cut|let|(?:improv|restor|reduc|boost|increas|reliev|eas|enhanc|strengthen|revers|heal|cur|repair|help|enabl"
    r"|allow|lower|rais|return)(?:ed|es|s))"
    r" (?!after|in |by |from|over|during|at |to |and|with|when|on |only)(?=\w)"
    rf"|\b{_TREATMENT} help (?:\w+ ){{0,2}}{_PEOPLE}\b"
    rf"|\b{_TREATMENT} (?:makes?|made) (?:\w+ ){{1,4}}(?:strong|bett|eas|few|less|low|walk|mov|stand)\w*"
    rf"|\b{_TREATMENT} (?:gives|gave|has given) (?:the )?(?:back|him|her|them|people|patients|men|women|man|woman)\b"
    r"|\b(?:restor|revers|repair)(?:ed|es) (?:the |his |her |their )?(?:\w+(?:['’]s)? )?"
    r"(?:function|walking|movement|feeling|sensation|control|mobility|paralysis|damage|grip|ability|use)\b",
    re.IGNORECASE,
)
SAFE = re.compile(
    r"(?<!\bas )\bsafe(?:r|st|ly)?\b(?! (?:place|distance|and sound))|\brisk-free\b|\bharmless\b"
    r"|\bsafety (?:was|is|has been) (?:shown|proven|confirmed|established|demonstrated)\b"
    r"|\b(?:demonstrat|show|confirm|prov|establish)\w* (?:the |its |their )?safety\b"
    r"|\bno safety (?:concerns?|issues?|problems?|signals?)\b"
    r"|\bwell[- ]tolerated\b|\btolerated (?:\w+ ){0,3}well\b"
    r"|\b(?:(?:has|have|had|with|carr(?:ies|ied)|poses?|posed|there (?:is|are|were)|brings?|causes?|caused) (?:\w+ )?no"
    r"|without(?: any)?|free (?:of|from)|zero)"
    r" (?:(?:known|serious|severe|major|real|lasting|long-term|unwanted|harmful) ){0,2}"
    r"(?:risks?|side[- ]effects?|adverse (?:events?|effects?)"
    r"|harms?|dangers?|complications?)\b(?!.*\d)",
    re.IGNORECASE,
)
PRAISE = re.compile(
    r"\b(?:cur(?:e|es|ed|ing)|miracles?|miraculous(?:ly)?|break-?throughs?|promising|revolution(?:ary|i[sz]\w+)?"
    r"|game[- ]chang\w+|ground-?breaking|life-?changing|transformative|wonder (?:drug|cure|treatment|pill)"
    r"|holy grail|silver bullet|magic bullet|landmark|milestone|remarkabl[ey]|dramatic(?:ally)?|astonishing(?:ly)?"
    r"|amazing(?:ly)?|stunning(?:ly)?|incredibl[ey]|spectacular(?:ly)?|unprecedented|extraordinar(?:y|ily)|exciting"
    r"|impressive(?:ly)?"
    r"|sensational(?:ly)?|(?:medical|scientific) sensation|triumph|key to (?:healing|curing|a cure)|magic"
    r"|cutting-edge|world[- ]first|(?:huge|giant|major|quantum|great) (?:step|leap|advance)s?(?: forward)?"
    r"|(?:new|fresh|real|great) hope|(?:offer|giv|bring|rais)(?:s|es|ing|e) hopes?)\b",
    re.IGNORECASE,
)
RANKING = re.compile(
    r"(?<!\bat )(?<!\bas )(?<!\bits )\bbest\b"
    r"(?! (?:supportive|guess|way to|practice|available|known|time|evidence|care|other)\b)"
    r"|\branked (?:first|highest|top)\b|\bcame out (?:first|on top)\b"
    r"|\b(?:most (?:effective|powerful|helpful)|number one|first choice|superior|outperform(?:s|ed)?|winners?"
    r"|gold standard|(?:better|safer|stronger|(?:more|less) (?:effective|powerful|helpful)) than|beats?|tops|topped)\b"
    r"(?! (?:fast|irregular|at|in|on|before|that|it|they|placebo|a dummy|sham|pretend)\b)",
    re.IGNORECASE,
)
SURE = re.compile(
    r"\b(?:prove[sdn]?|proving|proof (?:that|of)|conclusive(?:ly)?|definitive(?:ly)?|undoubtedly|unquestionably"
    r"|(?:without|beyond)(?: a| any)? doubt|no doubt|guarantee[sd]?|once and for all|(?:definitely|certainly) \w+s"
    r"|we now know|(?:clearly|really|truly|simply) (?:works?|helps|heals|improves))\b"
    r"(?! (?:hard|difficult))"
    r"|\b(?:shows?|showed|shown|demonstrat\w+|confirm\w*|establish\w*|clear that)\b(?= [^.;:]{0,60}\b(?:works|helps"
    r"|(?:is|are) (?:effective|safe)|heals|restores|cures|improves|reduces|reverses|prevents|relieves)\b)",
    re.IGNORECASE,
)
PROMISE = re.compile(
    r"\bwill (?:\w+ly |soon |one day |now |finally )?(?:help|improve|restore|walk|heal|cure|benefit|work|transform"
    r"|regain|recover|reduce|ease|relieve|let|allow|enable|change|end|reverse|be able|save lives"
    r"|(?:feel|get) (?:better|stronger|well))\b",
    re.IGNORECASE,
)
SOMEBODY = re.compile(
    r"\b(?:teams?|doctors?|nurses?|\w*therapists?|staff|clinics?|trials?|stud(?:y|ies)|researchers?|time)\s$",
    re.IGNORECASE,
)
TO_KEEP = re.compile(r"\b(?:keep|kept|stay)s? (?:\w+ )?$", re.IGNORECASE)
HEART = re.compile(r"\bheart\s$", re.IGNORECASE)
MODAL = re.compile(
    r"\b(?:may|might|could|can)(?: (?:also|well|even))?(?: have)?(?: be(?:en)?)? (?:an? )?$", re.IGNORECASE
)
TO_BE = re.compile(r"\b(?:to|be) $", re.IGNORECASE)
SELLERS = re.compile(
    r"\b(?:(?:that|who) (?:promise|offer|sell|claim)|(?:look|search)(?:ed|ing)? for) (?:an? |the )?$", re.IGNORECASE
)
SIGNIFICANT = re.compile(r"\b(?:statistically |clinically |highly )?significan(?:t|tly|ce)\b", re.IGNORECASE)
NO_SIZE = re.compile(
    r"\b\d+(?:\.\d+)?[- ](?:minutes?|hours?|days?|weeks?|months?|years?)\b"
    r"|\bp\s?[<=>≤]\s?0?\.\d+|\b(?:in|of) (?:the )?\d+ (?:people|patients|men|women|participants)\b",
    re.IGNORECASE,
)
