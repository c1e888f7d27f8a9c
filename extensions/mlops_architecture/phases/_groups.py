"""Which groups of people are compared, and what a gap between them does: rule E11."""

from __future__ import annotations

import re

from ..facts import Facts
from ._columns import excluded_columns, is_protected_here, sensitive_columns

ABOUT_PEOPLE = {"credit", "insurance", "hiring", "education", "health"}
_REFUSES = {"credit", "insurance", "fraud"}
"""Uses in which acting on a case is what nobody hopes for."""
_AGE = re.compile(r"age", re.IGNORECASE)
"""A machine has an age too; every other protected ground is a person's."""
_PROXY = re.compile(r"zip|post_?code|postal", re.IGNORECASE)
"""A place stands for a group without naming it: there is nothing to compare."""
_SPECIAL = re.compile(r"race|ethnic|religio|disab|pregnan|sexual_?orientation", re.IGNORECASE)
_SPECIAL_IN = {"gdpr", "eu_ai_act", "not_stated"}
"""Regimes in which looking at them needs a legal basis of its own (Art. 9 GDPR)."""


def compared_groups(facts: Facts) -> tuple[str, ...]:
    """Columns that surely name groups of people, and that may be looked at to compare them."""
    withheld = withheld_groups(facts)
    return tuple(name for name in _named(facts) if name not in withheld)


def withheld_groups(facts: Facts) -> tuple[str, ...]:
    """Columns of special categories, which nobody looks at before a legal basis is written down."""
    if not _SPECIAL_IN & set(facts.regulations):
        return ()
    return tuple(name for name in _named(facts) if _SPECIAL.search(name))


def decides_about_people(facts: Facts) -> bool:
    """A gap between groups keeps a model from going on by itself."""
    return facts.use_case in ABOUT_PEOPLE or is_protected_here(facts) or facts.impact == "high"


def concerns_people(facts: Facts) -> bool:
    """Groups are worth comparing, whether or not a column names them."""
    stated = facts.personal_data not in {"none", "not_stated"}
    return stated or facts.use_case in ABOUT_PEOPLE or bool(_named(facts))


def favourable(facts: Facts) -> str:
    """What people hope for: to be `acted_on`, or to be `left_alone` where acting refuses."""
    return "left_alone" if facts.use_case in _REFUSES else "acted_on"


def _named(facts: Facts) -> tuple[str, ...]:
    if facts.personal_data == "none" or facts.profile is None:
        return ()
    excluded = dict(excluded_columns(facts))
    names = tuple(
        name
        for name in sensitive_columns(facts)
        if facts.profile.by_name[name].distinct > 1
        and excluded.get(name, "protected ground") == "protected ground"
        and not _PROXY.search(name)
    )
    people = facts.personal_data != "not_stated" or facts.use_case in ABOUT_PEOPLE
    return names if people or not all(map(_AGE.search, names)) else ()
