"""The figures of the report: scikit-learn and matplotlib draw, as SVG inside the page."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from io import StringIO

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from sklearn.calibration import CalibrationDisplay
from sklearn.metrics import (
    ConfusionMatrixDisplay,
    PrecisionRecallDisplay,
    PredictionErrorDisplay,
    RocCurveDisplay,
)

from .calibration import case_costs
from .evaluation import BINS, Evaluation
from .holdout import Holdout
from .intervals import Interval
from .metrics import Predictions, build_metric
from .promotion import GateDecision
from .settings import TrainingSettings

PANEL = 4.2
"""Side of a panel, in inches."""
MOST_CLASSES, MOST_BARS, MOST_POINTS, THRESHOLDS = 8, 15, 2_000, 101
STYLE = {
    "svg.fonttype": "none",
    "svg.hashsalt": "report",
    "text.parse_math": False,
    "font.family": "sans-serif",
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
}
"""Text stays text, the same figure gives the same SVG, and a `$` in a name is no formula."""

Draw = Callable[[Axes], object]


def discrimination(evaluation: Evaluation, holdout: Holdout) -> str:
    """ROC and precision-recall curves: of model and baseline, or of each class against the rest."""

    rankings = _rankings(evaluation, holdout)

    def roc(axes: Axes) -> None:
        for name, truth, score in rankings:
            RocCurveDisplay.from_predictions(truth, score, name=name, ax=axes)
        axes.set(xlabel="false positive rate", ylabel="true positive rate")

    def precision_recall(axes: Axes) -> None:
        for name, truth, score in rankings:
            PrecisionRecallDisplay.from_predictions(truth, score, name=name, ax=axes)
        axes.set(xlabel="recall", ylabel="precision")

    return figure("ROC curve and precision-recall curve on the holdout", roc, precision_recall)


def residuals(evaluation: Evaluation, holdout: Holdout) -> str:
    """Actual and residual against predicted value, for a sample of the holdout."""

    def draw(kind: str) -> Draw:
        return lambda axes: PredictionErrorDisplay.from_predictions(
            holdout.truth,
            holdout.model.score,
            kind=kind,
            subsample=min(MOST_POINTS, holdout.truth.size),
            random_state=0,
            ax=axes,
            scatter_kwargs={"s": 8, "alpha": 0.4},
        )

    label = "actual values and residuals against predicted values"
    return figure(label, draw("actual_vs_predicted"), draw("residual_vs_predicted"))


def calibration(holdout: Holdout) -> str:
    """The share that came true against the mean score, in tenths of the holdout, and all scores."""

    def curve(axes: Axes) -> None:
        CalibrationDisplay.from_predictions(
            holdout.truth,
            holdout.model.score,
            n_bins=BINS,
            strategy="quantile",
            name="model",
            ax=axes,
        )
        axes.set(xlabel="mean score", ylabel="share that came true")

    def scores(axes: Axes) -> None:
        axes.hist(holdout.model.score, bins=30, range=(0, 1))
        axes.set(xlabel="score", ylabel="rows")

    return figure("calibration curve and distribution of the scores", curve, scores)


def thresholds(evaluation: Evaluation, holdout: Holdout, settings: TrainingSettings) -> str:
    """What each threshold would give: precision, recall and share acted on; cost, or F1."""
    grid = np.linspace(0, 1, THRESHOLDS)
    chosen = evaluation.threshold.value
    name = "f1" if case_costs(settings) is None else "expected_cost"
    metric = build_metric("f2" if settings.metric == "f2" else name, settings)
    truth, score = holdout.truth == 1, holdout.model.score
    values = [metric.value(holdout.truth, Predictions(score, float(cut))) for cut in grid]

    def shares(axes: Axes) -> None:
        acted = score[None, :] >= grid[:, None]
        hits = (acted & truth).sum(axis=1)
        with np.errstate(invalid="ignore"):
            axes.plot(grid, hits / acted.sum(axis=1), label="precision")
        axes.plot(grid, hits / truth.sum(), label="recall")
        axes.plot(grid, acted.mean(axis=1), label="share acted on")
        _finish(axes, "share")

    def worth(axes: Axes) -> None:
        axes.plot(grid, values, label=metric.label)
        _finish(axes, metric.label)

    def _finish(axes: Axes, label: str) -> None:
        if chosen is not None:
            axes.axvline(chosen, color="black", linestyle="--", label=f"chosen: {chosen:.3g}")
        axes.set(xlabel="threshold", ylabel=label)
        axes.legend(loc="best", fontsize="small")

    return figure(f"precision, recall and {metric.label} by threshold", shares, worth)


def confusion(evaluation: Evaluation) -> str:
    """Counts by truth and prediction."""
    counts = np.array(evaluation.confusion)

    def matrix(axes: Axes) -> None:
        display = ConfusionMatrixDisplay(counts, display_labels=evaluation.classes)
        display.plot(ax=axes, cmap="Blues", colorbar=False, xticks_rotation=45, values_format=",d")

    return figure("confusion matrix on the holdout", matrix)


def comparison(evaluation: Evaluation, decision: GateDecision) -> str:
    """The primary metric of model, baseline and dummy with intervals; the champion's beside it."""
    primary, against = evaluation.primary, decision.comparison
    rows = [
        (evaluation.family, primary.model),
        *([("dummy", primary.dummy)] if evaluation.baseline != "dummy" else []),
        (f"{evaluation.baseline} baseline", primary.baseline),
    ]
    if against is not None and against.champion is not None:
        rows.insert(1, ("champion", Interval(value=against.champion, low=None, high=None)))
    return _intervals(f"{primary.label} with intervals", primary.label, rows)


