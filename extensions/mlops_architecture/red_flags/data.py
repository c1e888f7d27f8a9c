"""Objections to the data plan (2B)."""

from __future__ import annotations

from .. import limits
from ..facts import Facts
from ..phases._data_duties import retention
from ..phases._inputs import listed, number
from ._flag import Found, Severity, red_flag


@red_flag("RF17", Severity.justify, "data_engine", "DUCK")
def spark_for_little(data_engine: str, data_size_gb: float) -> Found:
    """{size} GB fits one machine with DuckDB or Polars. Spark adds a cluster and a second code
    path."""
    return (
        data_engine == "spark"
        and data_size_gb < limits.C3_SPARK_GB
        and {"size": number(data_size_gb)}
    )


@red_flag("RF58", Severity.warn, "data_size_gb")
def size_unlike_the_table(facts: Facts, data_size_gb: float) -> Found:
    """{stated} GB stated, some {estimated} GB estimated from rows and columns of the table at hand:
    what is measured and tried here is of another table. Bring the one that the size is true of."""
    if facts.profile is None or not data_size_gb:
        return False
    estimated = facts.profile.size_gb
    smaller, larger = sorted((data_size_gb, estimated))
    return larger > limits.A3_SIZE_FACTOR * smaller and {
        "stated": number(data_size_gb),
        "estimated": number(estimated),
    }


@red_flag("RF61", Severity.warn, "numbers read as text")
def numbers_as_text(facts: Facts) -> Found:
    """Numbers are read as text for how they are written, or for what stands among them: {columns}.
    Save plain numbers, and leave blank what is unknown."""
    columns = facts.profile.columns if facts.profile else ()
    found = [f"{each.name} ({each.strays[0]!r})" for each in columns if each.strays]
    return bool(found) and {"columns": listed(found)}


@red_flag("RF18", Severity.block, "data_privacy", "GDPR")
def personal_data_without_plan(data_privacy: str, personal_data: str, rows: int) -> Found:
    """{rows:,} rows, personal data {kind}: without basis, period and erasure path they do not enter
    the store."""
    unplanned = data_privacy == "none" and personal_data != "none"
    return unplanned and {"kind": personal_data.replace("_", " ")}


@red_flag("RF47", Severity.justify, "data_gates", "BRECK19")
def gates_that_only_log(data_gates: str, rows: int, target: str) -> Found:
    """A gate that only logs lets a model of {target} train on {rows:,} rows that already failed.
    Say who reads the log in time."""
    return data_gates == "report"


@red_flag("RF50", Severity.block, "data_retention_months", "HIPAA", "REGB", "PCI")
def kept_too_short(facts: Facts, data_retention_months: int) -> Found:
    """{data_retention_months} months is shorter than a duty: {record}, {months} months
    ({duty})."""
    owed = [
        row
        for row in retention(facts)
        if row.source in {"HIPAA", "REGB", "PCI"} and row.months > data_retention_months
    ]
    return bool(owed) and owed[-1]._asdict()


@red_flag("RF51", Severity.justify, "data_retention_months", "GDPR")
def kept_too_long(facts: Facts, data_retention_months: int) -> Found:
    """{data_retention_months} months of personal data outlast the {longest} that any purpose here
    needs. Name the purpose and the period."""
    longest = max(*(row.months for row in retention(facts)), limits.C7_NO_DUTY_MONTHS)
    personal = facts.personal_data != "none" and "gdpr" in facts.regulations
    return personal and data_retention_months > longest and {"longest": longest}


@red_flag("RF30", Severity.justify, "data_retention_months", "AIA")
def technical_file_too_short(eu_high_risk: bool, data_retention_months: int) -> Found:
    """Annex III duties start 2 December 2027 and keep the technical file {months} months, not
    {data_retention_months}. The file is cheap now, painful later."""
    short = data_retention_months < limits.C7_AI_ACT_MONTHS
    return eu_high_risk and short and {"months": limits.C7_AI_ACT_MONTHS}
