"""The report of a model version: one HTML page that needs no other file."""

from __future__ import annotations

from html import escape

from . import figures
from .evaluation import SHUFFLED, Evaluation, Score
from .evidence import Evidence
from .fairness import UNCOMPARED, Fairness, Group
from .gates import GateReport
from .intervals import with_interval
from .numbers import shown
from .page import Cell, page, section, table
from .promotion import GateDecision
from .reasons import HOW
from .report_opponents import champion_section, incumbent_section
from .samplers import Method
from .slices import FEWEST_ROWS, Slice

SEARCHES: dict[Method, str] = {
    "random": "A random search",
    "optuna": "Optuna's search",
    "none": "The defaults, without a search,",
}
VERDICTS = {
    "promote": "Passed: may be promoted",
    "review": "A person has to look first",
    "refuse": "Not promoted",
}


def render_report(evidence: Evidence) -> str:
    """The whole page."""
    evaluation, decision = evidence.evaluation, evidence.decision
    sections = (
        _opening(evidence),
        _verdict(decision),
        _result(evaluation, decision),
        incumbent_section(evaluation),
        champion_section(evaluation, decision),
        _discrimination(evidence),
        _guardrails(evaluation),
        _calibration(evidence),
        _decisions(evidence),
        _slices(evaluation),
        _fairness(evidence),
        _importance(evaluation),
        _reasons(evidence),
        _training(evidence),
        _sanity(evaluation),
        _data(evidence.gates),
        _record(evidence),
    )
    return page(f"{evidence.name}: model version {evidence.version}", sections)


def _opening(evidence: Evidence) -> str:
    contract, evaluation = evidence.contract, evidence.evaluation
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
    return f"<h1>{escape(evidence.name)}</h1><p class='quiet'>{asked}; {rows}.</p>{synthetic}"


def _verdict(decision: GateDecision) -> str:
    reasons = "".join(f"<p>{escape(reason)}</p>" for reason in decision.reasons)
    return (
        f"<section class='verdict {decision.verdict}'><h2>{VERDICTS[decision.verdict]}</h2>"
        f"{reasons}</section>"
    )


def _result(evaluation: Evaluation, decision: GateDecision) -> str:
    scores = (evaluation.primary, *evaluation.others)
    same = evaluation.baseline == "dummy"
    references = ("dummy",) if same else (f"{evaluation.baseline} baseline", "dummy")
    names = ("metric", evaluation.family, *references)
    rows = [
        (_metric_name(score), with_interval(score.model), *_references(score, same))
        for score in scores
    ]
    note = (
        f"{evaluation.level:.0%} bootstrap intervals, {evaluation.resamples:,} resamples of "
        f"{evaluation.resampled}. The first line is the metric that decides."
    )
    drawn = figures.comparison(evaluation, decision)
    return section("How good is it?", drawn, table(names, rows, caption=note))


def _metric_name(score: Score) -> str:
    return f"{score.label} ({'higher' if score.higher_is_better else 'lower'} is better)"


def _references(score: Score, same: bool) -> tuple[str, ...]:
    dummy = shown(score.dummy.value)
    return (dummy,) if same else (shown(score.baseline.value), dummy)


def _discrimination(evidence: Evidence) -> str:
    if evidence.evaluation.problem_type == "regression":
        drawn = figures.residuals(evidence.evaluation, evidence.holdout)
        return section("How far is it off?", drawn)
    drawn = figures.discrimination(evidence.evaluation, evidence.holdout)
    return section("Does it tell the classes apart?", drawn)


def _guardrails(evaluation: Evaluation) -> str:
    if not evaluation.guardrails:
        return ""
    rows = [
        (
            one.label,
            with_interval(one.model),
            f"{'at least' if one.higher_is_better else 'at most'} {one.limit:g}",
            "holds" if one.held else "broken",
        )
        for one in evaluation.guardrails
    ]
    return section("Do the guardrails hold?", table(("metric", "value", "asked for", ""), rows))


def _calibration(evidence: Evidence) -> str:
    slope = evidence.evaluation.calibration_slope
    if not evidence.evaluation.calibration:
        return ""
    return section(
        "Are its probabilities true?",
        "<p>Each point is a tenth of the holdout. On the diagonal, a score of 30 % comes true "
        "for 30 % of the rows.</p>",
        f"<p>The calibration slope is {with_interval(slope)}; 1 is calibrated, below it the "
        "scores are too bold.</p>"
        if slope
        else "",
        figures.calibration(evidence.holdout),
    )


def _decisions(evidence: Evidence) -> str:
    evaluation = evidence.evaluation
    if not evaluation.confusion:
        return ""
    said = curves = ""
    if evaluation.acted_share is not None:
        threshold = evaluation.threshold
        value = 0.5 if threshold.value is None else threshold.value
        said = (
            f"<p>At a threshold of {value:.3g} (rule: {threshold.rule}) the model acts on "
            f"{evaluation.acted_share:.1%} of the rows.</p>"
        )
        curves = figures.thresholds(evaluation, evidence.holdout, evidence.settings)
    rows = [
        (
            label,
            *(f"{count:,}" for count in counts),
            _share(counts[place], sum(counts)),
            _share(counts[place], sum(row[place] for row in evaluation.confusion)),
        )
        for place, (label, counts) in enumerate(
            zip(evaluation.classes, evaluation.confusion, strict=True)
        )
    ]
    names = (
        "truth",
        *(f"predicted {label}" for label in evaluation.classes),
        "recall",
        "precision",
    )
    return section(
        "What does it decide?", said, curves, figures.confusion(evaluation), table(names, rows)
    )


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "undefined"


