"""Facts and decisions for the rules on deployment, monitoring, governance and the stack."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from hypothesis import strategies as st
from mlops_architecture.decision import Decisions, Proposal
from mlops_architecture.design import make_design
from mlops_architecture.facts import Facts, Provenance

from rules.cases import decided, facts_of, random_facts

PRODUCTION = {"horizon": "production", "owner": "Ada"}


def proposed(
    phase: ModuleType, decision: str, values: dict[str, Any], earlier: dict[str, str | int]
) -> Proposal:
    """The proposal of one decision, for facts that were stated and decisions that stand."""
    proposals = phase.propose(facts_of(**values), decided(**earlier))
    return next(proposal for proposal in proposals if proposal.decision == decision)


def designed(facts: Facts, **answers: Any) -> Decisions:
    """The decisions of all phases; `answers` as a person would give them."""
    return make_design(facts, answers).decisions


_MORE = st.fixed_dictionaries(
    {
        "peak_rps": st.floats(0, 1e5),
        "staleness_ok_hours": st.floats(0, 1e4),
        "approver": st.sampled_from(["", "Ada", "Grace"]),
        "residency": st.sampled_from(["", "EU"]),
        "success_criteria": st.just(""),
        "provenance": st.sampled_from(
            [(), (("staleness_ok_hours", Provenance.stated), ("impact", Provenance.stated))]
        ),
    }
)
operated_facts = st.tuples(random_facts, _MORE).map(
    lambda drawn: drawn[0].model_copy(update=drawn[1])
)
"""Any facts, with those that only these phases read."""
standing_decisions = st.fixed_dictionaries(
    {
        "maturity_level": st.integers(0, 3),
        "data_engine": st.sampled_from(["duckdb_pandas", "duckdb_sample", "spark"]),
        "training_calibration": st.sampled_from(["none", "sigmoid"]),
        "training_tracker": st.sampled_from(["zenml", "mlflow", "wandb"]),
        "deployment_mode": st.sampled_from(["batch", "realtime", "both"]),
        "monitoring_alerts": st.sampled_from(["slack", "file", "none"]),
    }
).map(lambda values: decided(**values))
"""Any decisions of earlier phases."""


def assert_answers_any_facts(phase: ModuleType, facts: Facts, earlier: Decisions) -> None:
    """One proposal per decision, in order, among the options; every other option is answered."""
    proposals = phase.propose(facts, earlier)
    assert [proposal.decision for proposal in proposals] == list(phase.OPTIONS)
    for proposal in proposals:
        values = [option.value for option in phase.OPTIONS[proposal.decision]]
        assert proposal.value in values
        rest = [value for value in values if value != proposal.value]
        assert [alternative.value for alternative in proposal.alternatives] == rest
        assert len(proposal.reason.split()) <= 45, proposal.reason
        assert proposal.reason.endswith("."), proposal.reason
        assert proposal.inputs, proposal.decision
        assert all(0 < len(a.why_not.split()) <= 20 for a in proposal.alternatives), proposal
