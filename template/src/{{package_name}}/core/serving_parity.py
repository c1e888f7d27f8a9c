"""Does the exported model say what the original says? A converted model is a second model."""

from __future__ import annotations

import numpy as np
import pandas as pd
from pydantic import BaseModel

from .calibration import Floats
from .contract import Contract
from .metrics import Predictions
from .models import TrainedModel
from .promotion import GateDecision
from .reasons import contributions
from .serving_export import NotExportableError, export, layout_of
from .serving_model import Explained, Layout, Runtime
from .serving_reasons import explained_by, trees_of
from .serving_scorer import OnnxScorer
from .serving_settings import ServingSettings

GAPS = 0.1
"""Share of the cells of a made row that are emptied, and of its texts that become unknown."""
REASONED_ROWS = 500
"""Of the rows, about as many are explained by both; Shapley values take long."""
UNKNOWN = "a level that training never saw"


class Export(BaseModel):
    """What a model's export was found to be."""

    runtime: Runtime
    """What the service runs; `sklearn` where ONNX cannot say the model."""
    agrees: bool
    """Whether the service would say what the original says."""
    said: str
    """One sentence."""
    layout: Layout
    explained: Explained | None = None
    """What its reasons are made of; None where it gives none, or is not exported."""


def export_and_check(
    model: TrainedModel,
    contract: Contract,
    frame: pd.DataFrame,
    settings: ServingSettings,
    seed: int,
) -> tuple[bytes, Export]:
    """The ONNX file, empty where there is none, and what was found on rows like those of `frame`.

    `frame` holds the model's columns. Half of the rows are its own, the others are made of them:
    each column shuffled for itself, with gaps and unknown levels.
    """
    layout = layout_of(model, contract)
    explained = explained_by(model) if settings.reasons else None
    try:
        exported = export(model, layout, explained is not None)
    except NotExportableError as problem:
        said = f"Served by the scikit-learn object, since {problem}."
        return b"", Export(runtime="sklearn", agrees=True, said=said, layout=layout)
    rows = checked_rows(frame[list(model.inputs)], settings.parity_rows, seed)
    records = rows.astype(object).where(rows.notna(), None).to_dict("records")
    original = model.predict(rows)
    scorer = OnnxScorer(exported, layout, explained, trees_of(model))
    found = Predictions(model.calibration.apply(scorer.scores(records)), original.threshold)
    difference = _largest(found.score - original.score, original.score, model)
    if explained is not None:
        some = slice(0, None, max(len(rows) // REASONED_ROWS, 1))
        known, _ = contributions(model, rows[some])
        told = scorer.contributions(records[some]).values
        difference = max(difference, _largest(told - known.values, original.score, model))
    agrees = difference < settings.parity_difference and _same_decisions(found, original, model)
    said = f"the ONNX export differs by {difference:.1g} at most on {len(rows):,} rows"
    if agrees:
        alike = "decisions" if explained is None else "decisions and reasons"
        said = f"Served by ONNX: {said}, with the same {alike}."
    else:
        limit = f"{settings.parity_difference:g} and the same decisions are asked for"
        said = f"It cannot be served: {said}, and less than {limit}."
    return exported, Export(
        runtime="onnx", agrees=agrees, said=said, layout=layout, explained=explained
    )


def judged(decision: GateDecision, found: Export) -> GateDecision:
    """The gate's decision, refused where the export does not agree; with what was found."""
    if found.agrees:
        return decision.model_copy(update={"reasons": (*decision.reasons, found.said)})
    reasons = (found.said, *decision.reasons)
    refused = {"verdict": "refuse", "against": "its original", "reasons": reasons}
    return decision.model_copy(update=refused)


def checked_rows(frame: pd.DataFrame, count: int, seed: int) -> pd.DataFrame:
    """`count` rows: half of them drawn from `frame`, or all it has, the others made of it."""
    random = np.random.default_rng(seed)
    own = frame.sample(min(len(frame), count // 2), random_state=seed)
    made = pd.DataFrame(
        {
            name: column.sample(count - len(own), replace=True, random_state=random).to_numpy()
            for name, column in frame.items()
        }
    ).astype(frame.dtypes)
    for name, column in made.items():
        if not pd.api.types.is_numeric_dtype(column) and column.dtype.kind != "M":
            made[name] = column.mask(random.random(len(made)) < GAPS, UNKNOWN)
        made[name] = made[name].mask(random.random(len(made)) < GAPS)
    return pd.concat([own, made], ignore_index=True)


def _largest(differences: Floats, values: Floats, model: TrainedModel) -> float:
    """Of probabilities and log-odds as they are, in a regression by the largest of the values."""
    unit = 1.0 if model.classes else max(float(np.abs(values).max()), 1.0)
    return float(np.abs(differences).max()) / unit


def _same_decisions(found: Predictions, original: Predictions, model: TrainedModel) -> bool:
    if len(model.classes) > 2:
        return bool((found.score.argmax(axis=1) == original.score.argmax(axis=1)).all())
    if original.threshold is None:
        return True
    return bool((found.acted == original.acted).all())
