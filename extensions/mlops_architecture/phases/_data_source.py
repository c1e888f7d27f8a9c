"""Where the rows come from, and how a state of them is kept: rules C1, C2 and C9."""

from __future__ import annotations

from .. import limits
from ..decision import Option, Proposal
from ..facts import Facts
from ._data_duties import owes_erasure
from ._inputs import GB_PER_TB, counted, inputs, marked, number, others, place, spelled
from ._monitoring_retraining import retrain_days
from ._pace import arriving, label_delay, rows_per_period

INGESTION: tuple[Option, ...] = (
    Option(value="file_snapshot", label="Read the file once, freeze a hashed Parquet snapshot"),
    Option(value="dated_partitions", label="Dated partitions with a watermark", built=False),
    Option(value="warehouse_extract", label="SQL extract, frozen as Parquet", built=False),
    Option(value="replica_extract", label="Nightly extract from a replica", built=False),
    Option(value="api_landing", label="Land the raw response, then parse it", built=False),
    Option(value="stream_landing", label="Land the stream hourly, train in batch", built=False),
)
VERSIONING: tuple[Option, ...] = (
    Option(value="zenml_artifacts", label="ZenML artifacts: every run versions its snapshot"),
    Option(value="delta", label="Delta or Iceberg table, its version in the run", built=False),
    Option(value="dvc", label="DVC: content-addressed files beside git", built=False),
    Option(value="lakefs", label="lakeFS: branches of the object store", built=False),
)

_SCORINGS_PER_MONTH = {
    "once": 1, "monthly": 1, "weekly": 5, "daily": 30, "hourly": 730, "continuous": 730,
}  # fmt: skip
_DAYS_PER_MONTH = 30
_BY_LOCATION = {
    "local_file": "file_snapshot",
    "object_store": "dated_partitions",
    "warehouse": "warehouse_extract",
    "oltp_db": "replica_extract",
    "api": "api_landing",
    "stream": "stream_landing",
}
_CHANGES_IF = {
    "file_snapshot": ("the file starts to grow in dated parts", "it moves to a database"),
    "dated_partitions": ("rows are updated in place",),
    "warehouse_extract": ("the warehouse's time travel covers the audit period",),
    "replica_extract": ("a change-data-capture feed exists",),
    "api_landing": ("the provider offers a bulk export",),
    "stream_landing": (f"features fresher than {limits.C1_FRESH_HOURS} h show a measured lift",),
}


def ingestion(facts: Facts) -> Proposal:
    """Rules C1 and C9: by where the data lives; each source has an owner and a promise."""
    value = _BY_LOCATION[facts.data_location]
    if value == "dated_partitions" and facts.data_mutability in {"static", "mutable"}:
        value = "file_snapshot"
    delay = label_delay(facts)
    why = {
        "file_snapshot": "one hashed snapshot per run reproduces it without a platform",
        "dated_partitions": f"re-runs agree when late rows are re-read for {delay}",
        "warehouse_extract": "a live table cannot be reproduced, so named columns are frozen "
        "with query text, snapshot id and hash",
        "replica_extract": "a replica is read at night, and production carries no load",
        "api_landing": "the raw response lands first and is parsed again without a call",
        "stream_landing": "it lands hourly and trains in batch; streaming features wait",
    }[value]
    source = facts.profile.source if facts.profile else place(facts)
    gaps = facts.rows - facts.labelled_rows
    unlabelled = f" ({gaps:,} without a value in {facts.target})" if gaps else ""
    return Proposal(
        decision="data_ingestion",
        value=value,
        reason=(
            f"{marked(facts, 'rows', counted(facts.rows, 'row'))} in {source}{unlabelled}, "
            f"{facts.data_mutability}: {why}. A data owner still to be named "
            f"promises it {arriving(facts)}."
        ),
        rule="C1, C9",
        references=("DELTA", "MLTS") if value == "warehouse_extract" else ("MLTS",),
        alternatives=others(INGESTION, value, _not_this_source(facts)),
        changes_if=_CHANGES_IF[value],
        inputs=inputs(facts, "rows", "data_location", "data_mutability", "data_cadence"),
    )


def _not_this_source(facts: Facts) -> dict[str | int, str]:
    here = f"the data live in {place(facts)}"
    return {
        "file_snapshot": f"A plain read of {place(facts)} cannot be repeated later.",
        "dated_partitions": f"For append-only objects; {here} and are {facts.data_mutability}.",
        "warehouse_extract": f"For a warehouse; {here}.",
        "replica_extract": f"For an operational database; {here}.",
        "api_landing": f"For an API; {here}.",
        "stream_landing": f"For a stream; {here} and come {arriving(facts)}.",
    }


