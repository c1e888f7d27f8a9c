"""What is trained and against what it must win: rules E1, E2, E5 and the tracker of I."""

from __future__ import annotations

from ..decision import Decisions, Option, Proposal
from ..facts import Facts
from ._columns import n_features, n_parameters
from ._evidence import events_per_parameter
from ._inputs import counted, inputs, marked, number, others, percent, taken

BASELINE: tuple[Option, ...] = (
    Option(value="linear", label="Penalised linear model"),
    Option(value="dummy", label="Dummy: the same answer for every row"),
)
CANDIDATES: tuple[Option, ...] = (
    Option(value="linear", label="Penalised linear model"),
    Option(value="lightgbm", label="LightGBM"),
    Option(value="linear_lightgbm", label="Penalised linear model and LightGBM"),
    Option(value="ebm", label="Explainable boosting machine", built=False),
    Option(value="none", label="No model: a rule, and labels first", built=False),
    Option(value="deep", label="A deep network", built=False),
    Option(value="tabpfn", label="TabPFN, a foundation model for tables", built=False),
)
SEARCH: tuple[Option, ...] = (
    Option(value="random", label="Random search, 60 trials, stopped at 10 s"),
    Option(value="none", label="No search: default settings"),
    Option(value="optuna", label="Optuna TPE with a wall-clock budget", built=False),
)
TRACKER: tuple[Option, ...] = (
    Option(value="zenml", label="ZenML run metadata"),
    Option(value="mlflow", label="MLflow", built=False),
    Option(value="wandb", label="Weights & Biases", built=False),
)

FEWEST_POSITIVES = 50
_FEWEST_REGRESSION_ROWS = 200
_LINEAR_POSITIVES = 200
_LINEAR_EVENTS = 20
_TREE_EVENTS = 200
_SMALL_ROWS, _LARGE_ROWS = 10_000, 1_000_000
_TABPFN_FEATURES = 500


def baseline(facts: Facts, earlier: Decisions, candidates: str) -> Proposal:
    """Rule E1: three things to beat; the gate measures against the strongest not a candidate."""
    unfit = taken(earlier, "feature_missing", "") == "native"
    value = "dummy" if candidates == "linear" or unfit else "linear"
    today = {
        "none": "nothing is done today",
        "manual": "today's manual way",
        "rules": "today's rule",
        "model": "today's model",
    }[facts.baseline_kind]
    if facts.baseline_value is not None:
        today += f" ({number(facts.baseline_value)})"
    why = {
        "linear": "the gate measures against a penalised linear model, the dummy stands beside",
        "dummy": "the linear model is itself the candidate, so the gate measures against the dummy"
        if candidates == "linear"
        else "missing values stay in place, which only the dummy and trees can take",
    }[value]
    return Proposal(
        decision="training_baseline",
        value=value,
        reason=f"To beat on {counted(facts.rows, 'row')}: {today}; {why}.",
        rule="E1",
        references=("MLTS", "RULES"),
        alternatives=others(
            BASELINE,
            value,
            {
                "linear": f"Would measure {candidates.replace('_', ' and ')} against itself."
                if candidates == "linear"
                else "Cannot take the missing values that stay in place.",
                "dummy": f"Any signal in {counted(n_features(facts), 'feature')} beats it.",
            },
        ),
        changes_if=("what is done today is recorded for each row: measure against that",),
        inputs=inputs(facts, "rows", "baseline_kind", "baseline_value"),
    )


def candidates(facts: Facts, earlier: Decisions) -> Proposal:
    """Rule E2: by positives, events per parameter, rows, and the duty to explain."""
    value, why = _family(facts, earlier)
    positives = f"{facts.n_positive:,} {_cases(facts)}"
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
                "linear": f"{facts.rows:,} rows and {epv} cases a parameter carry more than lines.",
                "lightgbm": "Gives no exact reasons for one decision."
                if facts.explains_each_decision
                else f"Trees are unstable at {epv} cases a parameter."
                if value == "linear"
                else f"{facts.rows:,} rows leave room for a line to win.",
                "linear_lightgbm": "Trees give no exact reasons for one decision."
                if facts.explains_each_decision
                else "Trees would be a candidate where only a line is defensible."
                if value == "linear"
                else f"At {facts.rows:,} rows trees lead; the linear baseline is the control.",
                "ebm": "Documented only: interpret-core is yours to add beside the two families.",
                "none": f"{positives} are enough to learn and to test something."
                if facts.n_positive >= FEWEST_POSITIVES
                else f"Right until {FEWEST_POSITIVES} positives; the line only rehearses the path.",
                "deep": f"At {facts.rows:,} rows boosted trees win or tie for less.",
                "tabpfn": f"Made for small tables offline: {facts.rows:,} rows, "
                f"consumption {facts.consumption}.",
            },
        ),
        changes_if=_family_changes(facts),
        inputs=inputs(facts, "n_positive", "rows", "n_numeric", "n_categorical",
                      "interpretability", "regulations"),
    )  # fmt: skip


def _cases(facts: Facts) -> str:
    return "rows" if facts.problem_type == "regression" else "cases of the rarer class"


