"""What is owed to the rows and to the people in them: rules C5 to C8."""

from __future__ import annotations

from .. import limits
from ..decision import Option, Proposal
from ..facts import CADENCE_DAYS, Facts
from ._data_duties import gate_rows, owes_erasure, retention
from ._inputs import counted, duration, inputs, listed, marked, others, percent

GATES: tuple[Option, ...] = (
    Option(value="stop", label="A failed gate stops the run"),
    Option(value="report", label="A failed gate is only logged"),
)
PRIVACY: tuple[Option, ...] = (
    Option(value="none", label="Nothing: the rows are not about people"),
    Option(value="pseudonymise", label="Pseudonymous keys; the key map stays elsewhere"),
    Option(value="minimise", label="Identifiers dropped, none of their values in the contract"),
    Option(value="deidentify", label="De-identified, encrypted, access logged", built=False),
    Option(value="tokenise", label="Card numbers replaced by tokens upstream", built=False),
)


def _months(months: int, what: str) -> Option:
    return Option(value=months, label=f"{months} months: {what}")


RETENTION_MONTHS: tuple[Option, ...] = (
    _months(limits.C7_NO_DUTY_MONTHS, "a seasonal year and one month"),
    _months(limits.C7_PERSONAL_MONTHS, "raw personal data, reviewed yearly"),
    _months(limits.C7_CREDIT_MONTHS, "inputs and reasons of credit decisions"),
    _months(limits.C7_PURPOSE_MONTHS, "a longer purpose of your own, in writing"),
    _months(limits.C7_HIPAA_MONTHS, "required health documentation"),
    _months(limits.C7_AI_ACT_MONTHS, "technical file of a high-risk system"),
)

_BY_KIND = {
    "none": "none", "pseudonymous": "pseudonymise", "direct": "minimise",
    "special_or_phi": "deidentify", "cardholder": "tokenise", "not_stated": "minimise",
}  # fmt: skip
_PRIVACY_REFERENCES = {"none": (), "tokenise": ("PCI",)}


def gates(facts: Facts) -> Proposal:
    """Rule C5: always; the gates decide whether to train at all."""
    return Proposal(
        decision="data_gates",
        value="stop",
        reason=(
            f"{len(gate_rows(facts))} gates hold {counted(facts.rows, 'row')}, and more than "
            f"{percent(limits.C5_RANGE_FAIL_SHARE)} out of range stops the run"
            f"{_age(facts)}.{_duplicates(facts)}"
        ),
        rule="C5",
        references=("BRECK19", "MLTS"),
        alternatives=others(
            GATES,
            "stop",
            {"report": f"A model of {facts.target} would train on a table that already failed."},
        ),
        changes_if=(
            f"the first {limits.C5_FEWEST_BATCHES} to {limits.C5_MOST_BATCHES} batches show that a "
            "limit rings on healthy data",
        ),
        inputs=inputs(facts, "rows", "data_cadence", "target"),
    )


def _age(facts: Facts) -> str:
    days = CADENCE_DAYS.get(facts.data_cadence)
    if days is None:
        return ""
    warn, fail = limits.C5_AGE_WARN_PERIODS * days, limits.C5_AGE_FAIL_PERIODS * days
    return f"; {facts.data_cadence} data warn at {duration(warn)}, fail at {duration(fail)}"


def _duplicates(facts: Facts) -> str:
    profile = facts.profile
    if profile is None or not profile.rows or not profile.duplicate_rows:
        return ""
    share = profile.duplicate_rows / profile.rows
    most = limits.C5_DUPLICATE_WARN_SHARE
    verdict = "warned about" if share > most else f"within the {percent(most)}"
    copies = counted(profile.duplicate_rows, "exact duplicate")
    return f" {copies} ({percent(share)}): {verdict}; no copy is on both sides of a random split."