def slices(evaluation: Evaluation) -> str:
    """The primary metric in each slice, with intervals, and its value on the whole holdout."""
    rows = [(part.name, part.model) for part in evaluation.slices]
    primary = evaluation.primary
    return _intervals(f"{primary.label} by slice", primary.label, rows, primary.model.value)


def importance(evaluation: Evaluation) -> str:
    """What the loss grows by when a column is shuffled, the most important columns first."""
    shown = evaluation.importance[:MOST_BARS][::-1]

    def bars(axes: Axes) -> None:
        axes.barh([one.column for one in shown], [one.value for one in shown])
        axes.set(xlabel="loss added when the column is shuffled")

    return figure("permutation importance on the holdout", bars, height=0.25 * len(shown) + 0.8)


def _rankings(evaluation: Evaluation, holdout: Holdout) -> list[tuple[str, np.ndarray, np.ndarray]]:
    """Name, truth of 0/1 and score of each curve; the most frequent classes where many."""
    if holdout.model.score.ndim == 1:
        return [
            (evaluation.family, holdout.truth, holdout.model.score),
            (f"{evaluation.baseline} baseline", holdout.truth, holdout.baseline.score),
        ]
    counts = np.bincount(holdout.truth, minlength=len(evaluation.classes))
    frequent = [code for code in np.argsort(-counts)[:MOST_CLASSES] if counts[code]]
    scores = holdout.model.score
    return [
        (evaluation.classes[code], (holdout.truth == code).astype(int), scores[:, code])
        for code in frequent
    ]


def _intervals(
    label: str, metric: str, rows: list[tuple[str, Interval]], whole: float | None = None
) -> str:
    """Each value as a dot on its interval; a line where the whole holdout lies."""
    drawn = [(name, mark.value, mark) for name, mark in rows if mark.value is not None][::-1]

    def dots(axes: Axes) -> None:
        for place, (_, value, mark) in enumerate(drawn):
            if mark.low is not None and mark.high is not None:
                axes.plot([mark.low, mark.high], [place, place], color="C0", linewidth=3, alpha=0.4)
            axes.plot(value, place, "o", color="C0")
        if whole is not None:
            axes.axvline(whole, color="black", linestyle="--")
        axes.set_yticks(range(len(drawn)), [name for name, *_ in drawn])
        axes.set(xlabel=metric, ylim=(-0.6, len(drawn) - 0.4))

    return figure(label, dots, height=0.25 * len(drawn) + 0.8) if drawn else ""


def figure(label: str, *panels: Draw, height: float = PANEL * 0.85) -> str:
    """Panels side by side; `label` is for those who do not see them."""
    wide = PANEL * (1.7 if len(panels) == 1 and height < PANEL * 0.8 else len(panels))
    with rc_context(STYLE):
        drawn = Figure(figsize=(wide, height), layout="constrained")
        for place, draw in enumerate(panels, start=1):
            draw(drawn.add_subplot(1, len(panels), place))
        page = StringIO()
        drawn.savefig(page, format="svg", metadata={"Date": None})
    svg = page.getvalue()
    return f'<figure role="img" aria-label="{escape(label)}">{svg[svg.index("<svg") :]}</figure>'
