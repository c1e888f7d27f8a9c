"""A hundred moves at random in CI, a thousand each night: nothing of a person's is lost."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from at_hand import templates_at_hand
from mlops_architecture.answers import outside_objection
from moves import FACTS
from versions import tagged_versions
from walk import Walk

STEPS = int(os.environ.get("WALK_STEPS", "100"))
FIRST_SEED = 1000 * int(os.environ.get("WALK_SEED", "0"))
LENGTH = 25
"""Moves of one walk: longer ones find little more, and several are walked at once."""
WALKS = max(1, STEPS // LENGTH)


def test_every_value_that_is_drawn_is_one_that_the_flow_takes() -> None:
    drawn = [{name: value} for name, values in FACTS.items() for value in values]
    assert [objection for each in drawn if (objection := outside_objection(each))] == []


@pytest.fixture(scope="session")
def versions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with templates_at_hand():
        yield tagged_versions(tmp_path_factory.mktemp("versions") / "template")


@pytest.mark.parametrize("seed", range(FIRST_SEED, FIRST_SEED + WALKS))
def test_a_project_stands_after_each_move_of_a_random_walk(
    seed: int, versions: Path, churn: Path, tmp_path: Path
) -> None:
    table = {"data_file": str(churn), "target": "left"}
    walk = Walk(versions, tmp_path / "p")
    walk.wander(seed, LENGTH, table)
    assert walk.refused <= len(walk.moves) // 3, "too many moves are refused to walk far"