def privacy(facts: Facts) -> Proposal:
    """Rule C6: by the kind of personal data; unstated takes the safe branch and is owed."""
    value = _BY_KIND[facts.personal_data]
    kind = facts.personal_data.replace("_", " ")
    return Proposal(
        decision="data_privacy",
        value=value,
        reason=_why_private(facts),
        rule="C6",
        references=("GDPR", "HIPAA")
        if value == "deidentify" and _may_apply("hipaa", facts)
        else _PRIVACY_REFERENCES.get(value, ("GDPR",)),
        alternatives=others(
            PRIVACY,
            value,
            {
                "none": f"Personal data is {kind}.",
                "pseudonymise": f"For pseudonymous keys; personal data is {kind}.",
                "minimise": f"For columns that name people; personal data is {kind}.",
                "deidentify": f"For health or special categories; personal data is {kind}.",
                "tokenise": f"For card numbers; personal data is {kind}.",
            },
        ),
        changes_if={
            "none": ("a column about a person is added",),
            "pseudonymous": ("the data become anonymous", "a name or an address is added"),
            "direct": ("an identifier is shown to be predictive and lawful",),
            "special_or_phi": ("an expert determines that nobody can be re-identified",),
            "cardholder": ("no card data are left upstream",),
            "not_stated": ("you say what personal data there is",),
        }[facts.personal_data],
        inputs=inputs(facts, "personal_data", "regulations", "rows"),
    )


def _may_apply(law: str, facts: Facts) -> bool:
    """Whether a law was stated, or nobody said which apply."""
    return law in facts.regulations or set(facts.regulations) <= {"not_stated"}


def _why_private(facts: Facts) -> str:
    rows = counted(facts.rows, "row")
    columns = facts.profile.columns if facts.profile else ()
    keys = listed(tuple(column.name for column in columns if column.identifier))
    keys = keys or "any identifier"
    counted_out = f" (HIPAA's {limits.C6_HIPAA_IDENTIFIERS} identifiers)"
    return {
        "none": f"{rows} hold no personal data, as you say: no column needs hiding.",
        "pseudonymous": (
            f"{rows} about people under a key: pseudonymised is still personal data. {keys} stays "
            "out of the features, and the key map, hashed with a secret salt, out of this account."
        ),
        "direct": (
            f"{rows} name people: an allow-list of columns, {keys} gone before the artifact "
            "store (Art. 5), the join key a token, and a DPIA note (Art. 35)."
        ),
        "special_or_phi": (
            f"{rows} of health or special data: de-identified"
            f"{counted_out if _may_apply('hipaa', facts) else ''}, encrypted, access logged, no "
            "laptop copies, the legal basis named"
            f"{' (Art. 9), a DPIA (Art. 35)' if _may_apply('gdpr', facts) else ''}."
        ),
        "cardholder": f"{rows} carry tokens, never card numbers: that keeps them out of PCI scope.",
        "not_stated": (
            f"Nobody has said whether {rows} describe people. Until then the features "
            f"do without {keys}, and the contract without its values."
        ),
    }[facts.personal_data]


def retention_months(facts: Facts) -> Proposal:
    """Rules C7 and C8: the longest duty on any record; `retention` lists them all."""
    *shorter, longest = retention(facts)
    value = max(longest.months, limits.C7_NO_DUTY_MONTHS)
    laws = marked(facts, "regulations", listed(facts.regulations).replace("_", " ") or "none")
    rest = "".join(f" {row.record.capitalize()}: {row.months} months." for row in shorter[-1:])
    within = f" Erasure: within {limits.C8_ERASURE_DAYS} days."
    erasure = within if owes_erasure(facts) else ""
    return Proposal(
        decision="data_retention_months",
        value=value,
        reason=(
            f"{longest.record.capitalize()}: {longest.months} months ({longest.duty}); "
            f"regulations: {laws}.{rest}{erasure}"
        ),
        rule="C7, C8" if erasure else "C7",
        references=tuple(dict.fromkeys(row.source for row in retention(facts) if row.source)),
        alternatives=others(
            RETENTION_MONTHS,
            value,
            {
                option.value: f"No duty asks for {option.value} months; the longest is {value}."
                if int(option.value) > value
                else f"Shorter than the {value} months of {longest.record}."
                for option in RETENTION_MONTHS
            },
        ),
        changes_if=("a legal hold applies", "a regulation is added", "the rows are anonymised"),
        inputs=inputs(facts, "regulations", "personal_data", "use_case", "eu_high_risk"),
    )
