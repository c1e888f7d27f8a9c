"""The report of a training run: one HTML page that needs no other file."""

from __future__ import annotations

from html import escape

from .charts import calibration_chart, interval_chart
from .contract import Contract
from .evaluation import Evaluation, Score
from .gates import GateReport
from .intervals import Interval, shown
from .page import Cell, page, section, table
from .promotion import GateDecision
from .settings import TrainingSettings
from .slices import Slice
from .training import TrainingSummary

VERDICTS = {
    "promote": "Passed: may be promoted",
    "review": "A person has to look first",
    "refuse": "Not promoted",
}


def render_report(
    title: str,
    contract: Contract,
    settings: TrainingSettings,
    summary: TrainingSummary,
    evaluation: Evaluation,
    decision: GateDecision,
    gates: GateReport | None = None,
    version: str = "",
) -> str:
    """The whole page. `gates` are the findings on the table; `version` is that of the model."""
    sections = (
        _opening(title, contract, evaluation),
        _verdict(decision),
        _result(evaluation),
        _training(summary, evaluation),
        _decisions(evaluation),
        _calibration(evaluation),
        _slices(evaluation),
        _sanity(evaluation),
        _data(gates),
        _record(settings, summary, version),
    )
    return page(f"{title}: training report", sections)


def _opening(title: str, contract: Contract, evaluation: Evaluation) -> str:
    asked = f"Predicts <b>{escape(contract.target)}</b> from {escape(contract.table)}"
    synthetic = (
        "<p class='warn'><b>Synthetic data.</b> These rows were drawn from the contract, so the "
        "numbers say nothing about the real problem.</p>"
        if contract.synthetic
        else ""
    )
    share = (
        f", {evaluation.prevalence:.1%} of them {escape(evaluation.classes[1])}"
        if evaluation.prevalence is not None
        else ""
    )
    rows = f"judged on {evaluation.rows:,} rows that training never read{share}"
    return f"<h1>{escape(title)}</h1><p class='quiet'>{asked}; {rows}.</p>{synthetic}"


def _verdict(decision: GateDecision) -> str:
    reasons = "".join(f"<p>{escape(reason)}</p>" for reason in decision.reasons)
    return (
        f"<section class='verdict {decision.verdict}'><h2>{VERDICTS[decision.verdict]}</h2>"
        f"{reasons}</section>"
    )


def _result(evaluation: Evaluation) -> str:
    scores = (evaluation.primary, *evaluation.others)
    same = evaluation.baseline == "dummy"
    references = ("dummy",) if same else (f"{evaluation.baseline} baseline", "dummy")
    names = ("metric", evaluation.family, *references)
    rows = [
        (_metric_name(score), _with_interval(score.model), *_references(score, same))
        for score in scores
    ]
    note = (
        f"{evaluation.level:.0%} bootstrap intervals, {evaluation.resamples:,} resamples of "
        f"{evaluation.resampled}. The first line is the metric that decides."
    )
    return section("How good is it?", interval_chart(evaluation), table(names, rows, caption=note))


def _metric_name(score: Score) -> str:
    return f"{score.label} ({'higher' if score.higher_is_better else 'lower'} is better)"


def _references(score: Score, same: bool) -> tuple[str, ...]:
    dummy = shown(score.dummy.value)
    return (dummy,) if same else (shown(score.baseline.value), dummy)


def _training(summary: TrainingSummary, evaluation: Evaluation) -> str:
    rows = [
        (
            candidate.family,
            candidate.trials,
            shown(candidate.validation),
            ", ".join(f"{name} {shown(value)}" for name, value in candidate.parameters.items()),
        )
        for candidate in summary.candidates
    ]
    names = ("family", "trials", f"validation {evaluation.primary.label}", "best parameters")
    return section(
        "How was it chosen?",
        f"<p>{escape(summary.selection)}</p>",
        table(names, rows),
        f"<p class='quiet'>The search ran for {summary.search_seconds:.1f} s, with at most "
        f"{summary.trials_asked} trials a family.</p>",
    )


def _decisions(evaluation: Evaluation) -> str:
    if not evaluation.confusion:
        return ""
    said = ""
    if evaluation.acted_share is not None:
        threshold = evaluation.threshold
        value = 0.5 if threshold.value is None else threshold.value
        said = (
            f"<p>At a threshold of {value:.3g} (rule: {threshold.rule}) the model acts on "
            f"{evaluation.acted_share:.1%} of the rows.</p>"
        )
    rows = [
        (label, *(f"{count:,}" for count in counts))
        for label, counts in zip(evaluation.classes, evaluation.confusion, strict=True)
    ]
    names = ("truth", *(f"predicted {label}" for label in evaluation.classes))
    return section("What does it decide?", said, table(names, rows))


def _calibration(evaluation: Evaluation) -> str:
    if not evaluation.calibration:
        return ""
    return section(
        "Are its probabilities true?",
        "<p>Each point is a tenth of the holdout. On the diagonal, a score of 30 % comes true "
        "for 30 % of the rows.</p>",
        calibration_chart(evaluation.calibration),
    )


def _slices(evaluation: Evaluation) -> str:
    if not evaluation.slices:
        return ""
    name = evaluation.primary.name
    rows = [_slice(part, part.worse(name)) for part in evaluation.slices]
    names = ("rows where", "rows", evaluation.primary.label, f"{evaluation.baseline} baseline", "")
    return section("Where is it weaker?", table(names, rows))


def _slice(part: Slice, worse: bool) -> tuple[Cell, ...]:
    note = "clearly worse than the baseline" if worse else ""
    value = _with_interval(part.model)
    return (part.name, f"{part.rows:,}", value, shown(part.reference), note)


def _sanity(evaluation: Evaluation) -> str:
    if evaluation.shuffled_auc is None:
        return ""
    far = abs(evaluation.shuffled_auc - 0.5)
    verdict = "as it should be" if far <= evaluation.shuffled_limit else "which points to a leak"
    return section(
        "Does anything leak?",
        f"<p>Trained on shuffled labels, the model reaches a ROC AUC of "
        f"{evaluation.shuffled_auc:.3f}, {verdict}: 0.5 ± {evaluation.shuffled_limit:.3f} is "
        "expected.</p>",
    )


def _data(gates: GateReport | None) -> str:
    if gates is None:
        return ""
    if not gates.findings:
        return section("Is the data as agreed?", "<p>All checks of data/contract.yaml passed.</p>")
    items = "".join(
        f"<li class='{finding.severity}'>{escape(finding.severity)}: {escape(finding.message)}</li>"
        for finding in gates.findings
    )
    return section("Is the data as agreed?", f"<ul>{items}</ul>")


def _record(settings: TrainingSettings, summary: TrainingSummary, version: str) -> str:
    split = settings.split
    rows: list[tuple[str, Cell]] = [
        *([("model version", version)] if version else []),
        ("rows", f"{summary.rows:,} for training, {summary.test_rows:,} held out"),
        ("columns read", summary.features),
        ("split", f"{split.strategy}, {split.test_share:.0%} held out"),
        ("calibration", summary.calibration.method),
        ("seed", settings.seed),
    ]
    return section("For the record", table((), rows))


def _with_interval(interval: Interval) -> str:
    if interval.low is None or interval.high is None:
        return shown(interval.value)
    low, high = shown(interval.low), shown(interval.high)
    return f"{shown(interval.value)} [{low}, {high}]"
