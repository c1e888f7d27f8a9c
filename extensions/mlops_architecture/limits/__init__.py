"""Every number that a rule compares with or states: the one place where each stands.

A name begins with the rule that it belongs to (`E2_FEWEST_POSITIVES`); sections are modules, and
all names are flat here. Shares are shares (0.01 for 1 %); other units end the name or stand in
the docstring below it. There, [J] marks a judgement without an authority, [M] a measurement of
ours, [K] a well-known figure cited from memory; no mark: read in the rule's sources.
"""

from .data import *  # noqa: F403
from .deployment import *  # noqa: F403
from .feature import *  # noqa: F403
from .governance import *  # noqa: F403
from .monitoring import *  # noqa: F403
from .pipeline import *  # noqa: F403
from .stack import *  # noqa: F403
from .training import *  # noqa: F403


def of_rule(rule: str) -> dict[str, float]:
    """The limits of one rule by name; empty for a rule without numbers."""
    return {name: value for name, value in globals().items() if name.startswith(f"{rule}_")}
