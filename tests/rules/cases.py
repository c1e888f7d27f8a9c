"""Facts of three real tables, as measured, and random facts for the rules' tests."""

from __future__ import annotations

from typing import Any, get_args

from hypothesis import strategies as st
from mlops_architecture.decision import Decision, Decisions, Proposal
from mlops_architecture.facts import ColumnProfile, DataProfile, Facts, Provenance

CHURN_ROWS, WEATHER_ROWS, PLANES_ROWS = 7_043, 26_106, 3_322


def number(name: str, **measured: Any) -> ColumnProfile:
    """A numeric column."""
    return ColumnProfile(name=name, **{"type": "number", "distinct": 100} | measured)


def category(name: str, distinct: int, **measured: Any) -> ColumnProfile:
    """A text column of so many levels."""
    return ColumnProfile(name=name, type="string", distinct=distinct, **measured)


def identifier(name: str, rows: int) -> ColumnProfile:
    """A text column that is unique for each row."""
    return ColumnProfile(name=name, type="string", distinct=rows, identifier=True)


def table(rows: int, *columns: ColumnProfile, **measured: Any) -> DataProfile:
    """A profile of so many rows."""
    return DataProfile(
        source="table.csv", uri="/data/table.csv", rows=rows, columns=columns,
        **{"size_gb": 0.001} | measured,
    )  # fmt: skip


def facts_of(**values: Any) -> Facts:
    """Facts that were all stated."""
    provenance = tuple((name, Provenance.stated) for name in values)
    return Facts(**{"provenance": provenance} | values)


_CHURN_PROFILE = table(
    CHURN_ROWS,
    identifier("customerID", CHURN_ROWS),
    number("SeniorCitizen", type="integer", distinct=2, skewness=1.83),
    number("tenure", type="integer", skewness=0.24),
    number("MonthlyCharges", skewness=-0.22),
    number("TotalCharges", stored_as_text=True, missing=11, missing_share=11 / CHURN_ROWS,
           skewness=0.96, tail_ratio=5.7),
    *(category(name, 2) for name in ("gender", "Partner", "Dependents", "PhoneService",
                                     "PaperlessBilling")),
    *(category(f"service_{i}", 3) for i in range(8)),
    category("Contract", 3, target_auc=0.74),
    category("PaymentMethod", 4, target_auc=0.67),
    category("Churn", 2),
    target="Churn", classes=("No", "Yes"), class_shares=(0.7346, 0.2654),
    duplicate_rows=0,
)  # fmt: skip
CHURN = facts_of(
    target="Churn", rows=CHURN_ROWS, positive_rate=0.2654, n_numeric=4, n_categorical=15,
    positive_class="Yes", profile=_CHURN_PROFILE, personal_data="pseudonymous",
    regulations=("gdpr",), use_case="churn", data_size_gb=0.001,
)  # fmt: skip
CHURN_STATED = CHURN.model_copy(
    update={
        "primary_metric": "accuracy", "capacity": 300, "cost_false_positive": 20.0,
        "cost_false_negative": 240.0, "save_rate": 0.25, "baseline_kind": "rules",
        "baseline_value": 0.38, "interpretability": "per_decision",
        "guardrails": ("precision at 300 calls ≥ 0.5",),
    }
)  # fmt: skip
WEATHER = facts_of(
    target="low_visibility_3h", rows=WEATHER_ROWS, positive_rate=0.0571, event_time="time_hour",
    positive_class="1", entity_key="origin", n_numeric=12, n_categorical=1, label_delay_days=0.125,
    data_cadence="hourly", data_mutability="append", data_size_gb=0.003,
    profile=table(
        WEATHER_ROWS,
        category("origin", 3),
        number("month", type="integer", minimum=1, maximum=12, distinct=12),
        number("day", type="integer", minimum=1, maximum=31, distinct=31),
        number("hour", type="integer", minimum=0, maximum=23, distinct=24),
        number("temp", skewness=-0.01),
        number("humid", skewness=0.01, target_auc=0.921),
        number("wind_speed", skewness=68.95, missing=4, missing_share=4 / WEATHER_ROWS),
        number("wind_gust", skewness=1.1, missing=20_778, missing_share=0.796),
        number("precip", skewness=14.38),
        number("pressure", missing=2_729, missing_share=0.105),
        ColumnProfile(name="time_hour", type="datetime", distinct=8_714),
        number("low_visibility_3h", type="integer", distinct=2),
        target="low_visibility_3h", classes=("0", "1"), class_shares=(0.9429, 0.0571),
        event_time="time_hour", entity_key="origin",
        first_event="2013-01-01T06:00:00Z", last_event="2013-12-30T23:00:00Z",
    ),
)  # fmt: skip
PLANES = facts_of(
    target="seats", problem_type="regression", rows=PLANES_ROWS, n_numeric=2, n_categorical=4,
    profile=table(
        PLANES_ROWS,
        identifier("tailnum", PLANES_ROWS),
        number("year", minimum=1956, maximum=2013, skewness=-0.8, missing=70, missing_share=0.0211),
        category("type", 3),
        category("manufacturer", 35),
        category("model", 127, target_r2=0.996),
        number("engines", type="integer", distinct=4, skewness=0.5),
        number("speed", missing=3_299, missing_share=0.9931, target_r2=0.945),
        category("engine", 6),
        number("seats", type="integer"),
        target="seats", target_minimum=2, target_maximum=450,
    ),
)  # fmt: skip
NO_TABLE = Facts()


