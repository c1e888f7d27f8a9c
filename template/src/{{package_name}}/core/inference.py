"""Batch scoring: batches of rows in, batches of predictions out, rejected rows set aside."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pydantic import BaseModel

from .contract import Contract
from .data import REJECTION, frame_writer
from .errors import DataError, SettingsError
from .files import whole
from .metrics import Predictions
from .models import TrainedModel
from .parallel import in_order
from .prediction_log import SCORED_AT, SNAPSHOT
from .reasons import column, pulls
from .settings import BatchInferenceSettings

ROW, SCORE, DECISION = "row", "score", "decision"
"""`row` is the position of the row in its table, from 0."""
REASONS, OTHER_REASONS = "reasons", "other_reasons"
"""For what was decided, and, until a capacity has decided, for the other decision."""
OUTPUT_COLUMNS = (
    ROW, REJECTION, SCORE, DECISION, "prediction", REASONS, OTHER_REASONS, "model_version",
    SCORED_AT, SNAPSHOT,
)  # fmt: skip
"""Names of our own in what is written; a key of the same name is renamed."""
REASONS_SHOWN = 3


@dataclass(frozen=True)
class ScoredBatch:
    """The predictions of a batch, and the rows that could not be scored with the reason why.

    Both begin with `row` and the contract's keys (identifiers, entity, event time). Predictions
    go on with `score` and `decision` for two classes (no decision where no rule decides),
    `prediction` and one `probability_<class>` each for several, `prediction` for regression; with
    `reasons` where they are asked for; and with `model_version`.
    """

    predictions: pd.DataFrame
    rejected: pd.DataFrame


class ScoringSummary(BaseModel):
    """What a scoring run wrote. `rows` = `scored` + `rejected`."""

    path: str
    rejected_path: str | None
    rows: int
    scored: int
    rejected: int
    acted: int | None
    """Rows that the decision says to act on; None where nothing is decided."""
    capacity: int | None = None
    """How many rows may be acted on; None where the model's threshold decides alone."""
    reasons: dict[str, int]
    """Rejected rows by reason, most frequent first."""
    model_version: str


def score_batches(
    model: TrainedModel,
    batches: Iterable[pd.DataFrame],
    contract: Contract,
    model_version: str,
    settings: BatchInferenceSettings,
) -> Iterator[ScoredBatch]:
    """Scores batches as `data.read_batches` yields them, in their order, on all cores."""
    return in_order(lambda batch: score(model, batch, contract, model_version, settings), batches)


def score(
    model: TrainedModel,
    batch: pd.DataFrame,
    contract: Contract,
    model_version: str,
    settings: BatchInferenceSettings,
) -> ScoredBatch:
    """Scores one batch, whose index counts the rows of its table."""
    accepted = batch[REJECTION].isna()
    keys = batch[list(contract.keys)].rename(columns=beside_ours)
    keys.insert(0, ROW, batch.index)
    rejected = keys[~accepted].assign(**{REJECTION: batch.loc[~accepted, REJECTION]})
    scores = _predicted_columns(model, batch[accepted], settings)
    predictions = pd.concat([keys[accepted], scores], axis=1)
    return ScoredBatch(predictions.assign(model_version=model_version), rejected)


def beside_ours(key: str) -> str:
    """The name of a key column in the output, where our own columns have names too."""
    ours = key in OUTPUT_COLUMNS or key.startswith("probability_")
    return f"{key}_in_table" if ours else key


def _predicted_columns(
    model: TrainedModel, batch: pd.DataFrame, settings: BatchInferenceSettings
) -> pd.DataFrame:
    if batch.empty:
        return pd.DataFrame(index=batch.index)
    predicted = model.predict(batch)
    columns = _prediction(model, predicted, batch.index)
    if settings.reasons:
        found = pulls(model, batch, predicted)
        columns[REASONS] = column(found, settings.reasons)
        if settings.capacity is not None:
            columns[OTHER_REASONS] = column(found.against, settings.reasons)
    return columns


def _prediction(model: TrainedModel, predicted: Predictions, rows: pd.Index) -> pd.DataFrame:
    if model.problem_type == "regression":
        return pd.DataFrame({"prediction": predicted.score}, index=rows)
    if model.problem_type == "binary":
        columns: dict[str, object] = {SCORE: predicted.score}
        if predicted.threshold is not None:
            columns[DECISION] = predicted.acted
        return pd.DataFrame(columns, index=rows)
    labels = pd.Series(model.classes)[predicted.score.argmax(axis=1)].to_numpy()
    names = [f"probability_{label}" for label in model.classes]
    probabilities = pd.DataFrame(predicted.score, columns=names, index=rows)
    probabilities.insert(0, "prediction", labels)
    return probabilities


