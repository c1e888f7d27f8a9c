"""Rules C1 to C9: ingestion, versioning, engine, storage, gates, privacy, retention."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from mlops_architecture.contract import make_contract, write_contract
from mlops_architecture.contract_edits import edits
from mlops_architecture.facts import Facts, Provenance
from mlops_architecture.phases import data

from rules.cases import (
    CHURN,
    CHURN_STATED,
    NO_TABLE,
    PLANES,
    WEATHER,
    category,
    facts_of,
    number,
    random_facts,
    table,
)
from rules.expectations import assert_well_argued, proposals_by_name

Rows = list[tuple[str, str, dict[str, Any], str | int]]

INGESTION: Rows = [
    ("C1 local file", "data_ingestion", {}, "file_snapshot"),
    ("C1 append-only objects", "data_ingestion",
     {"data_location": "object_store", "data_mutability": "append"}, "dated_partitions"),
    ("C1 objects updated in place", "data_ingestion",
     {"data_location": "object_store", "data_mutability": "mutable"}, "file_snapshot"),
    ("C1 static objects", "data_ingestion",
     {"data_location": "object_store", "data_mutability": "static"}, "file_snapshot"),
    ("C1 warehouse", "data_ingestion", {"data_location": "warehouse"}, "warehouse_extract"),
    ("C1 database", "data_ingestion", {"data_location": "oltp_db"}, "replica_extract"),
    ("C1 API", "data_ingestion", {"data_location": "api"}, "api_landing"),
    ("C1 stream", "data_ingestion", {"data_location": "stream"}, "stream_landing"),
]  # fmt: skip
VERSIONING: Rows = [
    ("C2 within both limits", "data_versioning", {"data_size_gb": 2.0}, "zenml_artifacts"),
    ("C2 small and mutable stays simple", "data_versioning",
     {"data_size_gb": 1.0, "data_mutability": "mutable"}, "zenml_artifacts"),
    ("C2 past 2 GB, unchanging files", "data_versioning", {"data_size_gb": 2.1}, "dvc"),
    ("C2 past 50 GB a month", "data_versioning",
     {"data_size_gb": 1.9, "data_cadence": "daily"}, "dvc"),
    ("C2 just under 50 GB a month", "data_versioning",
     {"data_size_gb": 1.6, "data_cadence": "daily"}, "zenml_artifacts"),
    ("C2 a snapshot for each training, not for each hour", "data_versioning",
     {"data_size_gb": 1.9, "data_cadence": "continuous", "event_time": "at"}, "zenml_artifacts"),
    ("C2 requests leave no snapshot", "data_versioning",
     {"data_size_gb": 1.9, "data_cadence": "daily", "consumption": "realtime"}, "zenml_artifacts"),
    ("C2 large and mutable", "data_versioning",
     {"data_size_gb": 10.0, "data_mutability": "mutable"}, "delta"),
    ("C2 large with a duty to erase", "data_versioning",
     {"data_size_gb": 10.0, "regulations": ("gdpr",), "personal_data": "direct"}, "delta"),
    ("C2 large, GDPR without personal data", "data_versioning",
     {"data_size_gb": 10.0, "regulations": ("gdpr",), "personal_data": "none"}, "dvc"),
    ("C2 beyond DVC", "data_versioning", {"data_size_gb": 101.0}, "delta"),
    ("C2 a TB branched by teams", "data_versioning",
     {"data_size_gb": 1001.0, "data_location": "object_store", "team_size": 16}, "lakefs"),
    ("C2 a TB of one team", "data_versioning",
     {"data_size_gb": 1001.0, "data_location": "object_store", "team_size": 5}, "delta"),
]  # fmt: skip
ENGINE: Rows = [
    ("C3 a tenth of memory", "data_engine", {"data_size_gb": 0.5}, "duckdb_pandas"),
    ("C3 past pandas", "data_engine", {"data_size_gb": 0.51}, "duckdb_sample"),
    ("C3 ten times memory", "data_engine",
     {"data_size_gb": 53.0, "data_location": "warehouse"}, "duckdb_sample"),
    ("C3 past one machine, warehouse", "data_engine",
     {"data_size_gb": 54.0, "data_location": "warehouse"}, "warehouse_sql"),
    ("C3 past one machine, no warehouse", "data_engine", {"data_size_gb": 54.0}, "duckdb_sample"),
    ("C3 a TB, nothing to push down to", "data_engine", {"data_size_gb": 1000.0}, "spark"),
    ("C3 a TB in a warehouse", "data_engine",
     {"data_size_gb": 1000.0, "data_location": "warehouse"}, "warehouse_sql"),
    ("C3 already on Spark", "data_engine",
     {"data_size_gb": 100.0, "existing_tools": ("Spark",)}, "spark"),
    ("C3 already on Databricks, whose tables call themselves a warehouse", "data_engine",
     {"data_size_gb": 400.0, "data_location": "warehouse", "existing_tools": ("Databricks",)},
     "spark"),
    ("C3 on Spark, but it fits one machine", "data_engine",
     {"data_size_gb": 5.0, "existing_tools": ("spark",)}, "duckdb_sample"),
]  # fmt: skip
STORAGE: Rows = [
    ("C4 alone and local", "data_storage", {}, "local_folder"),
    ("C4 a colleague", "data_storage", {"team_size": 2}, "bucket"),
    ("C4 a cloud", "data_storage", {"cloud": "aws"}, "bucket"),
    ("C4 remote data", "data_storage", {"data_location": "warehouse"}, "bucket"),
    ("C4 health data never on a laptop", "data_storage",
     {"personal_data": "special_or_phi"}, "bucket"),
    ("C4 pseudonyms may stay", "data_storage", {"personal_data": "pseudonymous"}, "local_folder"),
]  # fmt: skip
CARE: Rows = [
    ("C5 always", "data_gates", {}, "stop"),
    ("C5 for learners too", "data_gates", {"horizon": "learning"}, "stop"),
    ("C6 none", "data_privacy", {"personal_data": "none"}, "none"),
    ("C6 pseudonymous", "data_privacy", {"personal_data": "pseudonymous"}, "pseudonymise"),
    ("C6 direct", "data_privacy", {"personal_data": "direct"}, "minimise"),
    ("C6 special", "data_privacy", {"personal_data": "special_or_phi"}, "deidentify"),
    ("C6 cards", "data_privacy", {"personal_data": "cardholder"}, "tokenise"),
    ("C6 unsaid takes the safe branch", "data_privacy", {}, "minimise"),
    ("C7 none", "data_retention_months", {"regulations": ("none",)}, 13),
    ("C7 GDPR with people", "data_retention_months",
     {"regulations": ("gdpr",), "personal_data": "direct"}, 24),
    ("C7 GDPR without people", "data_retention_months",
     {"regulations": ("gdpr",), "personal_data": "none"}, 13),
    ("C7 PCI logs are shorter than a season", "data_retention_months",
     {"regulations": ("pci",)}, 13),
    ("C7 Reg B", "data_retention_months", {"regulations": ("ecoa",)}, 25),
    ("C7 HIPAA", "data_retention_months", {"regulations": ("hipaa", "gdpr")}, 72),
    ("C7 AI Act, high risk", "data_retention_months",
     {"regulations": ("eu_ai_act", "hipaa"), "use_case": "credit"}, 120),
    ("C7 AI Act, fraud is excepted", "data_retention_months",
     {"regulations": ("eu_ai_act",), "use_case": "fraud"}, 13),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "decision", "values", "expected"),
    INGESTION + VERSIONING + ENGINE + STORAGE + CARE,
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_rule(rule: str, decision: str, values: dict[str, Any], expected: str | int) -> None:
    proposal = proposals_by_name(data, facts_of(**values))[decision]
    assert proposal.value == expected
    assert rule.split()[0] in proposal.rule


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"data_mutability": "append"}, "past 100 GB, time travel names a state of a local file"),
        ({"data_mutability": "mutable"}, "past 2 GB or 50 GB, rows need ACID changes"),
        (
            {"data_mutability": "append", "data_location": "warehouse"},
            "past 2 GB or 50 GB, time travel names a state of a warehouse",
        ),
    ],
)
def test_c2_argues_with_changing_rows_only_where_rows_change(
    values: dict[str, Any], said: str
) -> None:
    facts = facts_of(data_size_gb=400.0, personal_data="none", **values)
    proposal = proposals_by_name(data, facts)["data_versioning"]
    assert proposal.value == "delta" and said in proposal.reason
    immutable = "the rows become immutable" in proposal.changes_if
    assert immutable is (values["data_mutability"] == "mutable")


def test_c8_erasure_is_promised_only_where_it_is_owed() -> None:
    owed = proposals_by_name(data, CHURN)
    assert "within 30 days" in owed["data_versioning"].reason
    assert "C8" in owed["data_retention_months"].rule
    assert "30 days" not in proposals_by_name(data, PLANES)["data_versioning"].reason


def test_c9_a_source_has_an_owner_and_a_promise() -> None:
    weekly = facts_of(owner="Ada", data_cadence="weekly")
    reason = proposals_by_name(data, weekly)["data_ingestion"].reason
    assert "A data owner still to be named promises it weekly" in reason


def test_unstated_personal_data_is_said_to_be_unstated() -> None:
    reason = proposals_by_name(data, NO_TABLE)["data_privacy"].reason
    assert reason.startswith("Nobody has said")


@pytest.mark.parametrize(
    ("laws", "hipaa", "gdpr"),
    [
        (("gdpr", "eu_ai_act"), False, True),
        (("hipaa",), True, False),
        (("not_stated",), True, True),
        (("none",), False, False),
    ],
)
def test_health_data_are_held_to_the_laws_that_may_apply(
    laws: tuple[str, ...], hipaa: bool, gdpr: bool
) -> None:
    facts = facts_of(personal_data="special_or_phi", regulations=laws)
    proposal = proposals_by_name(data, facts)["data_privacy"]
    assert ("HIPAA" in proposal.reason) is ("HIPAA" in proposal.references) is hipaa
    assert ("a DPIA (Art. 35)" in proposal.reason) is gdpr


def test_privacy_names_the_table_s_own_identifier() -> None:
    assert "customerID" in proposals_by_name(data, CHURN)["data_privacy"].reason


def test_duplicates_are_counted_against_the_limit_of_1_percent() -> None:
    profile = CHURN.profile
    assert profile is not None
    crowded = CHURN.model_copy(
        update={"profile": profile.model_copy(update={"duplicate_rows": 100})}
    )
    reason = proposals_by_name(data, crowded)["data_gates"].reason
    assert "100 exact duplicates (1.42 %): warned about" in reason


def test_gate_rows_cover_every_check_of_c5() -> None:
    checks = [row.check.split()[0] for row in data.gate_rows(CHURN)]
    assert checks == [
        "Schema", "Missing", "Range", "Freshness", "Volume", "Uniqueness", "Target", "Leakage",
        "Overlap",
    ]  # fmt: skip
    leakage = next(row for row in data.gate_rows(CHURN) if row.check == "Leakage")
    assert "0.90" in leakage.warn and "0.80" in leakage.warn
    assert "AUC ≥ 0.95" in leakage.fail and "R² ≥ 0.95" in leakage.fail


@pytest.mark.parametrize(
    ("facts", "warn", "held"),
    [
        (CHURN, "older than 1.5× the cadence (45 days)", "every run, by the time of the file"),
        (WEATHER, "older than 1.5× the cadence (1.5 hours)", "every run, by the newest event"),
        (facts_of(data_cadence="once"), "–", "no run: the table comes once"),
    ],
)
def test_the_freshness_gate_says_its_limit_and_what_it_reads(
    facts: Facts, warn: str, held: str
) -> None:
    row = next(row for row in data.gate_rows(facts) if row.check == "Freshness")
    assert (row.warn, row.held) == (warn, held)


@pytest.mark.parametrize(("facts", "days"), [(CHURN, 30), (WEATHER, 1 / 24)])
def test_a_late_table_is_refused_only_where_somebody_stated_the_cadence(
    facts: Facts, days: float
) -> None:
    others = tuple(one for one in facts.provenance if one[0] != "data_cadence")
    for source, fail in ((Provenance.measured, None), (Provenance.stated, 3 * days)):
        known = facts.model_copy(update={"provenance": (*others, ("data_cadence", source))})
        gates = make_contract(known, "stop").gates
        assert (gates.age_warn_days, gates.age_fail_days) == (1.5 * days, fail)
    once = make_contract(facts.model_copy(update={"data_cadence": "once"}), "stop").gates
    assert once.age_warn_days is once.age_fail_days is None


def test_the_contract_knows_how_new_the_table_is_that_was_designed_for() -> None:
    assert make_contract(WEATHER, "stop").newest == "2013-12-30T23:00:00+00:00"
    assert CHURN.profile is not None
    written = CHURN.profile.model_copy(update={"written": "2026-01-05T09:00:00+00:00"})
    contract = make_contract(CHURN.model_copy(update={"profile": written}), "stop")
    assert contract.newest == "2026-01-05T09:00:00+00:00"
    assert make_contract(NO_TABLE, "stop").newest is None


@pytest.mark.parametrize(
    ("missing", "role", "why"),
    [(0, "identifier", ""), (40, "excluded", "too many levels: 60 in 60 rows")],
)
def test_only_what_names_every_row_is_a_key_that_every_row_needs(
    missing: int, role: str, why: str
) -> None:
    note = category("note", 100 - missing, identifier=True, missing=missing)
    facts = facts_of(profile=table(100, note, number("x"), number("y")), target="y")
    found = make_contract(facts, "stop")
    assert (found.columns[0].role, found.columns[0].reason) == (role, why)
    assert found.identifiers == (("note",) if role == "identifier" else ())
    assert found.columns[0].levels == ()


def test_a_contract_at_hand_is_told_the_limits_and_columns_that_moved_and_no_others() -> None:
    before = make_contract(CHURN, "stop")
    at_hand = write_contract(before).replace("range_warn: 0.001", "range_warn: 0.5")
    assert "range_warn: 0.5" in at_hand and edits(at_hand, before, before) == ()
    first, *others = before.columns
    retyped = others[0].model_copy(update={"type": "datetime"})
    new = first.model_copy(update={"name": "new_one"})
    today = before.model_copy(
        update={
            "on_failure": "report",
            "columns": (retyped, *others[1:], new),
            "gates": before.gates.model_copy(update={"range_warn": 0.5, "age_warn_days": 9.0}),
        }
    )
    assert edits(at_hand, before, today) == (
        "on_failure: stop → report",
        f"gates.age_warn_days: {before.gates.age_warn_days or 'nothing'} → 9.0",
        f"columns gone from the table: {first.name}",
        "new columns: new_one",
        f"{retyped.name}, type: {others[0].type} → datetime",
    )
    assert edits(write_contract(today), before, today) == ()
    assert edits("", before, today) == edits("- x: [", before, today) == ()


def test_retention_lists_every_duty_the_longest_last() -> None:
    facts = facts_of(
        regulations=("gdpr", "eu_ai_act", "pci", "hipaa", "ecoa"), use_case="credit",
        personal_data="direct",
    )  # fmt: skip
    assert [row.months for row in data.retention(facts)] == [6, 12, 24, 25, 72, 120]
    assert [row.months for row in data.retention(NO_TABLE)] == [13]


@pytest.mark.parametrize("facts", [CHURN, CHURN_STATED, WEATHER, PLANES, NO_TABLE])
def test_real_tables_are_well_argued(facts: Facts) -> None:
    assert_well_argued(data, facts)


@settings(deadline=None)
@given(random_facts)
def test_any_facts_are_well_argued(facts: Facts) -> None:
    assert_well_argued(data, facts)


@settings(deadline=None)
@given(random_facts)
def test_proposed_retention_covers_every_duty(facts: Facts) -> None:
    proposed = int(proposals_by_name(data, facts)["data_retention_months"].value)
    assert proposed >= max(row.months for row in data.retention(facts))


def test_erasure_has_a_path_only_where_it_is_owed() -> None:
    path = data.erasure_path(CHURN)
    assert "customerID" in path[0] and "30 days" in path[1]
    assert data.erasure_path(facts_of(regulations=("gdpr",), personal_data="none")) == ()
    assert data.erasure_path(facts_of(regulations=("hipaa",), personal_data="direct")) == ()