def _family(facts: Facts, earlier: Decisions) -> tuple[str, str]:
    regression = facts.problem_type == "regression"
    epv, rows = events_per_parameter(facts), facts.rows
    if regression and rows < _FEWEST_REGRESSION_ROWS:
        return "linear", (
            f"under {_FEWEST_REGRESSION_ROWS} rows, a rule and more labels come first; the line "
            "rehearses the path"
        )
    if not regression and facts.n_positive < FEWEST_POSITIVES:
        return "linear", (
            f"under {FEWEST_POSITIVES}, a rule and more labels come first; the penalised line "
            "rehearses the path"
        )
    if facts.n_positive < _LINEAR_POSITIVES or epv < _LINEAR_EVENTS:
        return "linear", "under 200 cases, or 20 each, only a penalised line is defensible"
    if facts.explains_each_decision:
        return "linear", (
            "each decision needs its reasons, which a penalised linear model gives exactly; an "
            "EBM does too and is yours to add"
        )
    if taken(earlier, "feature_missing", "") == "native":
        return "lightgbm", "you leave missing values in place, which only trees take"
    if epv < _TREE_EVENTS or rows < _SMALL_ROWS:
        return "linear_lightgbm", (
            f"with {rows:,} rows neither family wins beforehand, so a line and shallow, "
            "early-stopped trees compete"
        )
    if rows <= _LARGE_ROWS:
        return "lightgbm", f"at {rows:,} rows boosted trees lead, the line stays as control"
    return "lightgbm", f"at {rows:,} rows boosted trees lead, tuned on a 10–20 % sample"


def _family_references(facts: Facts, value: str) -> tuple[str, ...]:
    if value == "linear" and facts.n_positive >= _LINEAR_POSITIVES:
        return ("RUDIN",) if facts.explains_each_decision else ("VDP", "RILEY")
    return ("VDP", "RILEY") if value == "linear" else ("GRIN", "TABARENA")


def _family_changes(facts: Facts) -> tuple[str, ...]:
    """What turns rule E2, with the families that it leaves out."""
    changes = ["a Riley sample-size calculation says otherwise"]
    if facts.explains_each_decision:
        changes = ["trees with monotone constraints win by 1 % and the reviewer accepts"]
    if facts.rows > _LARGE_ROWS:
        changes.append("a deep net shows a measured win")
    small = facts.rows <= _SMALL_ROWS and n_features(facts) <= _TABPFN_FEATURES
    if small and facts.consumption == "batch":
        licence = " (later weights are non-commercial)" if facts.horizon == "production" else ""
        changes.append(f"an offline challenger is wanted: TabPFN v2{licence}")
    return tuple(changes)


def search(facts: Facts, candidates: str) -> Proposal:
    """Rule E5, within the seconds that the project grants a search."""
    few = facts.problem_type != "regression" and facts.n_positive < FEWEST_POSITIVES
    value = "none" if few or candidates == "none" else "random"
    sample = f", on 10–20 % of {facts.rows:,} rows" if facts.rows > _LARGE_ROWS else ""
    families = candidates.replace("_", " and ").replace("lightgbm", "LightGBM")
    return Proposal(
        decision="training_search",
        value=value,
        reason=(
            f"{facts.n_positive:,} {_cases(facts)} cannot tell one setting from another."
            if value == "none"
            else f"60 random settings of {families}{sample} hold one of the best 5 % with "
            f"probability {percent(1 - 0.95**60)}; it stops at 10 s and reports how many ran."
        ),
        rule="E5",
        references=("RULES",) if value == "none" else ("BB",),
        alternatives=others(
            SEARCH,
            value,
            {
                "random": f"Would choose among {facts.n_positive:,} cases by luck.",
                "none": f"Leaves {families} at settings made for other tables than {facts.rows:,} "
                "rows.",
                "optuna": "Pays when a fit takes over 1 minute or more than 6 settings are tuned.",
            },
        ),
        changes_if=("a fit takes over 1 minute, or more than 6 settings are tuned: Optuna",),
        inputs=inputs(facts, "n_positive", "rows"),
    )


_WANDB = {"wandb", "w&b", "weights & biases", "weights and biases", "weights&biases"}


def tracker(facts: Facts, earlier: Decisions) -> Proposal:
    """Rule E13 with table I: what is already run is kept; a second person needs a view."""
    tools = {tool.casefold() for tool in facts.existing_tools}
    level = int(taken(earlier, "maturity_level", 1))
    team = marked(facts, "team_size", counted(facts.team_size, "person"))
    team = team.replace("persons", "people")
    if tools & _WANDB:
        value, why = "wandb", f"{team} already run W&B, and switching buys nothing"
    elif "mlflow" in tools:
        value, why = "mlflow", f"{team} already run MLflow, and switching buys nothing"
    elif level >= 1 and facts.team_size >= 2:
        value, why = "mlflow", f"{team} at level {level} compare runs in a view of their own"
    else:
        value, why = (
            "zenml",
            f"{team} at level {level} can read up to 20 runs in ZenML's own record",
        )
    return Proposal(
        decision="training_tracker",
        value=value,
        reason=f"{why}.",
        rule="E13, I",
        references=("ZEN",),
        alternatives=others(
            TRACKER,
            value,
            {
                "zenml": f"{team} need a view to compare runs, or already have one.",
                "mlflow": f"Pays from 2 people or 20 runs; here {team}.",
                "wandb": "You do not run it today.",
            },
        ),
        changes_if=("more than 20 runs are compared", "a second person trains")
        if value == "zenml"
        else ("one person is left",),
        inputs=inputs(facts, "team_size", "existing_tools"),
    )
