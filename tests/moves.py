"""The moves of a random walk, and how they are drawn."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any, NamedTuple

import choices
from choices import DECISIONS
from mlops_architecture.design import PHASES
from versions import TAGS

FACTS: dict[str, list[Any]] = {
    **choices.FACTS,
    "capacity": [0, 60],
    "committers": [1, 6],
    "cost_false_negative": [0, 240],
    "cost_false_positive": [0, 20],
    "current_level": [0, 1, 2],
    "data_size_gb": [0.1, 40, 400],
    "existing_tools": ["", "mlflow", "airflow"],
    "label_delay_days": [1, 30, 90],
    "latency_ms": [50, 1000],
    "months_operated": [0, 12],
    "n_models": [1, 5],
    "owner": ["Ada", "Grace: \"#1\" {of} `us`"],
    "primary_metric": ["unsure", "log_loss", "roc_auc"],
    "regulations": [["none"], ["gdpr"], ["ecoa"]],
    "rows": [500, 20_000, 3_000_000],
    "team_size": [1, 4, 20],
    "weeks": [2, 26],
}  # fmt: skip
REASONS = ["", "The auditors asked for it.", 'It held | we "measured" {it}: 3 % `less`']
PLANS = [phase.plan for phase in PHASES]


class Move(NamedTuple):
    """One move: what kind, and the answers that are given or the place that is edited."""

    kind: str
    given: Mapping[str, Any]


def draw(random: Random, tag: str) -> Move:
    """A move at random for a project made by the version `tag`."""
    kinds = {
        "edit": 10, "fact": 8, "decision": 8, "plan": 6, "version": 2, "adopt": 2, "nothing": 2,
        "approve": 1,
    }  # fmt: skip
    kind = random.choices(list(kinds), list(kinds.values()))[0]
    if kind == "edit":
        return Move(kind, {"place": random.random(), "often": random.random() < 0.7})
    if kind == "plan":
        return Move(kind, {random.choice(PLANS): random.choice(["skip", "good"])})
    if kind in {"fact", "decision"}:
        values = FACTS if kind == "fact" else DECISIONS
        name = random.choice(sorted(values))
        why = {"change_reason": random.choice(REASONS)} if kind == "decision" else {}
        return Move(kind, {name: random.choice(values[name]), **why})
    if kind == "version":
        return Move(kind, {"tag": random.choice(TAGS[TAGS.index(tag) :])})
    return Move(kind, {"adopt": {"adopt": "all"}, "approve": {"approval": "approve"}}.get(kind, {}))


def draw_creation(random: Random, table: Mapping[str, str]) -> Move:
    """The first move: a project by some answers, on the table or without one."""
    names = random.sample(sorted(FACTS), 8)
    given = {name: random.choice(FACTS[name]) for name in names}
    given |= dict.fromkeys(random.sample(PLANS, 2), "skip")
    given |= random.choice([table, {}])
    return Move("create", {**given, "approval": random.choice(["document", *3 * ["approve"]])})
