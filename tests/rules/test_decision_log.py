"""The decision log: each change once, by whom, and nothing to add when nothing changed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from mlops_architecture import decision_log
from mlops_architecture.decision_log import Run
from mlops_architecture.design import PHASES, make_design

from rules.cases import CHURN

DESIGN = make_design(CHURN, {})
NAMES = [name for phase in PHASES for name in (phase.plan, *phase.rules.OPTIONS)]
NOBODY = Run("2026-01-05", "0.1.0", "unattended", "")


def log(before: str, run: Run) -> str:
    return decision_log.extended(before, DESIGN, {"approval": "approve"}, run)


@given(st.frozensets(st.sampled_from(NAMES)), st.booleans())
def test_a_log_that_is_up_to_date_stays_as_it_is(named: frozenset[str], new: bool) -> None:
    run = NOBODY._replace(named=named, reason="We know why.")
    once = log("" if new else log("", NOBODY), run)
    assert log(once, run) == once


def test_what_a_person_names_as_it_was_proposed_is_logged_once_as_theirs() -> None:
    proposed = log("", NOBODY)
    run = NOBODY._replace(named=frozenset({"data_gates", "data_plan"}), reason="We know why.")
    (plan, gates) = decision_log.parse(log(proposed, run).removeprefix(proposed))
    assert (plan.decision, plan.before, plan.after, plan.by) == (
        "data_plan", "good", "good", "person",
    )  # fmt: skip
    assert (gates.decision, gates.by, gates.reason) == ("data_gates", "person", "We know why.")
