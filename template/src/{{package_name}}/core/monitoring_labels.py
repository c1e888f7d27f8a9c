"""Labels that arrive late: taken in once, kept beside the prediction log, joined to it by key."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from .contract import Contract
from .data import TableHandle, open_table, read_frame, write_frames
from .errors import DataError
from .inference import ROW, beside_ours
from .monitoring import LabelIntake
from .prediction_log import SCORED_AT

LABEL, KNOWN_SINCE = "known_label", "known_since"
SHOWN = 5


def join_keys(contract: Contract) -> tuple[str, ...]:
    """What a label and a prediction are matched by: the identifiers, else entity and event time."""
    others = (contract.entity_key, contract.event_time)
    return contract.identifiers or tuple(name for name in others if name)


def take_in(path: Path, contract: Contract, log: Path, now: datetime) -> LabelIntake:
    """Keeps the labels of a table in `log`/labels, once; later runs know them.

    Raises DataError if the table has no keys or no target, no label in it is usable, or a class
    is none that the contract knows.
    """
    frame = _read(path, contract)
    keys = [beside_ours(key) for key in join_keys(contract)]
    usable = frame.dropna(subset=[*keys, LABEL])
    if usable.empty:
        raise DataError(
            f"No row of {path} has both a label in {contract.target!r} and its key "
            f"({', '.join(keys)}): give labels of rows that were scored."
        )
    _refuse_unknown_classes(usable[LABEL], contract, path)
    kept = usable.drop_duplicates(keys, keep="last")
    folder = _folder(log)
    target = folder / f"{hashlib.sha256(path.read_bytes()).hexdigest()[:12]}.parquet"
    if not target.exists():
        write_frames([kept.assign(**{KNOWN_SINCE: now})], target)
    return LabelIntake(
        rows=len(frame),
        kept=len(kept),
        unlabelled=len(frame) - len(usable),
        repeated=len(usable) - len(kept),
        conflicting=int((usable.groupby(keys, sort=False)[LABEL].nunique() > 1).sum()),
        unknown=_unknown(log, target, keys),
    )


def _read(path: Path, contract: Contract) -> pd.DataFrame:
    """Keys, named as the log names them, and the label of each row."""
    wanted = join_keys(contract)
    if not wanted:
        raise DataError(
            "data/contract.yaml has no identifier, entity or event time, so no label can be "
            "matched to a prediction: give one of the columns that role."
        )
    if not open_table(str(path)).count().execute():
        raise DataError(
            f"{path} has column names and no rows: give labels of rows that were scored."
        )
    handle = TableHandle(uri=str(path), rows=0, sha256="", source=str(path))
    frame = read_frame(handle, contract, columns=[*wanted, contract.target])
    return frame.rename(
        columns={contract.target: LABEL, **{key: beside_ours(key) for key in wanted}}
    )


def _refuse_unknown_classes(labels: pd.Series, contract: Contract, path: Path) -> None:
    known = contract.target_column.labels
    strange = sorted(set(labels) - set(known)) if contract.classification and known else []
    if strange:
        raise DataError(
            f"{path} has labels in {contract.target!r} that data/contract.yaml does not know: "
            f"{', '.join(strange[:SHOWN])}. Write them as {', '.join(known[:SHOWN])}."
        )


def _unknown(log: Path, labels: Path, keys: list[str]) -> int:
    named = _listed(keys)
    found = _query(
        f"SELECT count(*) AS unknown FROM read_parquet($labels) ANTI JOIN "
        f"(SELECT DISTINCT {named} FROM read_parquet($log, union_by_name => true)) USING ({named})",
        labels=str(labels),
        log=str(log / "*.parquet"),
    )
    return int(found["unknown"][0])


def newest(
    log: Path,
    contract: Contract,
    version: int,
    now: datetime,
    rows: int,
    labelled: bool | None = None,
) -> pd.DataFrame:
    """The newest predictions of a model version until `now`, at most `rows`, the newest first.

    Columns are those of the log, keys by their own names; none where the version has scored
    nothing yet. Of a key that was scored more than once the last prediction counts. Where only
    `labelled` ones are asked for, they hold the target too, by the last label known; where only
    those without, none of which a label is known.

    Without an event time those of one scoring are equally new. Where not all of them are wanted,
    a sample counts, the same each time: tables are often sorted.
    """
    files = f"*_v{version}.parquet"
    if not any(log.glob(files)):
        return pd.DataFrame()
    keys = [beside_ours(key) for key in join_keys(contract)]
    newest_first = f"{SCORED_AT} DESC, {ROW} DESC"
    query = f"SELECT * FROM read_parquet($log) WHERE {SCORED_AT} <= $until"
    values: dict[str, Any] = {"log": str(log / files), "until": now, "rows": rows}
    if keys:
        query += (
            f" QUALIFY row_number() OVER (PARTITION BY {_listed(keys)} ORDER BY {newest_first}) = 1"
        )
    if labelled is None:
        pass
    elif keys and any(_folder(log).glob("*.parquet")):
        known = (
            f"SELECT {_listed(keys)}, {LABEL} FROM read_parquet($labels) "
            f"WHERE {KNOWN_SINCE} <= $until QUALIFY row_number() OVER "
            f"(PARTITION BY {_listed(keys)} ORDER BY {KNOWN_SINCE} DESC) = 1"
        )
        how = "JOIN" if labelled else "ANTI JOIN"
        query = f"SELECT * FROM ({query}) {how} ({known}) USING ({_listed(keys)})"
        values["labels"] = str(_folder(log) / "*.parquet")
    elif labelled:
        return pd.DataFrame()
    order = f"{SCORED_AT} DESC, hash({ROW})"
    if contract.event_time:
        order = f"{_listed([beside_ours(contract.event_time)])} DESC, {order}"
    found = _query(f"{query} ORDER BY {order} LIMIT $rows", **values)
    names = {beside_ours(key): key for key in contract.keys} | {LABEL: contract.target}
    return found.rename(columns=names)


def _folder(log: Path) -> Path:
    return log / "labels"


def _listed(names: list[str]) -> str:
    """Names of columns as SQL quotes them."""
    return ", ".join('"' + name.replace('"', '""') + '"' for name in names)


def _query(query: str, **values: Any) -> pd.DataFrame:
    with duckdb.connect() as engine:
        engine.execute("SET TimeZone = 'UTC'")
        return engine.execute(query, values).df()
