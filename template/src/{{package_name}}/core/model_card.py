"""The card of a model version (Mitchell et al. 2019), in Markdown, from what its training ran."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

from .evidence import Evidence
from .fairness import UNCOMPARED
from .intervals import with_interval
from .numbers import shown
from .promotion import Verdict
from .reasons import HOW

VERDICTS: dict[Verdict, str] = {
    "promote": "passed: may be promoted",
    "review": "a person has to look first",
    "refuse": "not promoted",
}
MOST_COLUMNS = 10


def render_card(evidence: Evidence) -> str:
    """The whole card."""
    parts = (
        [f"# Model card: {_text(evidence.name)}, version {evidence.version}"],
        _intended_use(evidence),
        ["## Data", "", *_table(_data(evidence))],
        ["## Metrics", "", *_metrics(evidence)],
        _today(evidence),
        _slices(evidence),
        _groups(evidence),
        ["## Decisions", "", *_table(_decisions(evidence))],
        ["## The gate", "", *_gate(evidence)],
        ["## Limits", "", *_limits(evidence)],
    )
    return "\n".join(line for part in parts if part for line in (*part, ""))


def _intended_use(evidence: Evidence) -> list[str]:
    contract = evidence.contract
    return [
        f"Predicts `{_text(contract.target)}` ({contract.problem_type}) from "
        f"{evidence.summary.features} columns of {_text(contract.table)}. What it is for, for "
        "whom, and what the law asks stands in docs/model_card.md, which follows the design; "
        "everything here was computed by the run that trained this version."
    ]


def _data(evidence: Evidence) -> Iterator[tuple[str, str]]:
    table, summary, split = evidence.table, evidence.summary, evidence.settings.split
    yield "Source", f"{table.source}{' (synthetic)' if evidence.contract.synthetic else ''}"
    yield "Snapshot", f"sha256 {table.sha256}, {table.rows:,} rows"
    yield "Trained on", f"{summary.rows:,} rows"
    yield "Judged on", f"{evidence.evaluation.rows:,} rows, split {split.strategy}"
    if evidence.test_from is not None:
        yield "Judged from", evidence.test_from[:10]
    yield "Written", f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
    yield "Commit", evidence.commit or "none: the project is not in git"


def _metrics(evidence: Evidence) -> list[str]:
    evaluation = evidence.evaluation
    head = ("Metric", evaluation.family, f"{evaluation.baseline} baseline", "dummy")
    rows = [
        (
            score.label,
            with_interval(score.model),
            shown(score.baseline.value),
            shown(score.dummy.value),
        )
        for score in (evaluation.primary, *evaluation.others)
    ]
    note = (
        f"{evaluation.level:.0%} bootstrap intervals by {evaluation.resampled}; the first line "
        "decides."
    )
    return [*_table(rows, head), "", note]


def _today(evidence: Evidence) -> list[str]:
    found = evidence.evaluation.incumbent
    if found is None:
        return []
    return ["## Beside what is done today", "", _text(found.told(evidence.evaluation.level))]


def _slices(evidence: Evidence) -> list[str]:
    evaluation = evidence.evaluation
    if not evaluation.slices:
        return []
    rows = [(part.name, f"{part.rows:,}", with_interval(part.model)) for part in evaluation.slices]
    return ["## Slices", "", *_table(rows, ("Rows where", "Rows", evaluation.primary.label))]


def _groups(evidence: Evidence) -> list[str]:
    compared = evidence.evaluation.fairness
    if not compared:
        return []
    share = f"Lowest share {evidence.settings.gate.alike.hoped_for} over the highest"
    head = ("Groups by", share, "True positive rates apart", "False positive rates apart")
    rows = [
        (
            column.column,
            *(
                with_interval(value) if value else "too few rows"
                for value in (
                    column.selection_ratio,
                    column.true_positive_gap,
                    column.false_positive_gap,
                )
            ),
        )
        for column in compared
    ]
    note = "A screen (four fifths), and no proof: groups may differ in what is predicted."
    return ["## Groups of people", "", *_table(rows, head), "", note]


def _decisions(evidence: Evidence) -> Iterator[tuple[str, str]]:
    evaluation, summary = evidence.evaluation, evidence.summary
    slope = evaluation.calibration_slope
    yield (
        "Calibration",
        f"{summary.calibration.method}{f', slope {with_interval(slope)}' if slope else ''}",
    )
    if evaluation.threshold.value is not None:
        threshold = evaluation.threshold
        yield "Threshold", f"{threshold.value:.3g} (rule: {threshold.rule})"
    if evaluation.acted_share is not None:
        yield "Acts on", f"{evaluation.acted_share:.1%} of the holdout"
    if evidence.reasons:
        yield (
            "Reasons",
            f"up to {evidence.reasons} features beside each prediction, by their contribution: "
            f"{HOW[evaluation.family]}; no causes",
        )
    columns = [one.column for one in evaluation.importance if one.value > 0][:MOST_COLUMNS]
    yield "Looks most at", ", ".join(columns) or "no column"


def _gate(evidence: Evidence) -> list[str]:
    decision = evidence.decision
    verdict = f"Against the {decision.against}: {VERDICTS[decision.verdict]}."
    return [verdict, "", *(f"- {_text(reason)}" for reason in decision.reasons)]


def _limits(evidence: Evidence) -> Iterator[str]:
    evaluation, contract = evidence.evaluation, evidence.contract
    if contract.synthetic:
        yield "- The table is synthetic: the numbers say nothing about the real problem."
    yield f"- {evidence.table.rows:,} rows of one table; other sources were not tried."
    for part in evaluation.slices:
        if part.worse(evaluation.primary.name):
            yield f"- Clearly worse than the baseline where {_text(part.name)}."
    if evidence.settings.gate.fairness is not None and not contract.groups:
        yield f"- {UNCOMPARED}"
    for finding in evidence.gates.findings:
        yield f"- Data: {_text(finding.message)}"
    unseen = ("excluded", "incumbent")
    left_out = [column.name for column in contract.columns if column.role in unseen]
    if left_out:
        yield f"- Never sees {_text(', '.join(left_out))}."


def _table(rows: Iterable[Sequence[str]], head: Sequence[str] = ("", "")) -> Iterator[str]:
    yield f"| {' | '.join(map(_text, head))} |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield f"| {' | '.join(map(_text, row))} |"


def _text(text: str) -> str:
    """The text without what Markdown or a table would take for markup."""
    plain = " ".join(text.split())
    return "".join(f"\\{letter}" if letter in "\\|`*_<>[]" else letter for letter in plain)
