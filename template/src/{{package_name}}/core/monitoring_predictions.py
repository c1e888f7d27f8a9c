"""The predictions that monitoring looks at, from the prediction log, with the labels known by now.

A label that names its event time is of the predictions for that time. One that does not is of the
newest prediction that was as old as labels take when the label came to be known, else of the
oldest one; never of a prediction that was made later.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pandas as pd

from .contract import Contract
from .data import REJECTION
from .errors import DataError
from .inference import ROW, beside_ours
from .monitoring_labels import (
    KNOWN_SINCE,
    LABEL,
    columns,
    folder_of_labels,
    join_keys,
    same_key,
)
from .prediction_log import SCORED_AT, SNAPSHOT

ONE_PREDICTION = f"model_version, {SNAPSHOT}, {ROW}"
ABOUT_THE_RUN = (ROW, REJECTION, "model_version", SCORED_AT, SNAPSHOT)


@dataclass(frozen=True)
class LoggedPredictions:
    """What model version `version` had said by `now`; at most `rows` of them, the newest first.

    Frames have the columns of the log, keys by their own names, and no row where the version has
    scored nothing yet. Of predictions for one key (and event time) the last counts. Without an
    event time those of one scoring are equally new: where not all of them are wanted, a sample
    counts, the same each time, as tables are often sorted.
    """

    log: Path
    contract: Contract
    version: int
    now: datetime
    rows: int
    label_delay_days: float = 0

    def newest(self) -> pd.DataFrame:
        """With a label or without."""
        return self._found(f"SELECT * FROM ours {self._last_of_each_key()}")

    def labelled(self) -> pd.DataFrame:
        """Those whose label is known, with it in the column `LABEL`: the one told last."""
        if not self._joinable:
            return pd.DataFrame()
        last = f"ORDER BY {KNOWN_SINCE} DESC"
        told = (
            "SELECT * FROM told QUALIFY row_number() OVER "
            f"(PARTITION BY {ONE_PREDICTION} {last}) = 1"
        )
        each = self._last_of_each_key() if self.contract.event_time else ""
        return self._found(f"SELECT * FROM ours JOIN ({told}) USING ({ONE_PREDICTION}) {each}")

    def unlabelled(self) -> pd.DataFrame:
        """Those whose label is not known yet."""
        each = f"SELECT * FROM ours {self._last_of_each_key()}"
        if not self._joinable:
            return self._found(each)
        return self._found(f"SELECT * FROM ({each}) ANTI JOIN told USING ({ONE_PREDICTION})")

    @property
    def _keys(self) -> list[str]:
        return columns(join_keys(self.contract))

    @property
    def _joinable(self) -> bool:
        return bool(self._keys) and any(folder_of_labels(self.log).glob("*.parquet"))

    def _last_of_each_key(self) -> str:
        if not self._keys:
            return ""
        order = f"ORDER BY {SCORED_AT} DESC, {ROW} DESC"
        return f"QUALIFY row_number() OVER (PARTITION BY {', '.join(self._keys)} {order}) = 1"

    def _found(self, query: str) -> pd.DataFrame:
        if not any(self.log.glob(f"*_v{self.version}.parquet")):
            return pd.DataFrame()
        time = self.contract.event_time
        times = [f"{column} DESC" for column in columns([time] if time else [])]
        order = ", ".join([*times, f"{SCORED_AT} DESC", f"hash({ROW})"])
        values = {
            "log": str(self.log / "*.parquet"),
            "version": str(self.version),
            "until": self.now,
            "rows": self.rows,
        }
        if self._joinable:
            values |= {
                "labels": str(folder_of_labels(self.log) / "*.parquet"),
                "delay": timedelta(days=self.label_delay_days),
            }
        with duckdb.connect() as engine:
            engine.execute("SET TimeZone = 'UTC'")
            found = engine.execute(
                f"{self._relations()} {query} ORDER BY {order} LIMIT $rows", values
            ).df()
        return self._by_own_names(found)

    def _by_own_names(self, found: pd.DataFrame) -> pd.DataFrame:
        """Keys as the contract names them; a column of the run that is named so gives way."""
        renamed = [key for key in self.contract.keys if beside_ours(key) != key]
        if answers := [key for key in renamed if key not in ABOUT_THE_RUN]:
            raise DataError(
                f"The key {answers[0]!r} is named like a column of the predictions, so that they "
                "cannot be measured: rename it in the table and in data/contract.yaml."
            )
        names = {beside_ours(key): key for key in renamed}
        return found.drop(columns=renamed).rename(columns=names)

    def _relations(self) -> str:
        """`ours`, the predictions of the version; `told`, which prediction each label is of."""
        relations = f"""
            WITH predictions AS (
                SELECT * FROM read_parquet($log, union_by_name => true) WHERE {SCORED_AT} <= $until
            ),
            ours AS (SELECT * FROM predictions WHERE model_version = $version)"""
        if not self._joinable:
            return relations
        time = self.contract.event_time
        timed = f"labels.{columns([time])[0]} IS NOT NULL" if time else "FALSE"
        of_one_label = ", ".join(f"labels.{key}" for key in self._keys)
        ripe = f"{SCORED_AT} <= {KNOWN_SINCE} - $delay"
        return f"""{relations},
            labels AS (SELECT * FROM read_parquet($labels) WHERE {KNOWN_SINCE} <= $until),
            told AS (
                SELECT {ONE_PREDICTION}, {LABEL}, {KNOWN_SINCE}
                FROM labels JOIN predictions ON {same_key(self.contract)}
                WHERE {timed} OR {SCORED_AT} <= {KNOWN_SINCE}
                QUALIFY {timed} OR row_number() OVER (
                    PARTITION BY {of_one_label}, {KNOWN_SINCE}
                    ORDER BY {ripe} DESC, CASE WHEN {ripe} THEN {SCORED_AT} END DESC, {SCORED_AT},
                        {ROW} DESC
                ) = 1
            )"""
