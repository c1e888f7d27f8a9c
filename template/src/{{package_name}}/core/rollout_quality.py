"""How good champion and challenger are in a roll-out, where labels have come by now."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal, NamedTuple

import duckdb
import pandas as pd

from .contract import Contract
from .evaluation import Evaluation
from .inference import ROW
from .intervals import with_interval
from .monitoring import Performance
from .monitoring_labels import KNOWN_SINCE, LABEL, folder_of_labels, join_keys, same_key
from .monitoring_performance import apart, measure
from .rollout_evidence import Compared, Finding
from .serving_log import predictions
from .settings import TrainingSettings


class Version(NamedTuple):
    """What the predictions of a model version are measured by."""

    number: int
    evaluation: Evaluation
    settings: TrainingSettings


def judge(
    compared: Sequence[Compared],
    champion: Version,
    challenger: Version,
    contract: Contract,
    log: Path,
) -> tuple[Finding, ...]:
    """Whether the challenger's metric is worse: both intervals lie apart, with enough labels.

    `log` is the prediction log, with the labels in it. Nothing where none is known of what one of
    the two has said.
    """
    theirs = _measure(compared, "champion", champion, contract, log)
    ours = _measure(compared, "challenger", challenger, contract, log)
    if theirs is None or ours is None:
        return ()
    judged = theirs.judged and ours.judged
    worse = judged and apart(ours, theirs, challenger.evaluation.primary.higher_is_better)
    what = (
        f"{ours.label} {with_interval(ours)} on {ours.rows:,} rows with a label, the champion's "
        f"{with_interval(theirs)} on {theirs.rows:,}{'' if judged else ': too few to judge'}."
    )
    return (Finding("quality", worse, what),)


def _measure(
    compared: Sequence[Compared],
    arm: Literal["champion", "challenger"],
    version: Version,
    contract: Contract,
    log: Path,
) -> Performance | None:
    lines = [
        {"at": each.at.isoformat(), "ms": answer.ms, "keys": each.keys, "said": answer.said}
        for each in compared
        if (answer := getattr(each, arm)) is not None and answer.said
    ]
    rows = _labelled(lines, version, contract, log)
    return measure(rows, version.evaluation, contract, version.settings)


def _labelled(
    lines: Sequence[dict[str, object]], version: Version, contract: Contract, log: Path
) -> pd.DataFrame:
    """What a version said of the rows whose label is known, with the one told last."""
    labels = folder_of_labels(log)
    if not (lines and join_keys(contract) and any(labels.glob("*.parquet"))):
        return pd.DataFrame()
    query = f"""
        SELECT predictions.*, labels.{LABEL}
        FROM said AS predictions
        JOIN read_parquet($labels) AS labels ON {same_key(contract)}
        QUALIFY row_number() OVER (
            PARTITION BY predictions.{ROW} ORDER BY labels.{KNOWN_SINCE} DESC
        ) = 1
        ORDER BY predictions.{ROW}"""
    with duckdb.connect() as engine:
        engine.register("said", predictions(lines, contract, str(version.number)))
        return engine.execute(query, {"labels": str(labels / "*.parquet")}).df()