def decided(**values: str | int) -> Decisions:
    """Decisions that a person took, by name."""
    return Decisions(
        entries=tuple(
            Decision(
                proposal=Proposal(decision=name, value=value, reason="", rule=""),
                value=value, label=str(value), built=True,
            )
            for name, value in values.items()
        )
    )  # fmt: skip


_names = st.sampled_from(["", "id", "when", "customer"])
_share = st.floats(0, 1)
_cost = st.none() | st.floats(0.01, 1e6)


@st.composite
def random_columns(draw: st.DrawFn) -> ColumnProfile:
    """Any column that a profiler could report."""
    return ColumnProfile(
        name=draw(st.sampled_from(["a", "b", "month", "year", "age", "email", "closed_date"])),
        type=draw(st.sampled_from(["integer", "number", "boolean", "string", "datetime"])),
        missing=draw(st.integers(0, 100)),
        missing_share=draw(_share),
        distinct=draw(st.integers(0, 10_000)),
        minimum=draw(st.none() | st.floats(-1e6, 1e6)),
        maximum=draw(st.none() | st.just("2030-01-01") | st.floats(-1e6, 1e6)),
        skewness=draw(st.none() | st.floats(-100, 100)),
        tail_ratio=draw(st.none() | st.floats(0, 1000)),
        top_share=draw(_share),
        identifier=draw(st.booleans()),
        constant=draw(st.booleans()),
        duplicate_of=draw(st.sampled_from(["", "b"])),
        target_auc=draw(st.none() | st.floats(0.5, 1)),
        target_r2=draw(st.none() | _share),
        after_event=draw(_share),
    )


@st.composite
def random_profiles(draw: st.DrawFn) -> DataProfile:
    """Any profile, whether or not it agrees with the facts around it."""
    return table(
        draw(st.integers(0, 10**7)),
        *draw(st.lists(random_columns(), max_size=6)),
        duplicate_rows=draw(st.integers(0, 100)),
        classes=("no", "yes"), class_shares=(0.7, 0.3),
        target_minimum=draw(st.none() | st.floats(-1e6, 1e6)),
        target_maximum=draw(st.none() | st.floats(-1e6, 1e6)),
        first_event=draw(st.sampled_from(["", "2024-01-01", "2024-01-01T00:00:00Z", "then"])),
        last_event=draw(st.sampled_from(["", "2025-01-01", "2024-01-01T00:00:00Z", "now"])),
    )  # fmt: skip


_STATED_METRICS = (
    "unsure", "accuracy", "f1", "f2", "macro_f1", "precision", "recall", "precision_at_k",
    "roc_auc", "average_precision", "log_loss", "brier", "expected_cost", "mae", "rmse", "rmsle",
    "mape", "wape", "pinball", "r2",
)  # fmt: skip
_FREE = {
    "primary_metric": st.sampled_from(_STATED_METRICS),
    "use_case": st.sampled_from(["other", "churn", "credit", "hiring", "demand", "pricing"]),
    "baseline_value": st.none() | st.floats(0, 1e6),
    "guardrails": st.just(()) | st.just(("recall ≥ 0.5",)),
    "team_size": st.integers(0, 100), "current_level": st.integers(0, 3),
    "months_operated": st.integers(0, 60), "n_models": st.integers(0, 50),
    "committers": st.integers(0, 50), "owner": st.sampled_from(["", "Ada"]),
    "data_size_gb": st.floats(0, 1e5), "rows": st.integers(0, 10**9),
    "n_numeric": st.integers(0, 10**4), "n_categorical": st.integers(0, 10**4),
    "positive_rate": st.none() | _share, "event_time": _names, "entity_key": _names,
    "unseen_entities": st.booleans(),
    "post_outcome_columns": st.just(()) | st.just(("a",)),
    "latency_ms": st.none() | st.integers(0, 10_000), "capacity": st.none() | st.integers(0, 10**9),
    "cost_false_positive": _cost, "cost_false_negative": _cost, "save_rate": _share,
    "label_delay_days": st.floats(0, 2000),
    "regulations": st.lists(
        st.sampled_from(["gdpr", "hipaa", "pci", "ecoa", "eu_ai_act", "sr26_2", "sox"]),
        unique=True,
    ).map(tuple),
    "existing_tools": st.lists(
        st.sampled_from(["W&B", "MLflow", "spark", "Airflow"]), unique=True
    ).map(tuple),
    "profile": st.none() | random_profiles(),
}  # fmt: skip


def _choices(name: str) -> st.SearchStrategy[Any]:
    """The values of a fact that is a choice."""
    return st.sampled_from(get_args(Facts.model_fields[name].annotation))


random_facts = st.fixed_dictionaries(
    {
        name: _choices(name)
        for name in (
            "problem_type", "labels", "baseline_kind", "horizon", "platform_skill",
            "data_location", "data_mutability", "data_cadence", "consumption", "stability",
            "impact", "decision_mode", "personal_data", "interpretability", "cloud", "ci",
        )
    }
    | _FREE
).map(lambda values: Facts(**values))  # fmt: skip
"""Any facts at all, most of them absurd."""
