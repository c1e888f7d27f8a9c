"""How long the rules take: a thousand random sets of facts through all phases and flags.

    uv run python benchmarks/rules.py

Prints seconds for the whole, and the microseconds that one design takes at the median and
the 99th percentile. Importing and drawing the facts are not counted.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "extensions"), str(ROOT / "tests")]

from mlops_architecture.design import PHASES, make_design  # noqa: E402
from mlops_architecture.facts import Facts  # noqa: E402
from mlops_architecture.red_flags import FLAGS  # noqa: E402
from rules.operation import operated_facts  # noqa: E402

COUNT = 1_000
SECONDS_ALLOWED = 2.0


def random_facts(count: int) -> list[Facts]:
    """The same random facts on every run, as the tests draw them."""
    drawn: list[Facts] = []

    @settings(
        max_examples=count, database=None, derandomize=True, deadline=None,
        suppress_health_check=list(HealthCheck), phases=[Phase.generate],
    )  # fmt: skip
    @given(operated_facts)
    def draw(facts: Facts) -> None:
        drawn.append(facts)

    draw()
    return drawn[:count]


def main() -> int:
    """Measure, print, and fail where the promise is broken."""
    facts = random_facts(COUNT)
    taken = []
    for each in facts:
        start = time.perf_counter()
        make_design(each, {})
        taken.append(time.perf_counter() - start)
    raised = sum(len(make_design(each, {}).raised) for each in facts)
    total = sum(taken)
    cuts = statistics.quantiles(taken, n=100)
    print(
        f"{len(facts):,} sets of facts, {len(PHASES)} phases, {len(FLAGS)} flags "
        f"({raised:,} raised): {total:.2f} s; one design {1e6 * cuts[49]:,.0f} µs, "
        f"99th percentile {1e6 * cuts[98]:,.0f} µs"
    )
    return 0 if total < SECONDS_ALLOWED else 1


if __name__ == "__main__":
    raise SystemExit(main())