def write_predictions(
    batches: Iterable[ScoredBatch], path: Path, maximum_rejected_share: float, model_version: str
) -> ScoringSummary:
    """Writes predictions to `path` (Parquet), and rejected rows to `<stem>.rejected.parquet`.

    Raises DataError, leaving any earlier file as it was, if there are no rows, none can be
    scored, or more than `maximum_rejected_share` of them are rejected.
    """
    tally = _Tally()
    rejected_path = _rejected_path(path)
    with ExitStack() as files:
        write = files.enter_context(frame_writer(path))
        set_aside = None
        for batch in batches:
            tally.add(batch)
            if not batch.predictions.empty:
                write(batch.predictions)
            if not batch.rejected.empty:
                set_aside = set_aside or files.enter_context(frame_writer(rejected_path))
                set_aside(batch.rejected)
        tally.admit(maximum_rejected_share)
    if not tally.rejected:
        rejected_path.unlink(missing_ok=True)
    return ScoringSummary(
        path=str(path),
        rejected_path=str(rejected_path) if tally.rejected else None,
        rows=tally.scored + tally.rejected,
        scored=tally.scored,
        rejected=tally.rejected,
        acted=tally.acted,
        reasons=dict(tally.reasons.most_common()),
        model_version=model_version,
    )


def act_on_highest(staged: ScoringSummary, capacity: int) -> ScoringSummary:
    """Decides by the scores of the whole table: `capacity` rows are acted on, the highest first.

    Equal scores go by `row`, the earlier first. Two passes, so that memory does not grow with the
    rows. Raises SettingsError if the model gives no decision.
    """
    path = Path(staged.path)
    with whole(path) as partial, pq.ParquetFile(path, pre_buffer=False) as source:
        schema = pa.schema([field for field in source.schema_arrow if field.name != OTHER_REASONS])
        if DECISION not in schema.names:
            raise SettingsError(
                "configs/batch_inference.yaml: capacity needs a model that decides between two "
                "classes: set it to null, or train with a threshold rule."
            )
        score, row = _last_of_highest(path, capacity)
        with pq.ParquetWriter(partial, schema) as writer:
            for batch in source.iter_batches():
                scores, rows = (batch[name].to_numpy() for name in (SCORE, ROW))
                acted = (scores > score) | ((scores == score) & (rows <= row))
                writer.write_batch(_decided(batch, pa.array(acted), schema))
    update = {"acted": min(capacity, staged.scored), "capacity": capacity}
    return staged.model_copy(update=update)


def _decided(batch: pa.RecordBatch, acted: pa.Array, schema: pa.Schema) -> pa.RecordBatch:
    """The batch with another decision, and the reasons for it, in the columns of `schema`."""
    columns = dict(zip(batch.schema.names, batch.columns, strict=True))
    if REASONS in columns:
        kept = pc.equal(acted, columns[DECISION])
        columns[REASONS] = pc.if_else(kept, columns[REASONS], columns[OTHER_REASONS])
    columns[DECISION] = acted
    return pa.record_batch([columns[name] for name in schema.names], schema=schema)


def _last_of_highest(path: Path, count: int) -> tuple[float, int]:
    """Score and row of the last of the `count` highest; of all rows where there are fewer."""
    with duckdb.connect() as engine:
        found = engine.execute(
            f"SELECT {SCORE}, {ROW} FROM read_parquet(?) ORDER BY {SCORE} DESC, {ROW} "
            "LIMIT 1 OFFSET ?",
            [str(path), count - 1],
        ).fetchone()
    return found or (-np.inf, 0)


def publish(staged: ScoringSummary, path: Path) -> ScoringSummary:
    """Moves the files of a finished run to `path` and beside it, in place of earlier ones.

    They are copied to another disk only. Raises ProjectError if they cannot be written there.
    """
    rejected_path = _rejected_path(path)
    _move(staged.path, path)
    if staged.rejected_path is not None:
        _move(staged.rejected_path, rejected_path)
    else:
        rejected_path.unlink(missing_ok=True)
    moved = {"path": str(path), "rejected_path": staged.rejected_path and str(rejected_path)}
    return staged.model_copy(update=moved)


def _move(file: str, path: Path) -> None:
    with whole(path) as partial:
        shutil.move(file, partial)


def _rejected_path(path: Path) -> Path:
    return path.with_name(f"{path.stem}.rejected.parquet")


@dataclass
class _Tally:
    """Counts of a scoring run."""

    scored: int = 0
    acted: int | None = None
    reasons: Counter[str] = field(default_factory=Counter)

    @property
    def rejected(self) -> int:
        return self.reasons.total()

    def add(self, batch: ScoredBatch) -> None:
        self.scored += len(batch.predictions)
        if DECISION in batch.predictions:
            self.acted = (self.acted or 0) + int(batch.predictions[DECISION].sum())
        if not batch.rejected.empty:
            self.reasons.update(batch.rejected[REJECTION])

    def admit(self, maximum_rejected_share: float) -> None:
        """Raises DataError if there were no rows, or too few of them could be scored."""
        rows = self.scored + self.rejected
        if not rows:
            raise DataError("The table to score has no rows: give a table with rows.")
        if self.scored and self.rejected <= maximum_rejected_share * rows:
            return
        causes = "; ".join(
            f"{reason} ({count:,} rows)"
            for reason, count in self.reasons.most_common(REASONS_SHOWN)
        )
        raise DataError(
            f"{self.rejected:,} of {rows:,} rows cannot be scored, above the "
            f"{maximum_rejected_share:.1%} that maximum_rejected_share in "
            f"configs/batch_inference.yaml allows: {causes}. Correct the table; nothing was "
            "written."
        )
