"""What a period's run starts, and whether anything starts it."""

from __future__ import annotations

import pytest
from mlops_architecture.design import make_design
from mlops_architecture.schedule import COMMANDS, commands, starter

from rules.cases import CHURN


@pytest.mark.parametrize(
    ("consumption", "monitoring", "said", "started"),
    [
        ("batch", "good", COMMANDS, "cron"),
        ("batch", "skip", ("score",), "cron"),
        ("both", "skip", ("score",), "cron"),
        ("realtime", "good", COMMANDS, "cron"),
        ("realtime", "skip", (), ""),
    ],
)
def test_scoring_is_started_without_monitoring_and_nothing_where_nothing_is_to_run(
    consumption: str, monitoring: str, said: tuple[str, ...], started: str
) -> None:
    facts = CHURN.model_copy(
        update={"consumption": consumption, "horizon": "production", "ci": "none"}
    )
    design = make_design(facts, {"monitoring_plan": monitoring})
    assert (commands(design), starter(design)) == (said, started)
