"""Which model families compete: rule E2, and the reasons that rule H11 asks of them."""

from __future__ import annotations

from .. import limits
from ..decision import Decisions, Option, Proposal
from ..facts import Facts
from ..text import lower_first
from ._columns import n_features, n_parameters
from ._evidence import events_per_parameter
from ._inputs import counted, inputs, number, others, percent, taken

CANDIDATES: tuple[Option, ...] = (
    Option(value="linear", label="Penalised linear model"),
    Option(value="lightgbm", label="LightGBM"),
    Option(value="linear_lightgbm", label="Penalised linear model and LightGBM"),
    Option(value="ebm", label="Explainable boosting machine (EBM)"),
    Option(value="linear_ebm", label="Penalised linear model and EBM"),
    Option(value="linear_ebm_lightgbm", label="Penalised linear model, EBM and LightGBM"),
    Option(value="none", label="No model: a rule, and labels first", built=False),
    Option(value="deep", label="A deep network", built=False),
    Option(value="tabpfn", label="TabPFN, a foundation model for tables", built=False),
)
FAMILIES = {"linear": "linear", "ebm": "EBM", "lightgbm": "LightGBM"}
"""What a sentence calls a family."""
_POST_HOC = "Shares a score among columns that interact; no person can check its curves."


def trained(candidates: str, missing: str) -> str:
    """The families that the project trains: a built one stands in where `candidates` is not."""
    if any(option.built for option in CANDIDATES if option.value == candidates):
        return candidates
    return "lightgbm" if missing == "native" else "linear"


def trained_models(decisions: Decisions) -> str:
    """What is trained, and what was decided where that is not built."""
    decided = decisions.find("training_candidates")
    if decided.built:
        return decided.label
    families = trained(str(decided.value), str(decisions["feature_missing"]))
    stands_in = next(option.label for option in CANDIDATES if option.value == families)
    return f"{stands_in}; yours to add: {lower_first(decided.label)}"


def candidates(facts: Facts, earlier: Decisions) -> Proposal:
    """Rule E2: by positives, events per parameter, rows, and the duty to explain."""
    value, why = _family(facts, earlier)
    positives, rows = f"{facts.n_positive:,} {cases(facts)}", facts.labelled_rows
    epv = number(events_per_parameter(facts))
    return Proposal(
        decision="training_candidates",
        value=value,
        reason=f"{positives} for {counted(n_parameters(facts), 'parameter')} ({epv} each): {why}.",
        rule="E2",
        references=_family_references(facts, value),
        alternatives=others(
            CANDIDATES,
            value,
            {
                "linear": f"{rows:,} rows and {epv} cases a parameter carry more than lines.",
                "lightgbm": _POST_HOC
                if facts.explains_each_decision
                else f"Trees are unstable at {epv} cases a parameter."
                if value == "linear"
                else f"{rows:,} rows leave room for a line to win.",
                "linear_lightgbm": _POST_HOC
                if facts.explains_each_decision
                else "Trees would be a candidate where only a line is defensible."
                if value == "linear"
                else f"At {rows:,} rows trees lead; the linear baseline is the control.",
                "ebm": f"Would leave out the line, which may win at {rows:,} rows.",
                "linear_ebm": f"Curves are unstable at {epv} cases a parameter."
                if value == "linear"
                else "The line cannot take the missing values that stay in place."
                if value == "ebm"
                else "No decision owes its reasons, and trees fit faster.",
                "linear_ebm_lightgbm": _POST_HOC
                if facts.explains_each_decision
                else "No decision owes its reasons; an EBM would only take the search's time.",
                "none": f"{positives} are enough to learn and to test something."
                if facts.n_positive >= limits.E2_FEWEST_POSITIVES
                else f"Right until {limits.E2_FEWEST_POSITIVES} positives; the line only rehearses "
                "the path.",
                "deep": f"At {rows:,} rows boosted trees win or tie for less.",
                "tabpfn": f"Made for small tables offline: {rows:,} rows, "
                f"consumption {facts.consumption}.",
            },
        ),
        changes_if=_family_changes(facts),
        inputs=inputs(facts, "n_positive", "rows", "n_numeric", "n_categorical",
                      "interpretability", "regulations"),
    )  # fmt: skip


