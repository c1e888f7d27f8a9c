"""Alerts: raised once, cleared once, and told to whoever has to act."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel

from . import records
from .monitoring import ALERTED, SEVERITIES, Check, Severity

FIRST_LOOK = {
    "freshness": "see logs/score.log and what should have started it, then score what is due",
    "volume": "ask upstream whether rows were cut off or came twice, and score the whole table",
    "rejected rows": "read the file of rejected rows, and correct them upstream",
    "values": "correct the columns that are named upstream, or the contract if they are right",
    "score distribution": "run drift: mend a bug, and await labels of a change of the world",
    "share acted on": "run drift: mend a bug, and await labels of a change of the world",
    "model age": "retrain when there are new labels",
    "quality": "roll back if the version before did better, else retrain",
    "estimated quality": "see whether labels confirm it",
    "latency": "see the service's /metrics: roll back if a version brought it, or add an instance",
}
"""What the owner does first, by check."""


class Alert(BaseModel):
    """A line of the record: a check began to fail, got worse, or is well again."""

    at: datetime
    event: Literal["raised", "cleared"]
    check: str
    severity: Severity
    what: str
    since: datetime
    """When the check began to fail."""
    owner: str
    runbook: str

    @property
    def message(self) -> str:
        """What is sent to people."""
        owner = f" Owner: {self.owner}." if self.owner else ""
        return f"{self.severity} {self.check}: {self.what}{owner} What to do: {self.runbook}"


def standing(record: Path) -> dict[str, Alert]:
    """The alerts that were raised and not cleared since, by check."""
    last = {alert.check: alert for alert in records.read(record, Alert)}
    return {name: alert for name, alert in last.items() if alert.event == "raised"}


def changes(
    checks: Sequence[Check], standing: dict[str, Alert], now: datetime, owner: str
) -> tuple[Alert, ...]:
    """What is new: a check that fails, fails more gravely, is well again, or is made no more."""
    made = {check.name for check in checks}
    found = [
        alert.model_copy(update={"at": now, "event": "cleared", "what": "It is not checked now."})
        for name, alert in standing.items()
        if name not in made
    ]
    for check in checks:
        before = standing.get(check.name)
        fails = check.severity in ALERTED
        if before is not None and not fails:
            update = {"at": now, "event": "cleared", "what": check.what}
            found.append(before.model_copy(update=update))
        if check.severity is None or not fails or not _graver(check.severity, before):
            continue
        found.append(
            Alert(
                at=now,
                event="raised",
                check=check.name,
                severity=check.severity,
                what=check.what,
                since=before.since if before else now,
                owner=owner,
                runbook=f"{FIRST_LOOK[check.name]} (docs/runbook.md)",
            )
        )
    return tuple(found)


def _graver(severity: Severity, before: Alert | None) -> bool:
    return before is None or SEVERITIES.index(severity) < SEVERITIES.index(before.severity)
