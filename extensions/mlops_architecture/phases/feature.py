"""2C, features: scaling, encoding, missing values, selection, dates, bundling, time."""

from __future__ import annotations

from .. import limits
from ..decision import Decisions, Option, Proposal
from ..facts import Facts
from . import _preprocessing
from ._columns import (
    doubtful_columns,
    excluded_columns,
    feature_columns,
    n_features,
    n_parameters,
)
from ._inputs import counted, inputs, listed, marked, others, spelled
from ._pace import label_delay

__all__ = [
    "OPTIONS",
    "doubtful_columns",
    "excluded_columns",
    "feature_columns",
    "n_features",
    "n_parameters",
    "propose",
]

OPTIONS: dict[str, tuple[Option, ...]] = {
    "feature_scaling": _preprocessing.SCALING,
    "feature_encoding": _preprocessing.ENCODING,
    "feature_missing": _preprocessing.MISSING,
    "feature_selection": _preprocessing.SELECTION,
    "feature_dates": (
        Option(value="calendar", label="Hour, weekday and season from the event time"),
        Option(value="none", label="No calendar features"),
    ),
    "feature_store": (
        Option(value="none", label="No feature store"),
        Option(value="feast", label="Feast", built=False),
    ),
    "feature_bundling": (
        Option(value="pipeline", label="One scikit-learn Pipeline holds every transformation"),
    ),
    "feature_point_in_time": (
        Option(value="static", label="One static table, no time"),
        Option(value="row_time", label="Each row holds what was known at its own time"),
        Option(value="asof", label="As-of join of a history, before the decision", built=False),
    ),
}


def propose(facts: Facts, earlier: Decisions) -> tuple[Proposal, ...]:
    """Proposals of phase 2C."""
    return (
        _preprocessing.scaling(facts),
        _preprocessing.encoding(facts),
        _preprocessing.missing(facts),
        _preprocessing.selection(facts),
        _dates(facts),
        _store(facts),
        _bundling(facts),
        _point_in_time(facts),
    )


def _dates(facts: Facts) -> Proposal:
    """Rule D8: cyclic parts of the event time, never raw day, year or row number."""
    value = "calendar" if facts.temporal else "none"
    raw = tuple(name for name, why in excluded_columns(facts) if why.startswith("raw calendar"))
    out = f"Raw {listed(raw)} go" if raw else "Raw day, year and row number stay out"
    return Proposal(
        decision="feature_dates",
        value=value,
        reason=(
            f"From {facts.event_time} come hour, weekday and season. {out}: on real weather data, "
            "dropping raw month and day raised average precision forward in time from "
            f"{limits.D8_RAW_AP} to {limits.D8_WITHOUT_RAW_AP}."
            if facts.temporal
            else f"None of the {counted(n_features(facts), 'feature')} says when its row "
            f"happened, so {facts.target} has no calendar."
        ),
        rule="D8",
        alternatives=others(
            OPTIONS["feature_dates"],
            value,
            {
                "calendar": "No column is the event time.",
                "none": f"Hides the hour and season of {facts.event_time} from the model.",
            },
        ),
        changes_if=(
            (f"{spelled(limits.D8_CYCLES)} or more seasonal cycles are in the table",)
            if facts.temporal
            else ("a column holds the time of the decision",)
        ),
        inputs=inputs(facts, "event_time"),
    )


def needs_store(facts: Facts) -> bool:
    """Rule D6: real time with shared features, or aggregates that must be read fast."""
    realtime = facts.consumption in {"realtime", "both"}
    many = n_features(facts) >= limits.D6_FEATURES
    shared = facts.n_models >= limits.D6_MODELS and many
    return realtime and (shared or _reads_fast(facts))


def _reads_fast(facts: Facts) -> bool:
    return bool(facts.entity_key) and 0 < (facts.latency_ms or 0) < limits.D6_AGGREGATE_MS


def _store(facts: Facts) -> Proposal:
    """Rule D6: only real-time parity, or sharing among models, pays for a store."""
    value = "feast" if needs_store(facts) else "none"
    count, fast = n_features(facts), _reads_fast(facts)
    models = counted(facts.n_models, "model")
    served = marked(facts, "consumption", facts.consumption)
    return Proposal(
        decision="feature_store",
        value=value,
        reason=(
            f"{models}, {counted(count, 'feature')} in real time"
            + (f", within {facts.latency_ms} ms per {facts.entity_key}" if fast else "")
            + ": a store keeps online and offline values the same."
            if value == "feast"
            else f"{models}, {counted(count, 'feature')}, consumption {served}: no online/offline "
            "parity or sharing to protect. A Parquet or SQL view is enough."
        ),
        rule="D6",
        alternatives=others(
            OPTIONS["feature_store"],
            value,
            {
                "none": f"{models} would each rebuild the same features."
                if facts.n_models > 1
                else "Training and service would each compute the same features.",
                "feast": f"Pays for real time with {limits.D6_MODELS} models, or aggregates under "
                f"{limits.D6_AGGREGATE_MS} ms.",
            },
        ),
        changes_if=(
            ("one model, in batch, is left",)
            if value == "feast"
            else ("a second real-time model reads the same features",)
        ),
        inputs=inputs(facts, "consumption", "n_models", "latency_ms", "entity_key"),
    )


def _bundling(facts: Facts) -> Proposal:
    """Rule D5: one object, no transformation of a row outside it."""
    return Proposal(
        decision="feature_bundling",
        value="pipeline",
        reason=(
            f"The steps that prepare {counted(n_features(facts), 'feature')} travel with the model "
            "in one object: the code that trained is the code that scores."
        ),
        rule="D5",
        references=("RULES",),
        changes_if=("a feature needs data that the request lacks: see the feature store",),
        inputs=inputs(facts, "n_numeric", "n_categorical"),
    )


def _point_in_time(facts: Facts) -> Proposal:
    """Rule D7: what a row may know; a joined history is cut at the decision."""
    joined = facts.profile is None and facts.data_location in {"warehouse", "oltp_db", "stream"}
    history = facts.temporal and bool(facts.entity_key) and joined
    value = "asof" if history else "row_time" if facts.temporal else "static"
    delay = label_delay(facts)
    return Proposal(
        decision="feature_point_in_time",
        value=value,
        reason={
            "static": f"One table of {counted(facts.rows, 'row')} without an event time: every "
            "column counts as known at the decision, save those filled in afterwards.",
            "row_time": f"One table with {facts.event_time}: a row holds what was known then, and "
            f"its label comes strictly after, {delay} later.",
            "asof": f"Histories of {facts.entity_key} are joined as of {facts.event_time}, less "
            f"the ingestion lag; labels come {delay} later, and a test asserts it.",
        }[value],
        rule="D7",
        references=("KAPOOR",),
        alternatives=others(
            OPTIONS["feature_point_in_time"],
            value,
            {
                "static": f"{facts.event_time} orders the rows; ignoring it leaks the future.",
                "row_time": "Histories are joined here, and a plain join reads the future."
                if history
                else "No column holds the time of the decision.",
                "asof": f"One table of {counted(facts.rows, 'row')}, and no history to join.",
            },
        ),
        changes_if=(
            ("the joined history goes",) if history else ("a second table with history is joined",)
        ),
        inputs=inputs(facts, "event_time", "entity_key", "data_location", "label_delay_days"),
    )
