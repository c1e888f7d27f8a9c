"""What reads the rows, and where they rest: rules C3 and C4."""

from __future__ import annotations

from .. import limits
from ..decision import Option, Proposal
from ..facts import Facts
from ._inputs import GB_PER_TB, counted, inputs, listed, marked, number, others, part, place

ENGINE: tuple[Option, ...] = (
    Option(value="duckdb_pandas", label="DuckDB reads; training rows are one pandas frame"),
    Option(value="duckdb_sample", label="DuckDB streams; training takes a sample of rows"),
    Option(value="warehouse_sql", label="SQL pushed down to the warehouse", built=False),
    Option(value="spark", label="Spark scores; training takes a sample of rows"),
)
STORAGE: tuple[Option, ...] = (
    Option(value="local_folder", label="A local folder, backed up"),
    Option(value="bucket", label="A bucket in the data's region, versioned", built=False),
)


def engine(facts: Facts) -> Proposal:
    """Rule C3: by bytes in memory, on one machine."""
    memory = facts.data_size_gb * limits.A3_MEMORY_PER_SIZE
    value, why = _reader(facts, memory)
    size = marked(facts, "data_size_gb", f"{number(facts.data_size_gb)} GB")
    rows = counted(facts.rows, "row")
    return Proposal(
        decision="data_engine",
        value=value,
        reason=f"{rows}, {size}, take about {number(memory)} GB in memory: {why}.",
        rule="C3",
        references={"duckdb_pandas": ("PANDAS",), "duckdb_sample": ("DUCK",)}.get(value, ()),
        alternatives=others(
            ENGINE,
            value,
            {
                "duckdb_pandas": f"pandas takes {limits.C3_LEAST_RAM_PER_TABLE}–"
                f"{limits.C3_MOST_RAM_PER_TABLE}× RAM: {number(memory)} GB leaves no room.",
                "duckdb_sample": f"A sample of {rows} loses signal that need not be lost.",
                "warehouse_sql": f"The data live in {place(facts)}, not in a warehouse."
                if facts.data_location != "warehouse"
                else "You already run Spark, and nothing here writes SQL for a warehouse."
                if value == "spark"
                else f"One machine reads {number(facts.data_size_gb)} GB.",
                "spark": f"{number(facts.data_size_gb)} GB pays for no second code path"
                + (f" under {limits.C3_SPARK_GB} GB." if _runs_spark(facts) else " or cluster."),
            },
        ),
        changes_if={
            "duckdb_pandas": (
                f"the table passes {limits.C3_PANDAS_GB / limits.A3_MEMORY_PER_SIZE} GB",
            ),
            "duckdb_sample": (
                "a profile shows more head-room", f"it passes {limits.C3_SPARK_TB} TB",
            ),
            "warehouse_sql": ("the data leave the warehouse",),
            "spark": ("a sample gives the same learning curve",),
        }[value],
        inputs=inputs(facts, "rows", "data_size_gb", "data_location", "existing_tools"),
    )  # fmt: skip


def _runs_spark(facts: Facts) -> bool:
    return bool({"spark", "databricks"} & {tool.casefold() for tool in facts.existing_tools})


def _reader(facts: Facts, memory_gb: float) -> tuple[str, str]:
    pandas, machine = f"{limits.C3_PANDAS_GB} GB", f"{limits.C3_ONE_MACHINE_GB} GB"
    cluster = f"{limits.C3_SPARK_TB} TB"
    if memory_gb <= limits.C3_PANDAS_GB:
        share = part(1 / limits.C3_MOST_RAM_PER_TABLE)
        return "duckdb_pandas", f"within {pandas}, {share} of a {limits.C3_MACHINE_GB} GB machine"
    if memory_gb <= limits.C3_ONE_MACHINE_GB:
        return "duckdb_sample", f"past pandas' {pandas}, within {machine} on disk"
    if _runs_spark(facts) and facts.data_size_gb >= limits.C3_SPARK_GB:
        return "spark", f"past {machine}, and you already run it"
    if facts.data_location == "warehouse":
        return "warehouse_sql", f"past one machine's {machine}, beside a warehouse"
    if facts.data_size_gb >= limits.C3_SPARK_TB * GB_PER_TB:
        return "spark", f"past {cluster}, with no warehouse to push it down to"
    why = f"under {cluster} and no warehouse, so DuckDB spills and training samples"
    return "duckdb_sample", why


def storage(facts: Facts) -> Proposal:
    """Rule C4; health and card data never rest on a laptop."""
    reasons = _beyond_a_folder(facts)
    value = "bucket" if reasons else "local_folder"
    size = f"{number(facts.data_size_gb)} GB"
    return Proposal(
        decision="data_storage",
        value=value,
        reason=(
            f"{size} of Parquet goes to a bucket in {facts.residency or 'its own region'}, with "
            f"versions and lifecycle rules, because of {listed(reasons, most=4)}."
            if reasons
            else f"{counted(facts.team_size, 'person')} and {size} in a local file, nothing "
            "remote: a folder with a backup."
        ),
        rule="C4",
        alternatives=others(
            STORAGE,
            value,
            {
                "local_folder": f"A folder does not serve {listed(reasons, most=1)}.",
                "bucket": f"Pays from the second machine; {size} and one person have one.",
            },
        ),
        changes_if=(
            ("one person works alone, on one machine",)
            if reasons
            else ("a second machine or colleague joins", "health or card data enter")
        ),
        inputs=inputs(facts, "team_size", "cloud", "data_location", "personal_data", "residency"),
    )


def _beyond_a_folder(facts: Facts) -> tuple[str, ...]:
    kind = facts.personal_data
    reasons = {
        f"{facts.team_size} people": facts.team_size > 1,
        f"a platform ({facts.cloud})": facts.cloud != "none",
        f"data in {place(facts)}": facts.data_location != "local_file",
        f"{kind.replace('_', ' ')} data": kind in {"special_or_phi", "cardholder"},
    }
    return tuple(reason for reason, holds in reasons.items() if holds)