def versioning(facts: Facts) -> Proposal:
    """Rule C2, first match; a snapshot within ZenML's limits needs no second mechanism."""
    size = facts.data_size_gb
    monthly = _snapshots_gb(facts)
    value, why = _mechanism(facts, monthly)
    snapshot = marked(facts, "data_size_gb", f"{number(size)} GB")
    rewritten = (
        f" A person's erasure is done in them by hand, within {limits.C8_ERASURE_DAYS} days."
    )
    erasure = rewritten if owes_erasure(facts) else ""
    return Proposal(
        decision="data_versioning",
        value=value,
        reason=f"Snapshots of {snapshot}, one for each training, make {number(monthly)} GB a "
        f"month{' with what is scored' if _scored_share(facts) else ''}: {why}.{erasure}",
        rule="C2, C8" if erasure else "C2",
        references={"zenml_artifacts": ("ZEN",), "delta": ("DELTA",)}.get(value, ()),
        alternatives=others(VERSIONING, value, _not_this_mechanism(facts, monthly)),
        changes_if={
            "zenml_artifacts": (
                f"a snapshot passes {limits.C2_SNAPSHOT_GB} GB, or those of a month pass "
                f"{limits.C2_MONTHLY_GB} GB",
            ),
            "delta": (
                "the rows become immutable"
                if _changes(facts)
                else f"the table comes as files of at most {limits.C2_FILES_GB} GB",
                f"an audit outlasts VACUUM's {limits.C2_VACUUM_DAYS} days: archive",
            ),
            "dvc": ("all use is through ZenML", "rows are updated or erased in place"),
            "lakefs": ("one team remains",),
        }[value],
        inputs=inputs(facts, "data_size_gb", "data_cadence", "data_location", "data_mutability",
                      "team_size", "regulations", "personal_data", "consumption", "stability",
                      "label_delay_days"),
    )  # fmt: skip


def _snapshots_gb(facts: Facts) -> float:
    """GB a month of the tables that are learned from and, where their size is known, scored."""
    trainings = _DAYS_PER_MONTH / int(retrain_days(facts).value)
    return facts.data_size_gb * (trainings + _scored_share(facts))


def _scored_share(facts: Facts) -> float:
    """Rows that batches score in a month, over those of the table; 0 where nobody knows."""
    rows = rows_per_period(facts)
    if rows is None or not facts.rows or facts.consumption == "realtime":
        return 0.0
    return _SCORINGS_PER_MONTH[facts.data_cadence] * rows / facts.rows


def _changes(facts: Facts) -> bool:
    """Whether rows that were there once may be updated or erased."""
    return facts.data_mutability in {"mutable", "stream"} or owes_erasure(facts)


def _mechanism(facts: Facts, monthly_gb: float) -> tuple[str, str]:
    size = facts.data_size_gb
    changing, files = _changes(facts), facts.data_location in {"local_file", "object_store"}
    lake = size > limits.C2_LAKE_TB * GB_PER_TB and facts.data_location == "object_store"
    if lake and facts.team_size > limits.C2_LAKE_PEOPLE:
        why = f"{facts.team_size} people branch it without copies"
        return "lakefs", f"past {limits.C2_LAKE_TB} TB, {why}"
    snapshot, month = f"{limits.C2_SNAPSHOT_GB} GB", f"{limits.C2_MONTHLY_GB} GB"
    if size <= limits.C2_SNAPSHOT_GB and monthly_gb <= limits.C2_MONTHLY_GB:
        why = f"within {snapshot} and {month}, one mechanism versions all of it"
        return "zenml_artifacts", why
    if files and size <= limits.C2_FILES_GB and not changing:
        return "dvc", f"past {snapshot} or {month}, files that never change belong beside git"
    if changing:
        return "delta", f"past {snapshot} or {month}, rows need ACID changes and time travel"
    past = f"past {limits.C2_FILES_GB} GB" if files else f"past {snapshot} or {month}"
    return "delta", f"{past}, time travel names a state of {place(facts)} without copying it"


def _not_this_mechanism(facts: Facts, monthly_gb: float) -> dict[str | int, str]:
    size, most = f"{number(facts.data_size_gb)} GB", limits.C2_SNAPSHOT_GB
    return {
        "zenml_artifacts": f"Copies whole snapshots: {number(monthly_gb)} GB a month.",
        "delta": f"For changing rows past {most} GB; here {size}, {facts.data_mutability}.",
        "dvc": f"For {most}–{limits.C2_FILES_GB} GB of unchanging files used outside ZenML; here "
        f"{size}.",
        "lakefs": f"For more than {limits.C2_LAKE_TB} TB and {spelled(limits.C2_LAKE_TEAMS)} "
        f"teams; here {size}, a team of {facts.team_size}.",
    }
