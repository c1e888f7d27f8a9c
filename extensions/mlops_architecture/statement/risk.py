"""What the law and the people concerned ask for: explanations, regulations, personal data."""

from __future__ import annotations

import re

from .reading import Reading

_REASONS = re.compile(
    r"\breasons?\b|\badverse action|\b(?:per|each|every|individual|single)[\s-](?:\w+[\s-])?"
    r"(?:decision|prediction|case|customer|applicant|patient|score|row|instance|claim|loan)"
    r"|\blocal\b|\bshap\b",
    re.I,
)
_OVERALL = re.compile(
    r"\bglobal|\boverall\b|\bimportance|\bdrivers?\b|\bwhich features\b|\bin general\b", re.I
)
_NOTHING = re.compile(
    r"^\W{0,3}(?:none\b(?! known)|(?:no|nothing|low)\W*$)"
    r"|\bnot (?:needed|required|necessary|important)\b"
    r"|\bblack[\s-]box is\b|\bunregulated\b|\bnot regulated\b"
    r"|\bno (?:\w+ )?(?:regulat\w*|need|requirements?)\b",
    re.I,
)
_LAWS = (
    ("gdpr", r"\bgdpr\b|\bdsgvo\b|general data protection"),
    ("hipaa", r"\bhipaa\b"),
    ("pci", r"\bpci\b"),
    ("ecoa", r"\becoa\b|equal credit|\breg(?:ulation|\.)? b\b|\bfair lending\b"),
    ("eu_ai_act", r"\bai act\b|\beu_ai_act\b|2024/1689"),
    ("sr26_2", r"\bsr[\s_]?(?:26|11)[\s_-]?[27]\b|model risk management"),
    ("sox", r"\bsox\b|sarbanes"),
)  # fmt: skip
_OTHER_LAWS = re.compile(
    r"\b(?:ccpa|cpra|lgpd|pipeda|basel|solvency|ferpa|glba|fcra|coppa|dora|nis2|mdr|fda|mifid"
    r"|soc ?2|iso ?27001|hgb|bdsg)\b",
    re.I,
)
_EXEMPT = re.compile(r"\b(?:no|not|without|except|neither|nor)\b[^,;.]{0,40}$", re.I)
_EXEMPTED = re.compile(r"^[^,;.]{0,10}\b(?:does not|doesn.t|do not|is not|not)\b", re.I)
_PERSONAL = (
    ("special_or_phi", r"\bspecial[\s_]|\bhealth\b|\bmedical\b|\bphi\b|\bbiometric|\breligio"
                       r"|\bethnic"),
    ("cardholder", r"\bcard\s?(?:holder|numbers?)\b|\bpan\b"),
    ("pseudonymous", r"\bpseudonym"),
    ("none", r"^\W{0,3}(?:none\b(?! known)|no\W*$)|\bno personal data\b|\bno pii\b|\banonym"),
    ("direct", r"\bdirect|\bnames?\b|\be-?mails?\b|\baddress|\bphone|\bdate of birth\b"),
)  # fmt: skip


_HOLDS = re.compile(r"\b(?:holds?|contains?|includes?|stores?|columns?|records?|has|have)\b", re.I)
_NAMING = (
    r"\b(?:(?:first|last|full|customer|patient) )?names?\b(?! of the)", r"\be-?mails?\b",
    r"\baddress(?:es)?\b", r"\bphone", r"\b(?:birth ?(?:dates?|days?)|dates? of birth)\b",
    r"\b(?:ssn|social security|passport|iban)\b",
)  # fmt: skip
"""What names a person; two of them in one sentence are no accident."""
_YET = re.compile(r"\b(?:but|however|although|except)\b", re.I)


def read_risk(reading: Reading) -> None:
    """Fill in interpretability, regulations and the class of personal data."""
    _read_interpretability(reading)
    _read_regulations(reading)
    text = reading.text("personal_data")
    kind = next((name for name, pattern in _PERSONAL if _applies(pattern, text)), "")
    if kind:
        reading.take("personal_data", kind)
    elif text:
        reading.refuse("personal_data", "does not say which kind of personal data")
    for sentence in reading.sentences:
        found = [pattern for pattern in _NAMING if _applies(pattern, sentence.text)]
        if len(found) > 1 and _HOLDS.search(sentence.text):
            reading.take("personal_data", "direct")


def _read_interpretability(reading: Reading) -> None:
    text = reading.text("interpretability")
    if not text:
        return
    yet = _YET.split(text)[-1]
    if _NOTHING.search(text) and (_NOTHING.search(yet) or not _REASONS.search(yet)):
        reading.take("interpretability", "none")
    elif _REASONS.search(text) or "per_decision" in text:
        reading.take("interpretability", "per_decision")
    elif _OVERALL.search(text):
        reading.take("interpretability", "global")
    else:
        reading.refuse(
            "interpretability", "does not say whether each decision or the model is to be explained"
        )


def _read_regulations(reading: Reading) -> None:
    text = reading.text("regulations")
    sources = [text, *(s.text for s in reading.sentences if s.label != "regulations")]
    laws = [name for name, pattern in _LAWS if any(_applies(pattern, source) for source in sources)]
    unknown = sorted({match[0].upper() for match in _OTHER_LAWS.finditer(text)})
    if unknown:
        reading.refuse(
            "regulations", f"names {', '.join(unknown)}, for which there are no rules here"
        )
    if laws:
        reading.take("regulations", tuple(laws))
    elif text and _NOTHING.search(text) and not unknown:
        reading.take("regulations", ("none",))
    elif text and not unknown:
        reading.refuse("regulations", "names no regulation that is known here")


def _applies(pattern: str, text: str) -> bool:
    return any(
        not _EXEMPT.search(text[max(0, match.start() - 60) : match.start()])
        and not _EXEMPTED.search(text[match.end() : match.end() + 40])
        for match in re.finditer(pattern, text, re.I)
    )
