"""From a reason to retrain to a challenger in production, or in front of a person."""

from datetime import datetime

from ..core.retraining import Entry, RetrainingSettings
from ..project import Project
from ..steps.retraining import check_triggers, hand_to_approver, train_challenger


def retraining(
    project: Project, settings: RetrainingSettings, why: str, now: datetime, as_of: datetime | None
) -> Entry:
    """Trains and gates a challenger where there is a reason; records it, also where there is none.

    `why` is a person's reason, if any. `as_of` dates the challenger back, as replays need.
    """
    case = check_triggers(project, settings, why, now)
    challenger = train_challenger(project, case, now, as_of) if case.due else None
    return hand_to_approver(project, settings, case, challenger, now)
