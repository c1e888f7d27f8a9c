"""Labels that arrive late: taken in once, and kept beside the prediction log."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import duckdb
import pandas as pd

from .contract import Contract
from .data import TableHandle, open_table, read_frame, write_frames
from .errors import DataError
from .inference import beside_ours
from .monitoring import LabelIntake

LABEL, KNOWN_SINCE = "known_label", "known_since"
SHOWN = 5


def required_keys(contract: Contract) -> tuple[str, ...]:
    """What a label must name: the identifiers, else the entity and the event time."""
    others = (contract.entity_key, contract.event_time)
    return contract.identifiers or tuple(name for name in others if name)


def join_keys(contract: Contract) -> tuple[str, ...]:
    """What a label and a prediction are matched by: the required keys, and the event time.

    Beside identifiers the event time may be left out of a file of labels.
    """
    keys, time = required_keys(contract), contract.event_time
    return keys if time is None or time in keys else (*keys, time)


def take_in(path: Path, contract: Contract, log: Path, now: datetime) -> LabelIntake:
    """Keeps the labels of a table in `log`/labels, once; later runs know them.

    Raises DataError if the table has no keys or no target, no label in it is usable, or a class
    is none that the contract knows.
    """
    frame = _read(path, contract)
    required = [beside_ours(key) for key in required_keys(contract)]
    usable = frame.dropna(subset=[*required, LABEL])
    if usable.empty:
        raise DataError(
            f"No row of {path} has both a label in {contract.target!r} and its key "
            f"({', '.join(required)}): give labels of rows that were scored."
        )
    _refuse_unknown_classes(usable[LABEL], contract, path)
    keys = [beside_ours(key) for key in join_keys(contract)]
    kept = usable.drop_duplicates(keys, keep="last")
    folder = folder_of_labels(log)
    target = folder / f"{hashlib.sha256(path.read_bytes()).hexdigest()[:12]}.parquet"
    if not target.exists():
        write_frames([kept.assign(**{KNOWN_SINCE: now})], target)
    labels = usable.groupby(keys, sort=False, dropna=False)[LABEL]
    return LabelIntake(
        rows=len(frame),
        kept=len(kept),
        unlabelled=len(frame) - len(usable),
        repeated=len(usable) - len(kept),
        conflicting=int((labels.nunique() > 1).sum()),
        unknown=len(kept) - _known(log, target, contract),
    )


def folder_of_labels(log: Path) -> Path:
    """Where the labels of the predictions in `log` are kept."""
    return log / "labels"


def same_key(contract: Contract) -> str:
    """SQL: whether `labels` and `predictions` name one key; a time that is not said fits any."""
    required = columns(required_keys(contract))
    optional = [key for key in columns(join_keys(contract)) if key not in required]
    conditions = [f"labels.{key} = predictions.{key}" for key in required]
    conditions += [
        f"(labels.{key} IS NULL OR labels.{key} = predictions.{key})" for key in optional
    ]
    return " AND ".join(conditions)


def columns(keys: Sequence[str]) -> list[str]:
    """Keys as SQL names their columns in the log."""
    return ['"' + beside_ours(key).replace('"', '""') + '"' for key in keys]


def _read(path: Path, contract: Contract) -> pd.DataFrame:
    """Keys, named as the log names them, and the label of each row."""
    required, keys = required_keys(contract), join_keys(contract)
    if not required:
        raise DataError(
            "data/contract.yaml has no identifier, entity or event time, so no label can be "
            "matched to a prediction: give one of the columns that role."
        )
    table = open_table(str(path))
    if not table.count().execute():
        raise DataError(
            f"{path} has column names and no rows: give labels of rows that were scored."
        )
    wanted = [key for key in keys if key in required or key in table.columns]
    handle = TableHandle(uri=str(path), rows=0, sha256="", source=str(path))
    frame = read_frame(handle, contract, columns=[*wanted, contract.target])
    unsaid = {key: pd.Series(pd.NaT, index=frame.index) for key in keys if key not in wanted}
    return frame.assign(**unsaid).rename(
        columns={contract.target: LABEL, **{key: beside_ours(key) for key in keys}}
    )


def _refuse_unknown_classes(labels: pd.Series, contract: Contract, path: Path) -> None:
    known = contract.target_column.labels
    strange = sorted(set(labels) - set(known)) if contract.classification and known else []
    if strange:
        raise DataError(
            f"{path} has labels in {contract.target!r} that data/contract.yaml does not know: "
            f"{', '.join(strange[:SHOWN])}. Write them as {', '.join(known[:SHOWN])}."
        )


def _known(log: Path, labels: Path, contract: Contract) -> int:
    """Labels of a file whose key is in the log."""
    keys = ", ".join(f"labels.{key}" for key in columns(join_keys(contract)))
    query = (
        f"SELECT DISTINCT {keys} FROM read_parquet($labels) AS labels JOIN "
        f"read_parquet($log, union_by_name => true) AS predictions ON {same_key(contract)}"
    )
    with duckdb.connect() as engine:
        engine.execute("SET TimeZone = 'UTC'")
        found = engine.execute(query, {"labels": str(labels), "log": str(log / "*.parquet")})
        return len(found.fetchall())