def reasons_given(facts: Facts, served: bool) -> tuple[str, ...]:
    """Rule H11 for all who owe reasons: what stands beside each prediction, and what it is not."""
    service = (
        "The service gives the same to a request that asks with reasons=true, and logs what it "
        "told.",
    )
    notice = (
        "A notice of adverse action owes the specific principal reasons: a person words them from "
        "these, since the name of a column is none.",
    )
    return (
        f"Reasons beside each prediction of a table: up to {limits.H11_REASONS} features that "
        "pushed most towards the decision, from the model's own contributions to its score before "
        "calibration.",
        *(service if served else ()),
        "They say how the model decided, not what causes the outcome; features that tell the same "
        "share a reason or hide one.",
        *(notice if "ecoa" in facts.regulations else ()),
    )


def cases(facts: Facts) -> str:
    """What is counted as evidence, in the number that there is of it."""
    if facts.problem_type == "regression":
        return "row" if facts.n_positive == 1 else "rows"
    return f"{'case' if facts.n_positive == 1 else 'cases'} of the rarer class"


def _family(facts: Facts, earlier: Decisions) -> tuple[str, str]:
    regression = facts.problem_type == "regression"
    epv, rows = events_per_parameter(facts), facts.labelled_rows
    if regression and rows < limits.E2_FEWEST_ROWS:
        return "linear", (
            f"under {limits.E2_FEWEST_ROWS} rows, a rule and more labels come first; the line "
            "rehearses the path"
        )
    if not regression and facts.n_positive < limits.E2_FEWEST_POSITIVES:
        return "linear", (
            f"under {limits.E2_FEWEST_POSITIVES}, a rule and more labels come first; the penalised "
            "line rehearses the path"
        )
    if facts.n_positive < limits.E2_LINEAR_POSITIVES or epv < limits.E2_LINEAR_EVENTS:
        return "linear", (
            f"under {limits.E2_LINEAR_POSITIVES} cases, or {limits.E2_LINEAR_EVENTS} each, only a "
            "penalised line is defensible"
        )
    native = taken(earlier, "feature_missing", "") == "native"
    if facts.explains_each_decision:
        return "ebm" if native else "linear_ebm", (
            "each decision needs its reasons, and missing values stay in place: an EBM takes both"
            if native
            else "each decision needs its reasons, which a penalised line and the curves of an EBM "
            "give exactly; the line stands unless the curves clearly win"
        )
    if native:
        return "lightgbm", "you leave missing values in place, which only trees take"
    if epv < limits.E2_TREE_EVENTS or rows < limits.E2_SMALL_ROWS:
        return "linear_lightgbm", (
            f"with {rows:,} rows neither family wins beforehand, so a line and small trees compete"
        )
    return "lightgbm", f"at {rows:,} rows boosted trees lead, the line stays as control"


def _family_references(facts: Facts, value: str) -> tuple[str, ...]:
    if "ebm" in value:
        return ("RUDIN", "EBM", *(("REGB",) if "ecoa" in facts.regulations else ()))
    return ("VDP", "RILEY") if value == "linear" else ("GRIN", "TABARENA")


def _family_changes(facts: Facts) -> tuple[str, ...]:
    """What turns rule E2, with the families that it leaves out."""
    changes = ["a Riley sample-size calculation says otherwise"]
    if facts.explains_each_decision:
        gain = percent(limits.E10_MINIMUM_GAIN)
        trees = "trees with monotone constraints" if "ecoa" in facts.regulations else "LightGBM"
        changes = [f"{trees} gain {gain} and the reviewer accepts their reasons"]
    if facts.labelled_rows > limits.E2_LARGE_ROWS:
        changes.append("a deep net shows a measured win")
    narrow = n_features(facts) <= limits.E2_TABPFN_FEATURES
    if facts.labelled_rows <= limits.E2_TABPFN_ROWS and narrow and facts.consumption == "batch":
        licence = " (later weights are non-commercial)" if facts.horizon == "production" else ""
        changes.append(f"an offline challenger is wanted: TabPFN v2{licence}")
    return tuple(changes)