def _slices(evaluation: Evaluation) -> str:
    if not evaluation.slices:
        return ""
    name = evaluation.primary.name
    rows = [_slice(part, part.worse(name)) for part in evaluation.slices]
    names = ("rows where", "rows", evaluation.primary.label, f"{evaluation.baseline} baseline", "")
    return section("Where is it weaker?", figures.slices(evaluation), table(names, rows))


def _slice(part: Slice, worse: bool) -> tuple[Cell, ...]:
    note = "clearly worse than the baseline" if worse else ""
    value = with_interval(part.model)
    return (part.name, f"{part.rows:,}", value, shown(part.reference), note)


def _fairness(evidence: Evidence) -> str:
    evaluation, alike = evidence.evaluation, evidence.settings.gate.alike
    if not evidence.contract.groups:
        concerned = evidence.settings.gate.fairness is not None
        return section("Are groups treated alike?", f"<p>{UNCOMPARED}</p>") if concerned else ""
    if not evaluation.fairness:
        return ""
    names = ("group", "rows", f"share {alike.hoped_for}", "true positive", "false positive")
    tables = [
        table(names, [_group(group) for group in column.groups], caption=_between(column))
        for column in evaluation.fairness
    ]
    told = [said for column in evaluation.fairness for said in column.breaches(alike)]
    return section(
        "Are groups treated alike?",
        f"<p>A lowest share of {alike.selection_ratio:g} of the highest (four fifths) and rates at "
        f"most {alike.rate_gap:g} apart are asked for. That screens, and proves nothing: groups "
        "may differ in what is predicted.</p>",
        *tables,
        *(f"<p class='warn'>{escape(said)}</p>" for said in told),
    )


def _group(group: Group) -> tuple[Cell, ...]:
    rates = (group.true_positive_rate, group.false_positive_rate)
    shown_rates = (with_interval(rate) if rate else "too few" for rate in rates)
    return (group.name, f"{group.rows:,}", with_interval(group.selected), *shown_rates)


def _between(column: Fairness) -> str:
    """What lies between the groups of a column, and how many rows are in none."""
    found = {
        "lowest over highest share": column.selection_ratio,
        "true positive rates apart": column.true_positive_gap,
        "false positive rates apart": column.false_positive_gap,
    }
    told = [f"{what} {with_interval(value)}" for what, value in found.items() if value]
    left_out = f"{column.left_out:,} rows in no group of at least {FEWEST_ROWS}"
    return f"{column.column}: {'; '.join([*told, left_out])}."


def _importance(evaluation: Evaluation) -> str:
    return section(
        "What does it look at?",
        "<p>How much worse the model does once a column is shuffled. Columns that tell the same "
        "share their importance.</p>",
        figures.importance(evaluation),
    )


def _reasons(evidence: Evidence) -> str:
    if not evidence.reasons:
        return ""
    return section(
        "Why does it say what it says?",
        f"<p>Beside each prediction, scoring names up to {evidence.reasons} features that pushed "
        f"most towards it. A contribution is {HOW[evidence.evaluation.family]}, on the score "
        "before calibration. It tells how the model decided, not what causes the outcome.</p>",
    )


def _training(evidence: Evidence) -> str:
    summary, method = evidence.summary, evidence.settings.search.method
    rows = [
        (
            candidate.family,
            len(candidate.trials),
            shown(candidate.validation),
            ", ".join(f"{name} {shown(value)}" for name, value in candidate.parameters.items()),
        )
        for candidate in summary.candidates
    ]
    label = evidence.evaluation.primary.label
    names = ("family", "trials", f"validation {label}", "best parameters")
    return section(
        "How was it chosen?",
        f"<p>{escape(summary.selection)}</p>",
        table(names, rows),
        f"<p class='quiet'>{SEARCHES[method]} ran for {summary.search_seconds:.1f} s, with at most "
        f"{summary.trials_asked} trials a family.</p>",
    )


def _sanity(evaluation: Evaluation) -> str:
    if evaluation.shuffled_auc is None:
        return ""
    far = abs(evaluation.shuffled_auc - 0.5)
    verdict = "as it should be" if far <= evaluation.shuffled_limit else "which points to a leak"
    return section(
        "Is the evaluation itself sound?",
        f"<p>The model reaches a ROC AUC of {evaluation.shuffled_auc:.3f} "
        f"{SHUFFLED[evaluation.problem_type]}, {verdict}: 0.5 ± {evaluation.shuffled_limit:.3f} is "
        "expected. A column that is filled in after the outcome passes this: whether each is known "
        "when a decision is taken, only you can say.</p>",
    )


def _data(gates: GateReport) -> str:
    if not gates.findings:
        return section("Is the data as agreed?", "<p>All checks of data/contract.yaml passed.</p>")
    items = "".join(
        f"<li class='{finding.severity}'>{escape(finding.severity)}: {escape(finding.message)}</li>"
        for finding in gates.findings
    )
    return section("Is the data as agreed?", f"<ul>{items}</ul>")


def _record(evidence: Evidence) -> str:
    split, summary = evidence.settings.split, evidence.summary
    rows: list[tuple[str, Cell]] = [
        ("model version", evidence.version),
        ("commit", evidence.commit or "no git"),
        ("snapshot", evidence.table.sha256[:12]),
        ("rows", f"{summary.rows:,} for training, {summary.test_rows:,} held out"),
        ("columns read", summary.features),
        ("split", f"{split.strategy}, {split.test_share:.0%} held out"),
        ("calibration", summary.calibration.method),
        ("seed", evidence.settings.seed),
    ]
    return section("For the record", table((), rows))
