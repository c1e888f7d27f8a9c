"""What is trained and against what it must win: rules E1, E2, E5 and the tracker of I."""

from __future__ import annotations

from .. import limits
from ..decision import Decisions, Option, Proposal
from ..facts import Facts
from ..text import lower_first
from ._columns import n_features, n_parameters
from ._evidence import events_per_parameter
from ._inputs import counted, inputs, marked, number, others, percent, taken

_TRIALS, _STOP = f"{limits.E5_TRIALS} trials", f"{limits.E5_SECONDS} s"
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
    Option(value="random", label=f"Random search, {_TRIALS}, stopped at {_STOP}"),
    Option(value="none", label="No search: default settings"),
    Option(value="optuna", label=f"Optuna's TPE, {_TRIALS}, stopped at {_STOP}"),
)
TRACKER: tuple[Option, ...] = (
    Option(value="zenml", label="ZenML run metadata"),
    Option(value="mlflow", label="MLflow, in a folder of the project"),
    Option(value="wandb", label="Weights & Biases", built=False),
)


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
        today += f" (said to reach {number(facts.baseline_value)})"
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
        changes_if=(
            "what is done today is recorded for each row: give that column role: incumbent, and "
            "the gate measures against it too",
        ),
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
                if facts.n_positive >= limits.E2_FEWEST_POSITIVES
                else f"Right until {limits.E2_FEWEST_POSITIVES} positives; the line only rehearses "
                "the path.",
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
    if facts.explains_each_decision:
        return "linear", (
            "each decision needs its reasons, which a penalised linear model gives exactly; an "
            "EBM does too and is yours to add"
        )
    if taken(earlier, "feature_missing", "") == "native":
        return "lightgbm", "you leave missing values in place, which only trees take"
    if epv < limits.E2_TREE_EVENTS or rows < limits.E2_SMALL_ROWS:
        return "linear_lightgbm", (
            f"with {rows:,} rows neither family wins beforehand, so a line and shallow, "
            "early-stopped trees compete"
        )
    if rows <= limits.E2_LARGE_ROWS:
        return "lightgbm", f"at {rows:,} rows boosted trees lead, the line stays as control"
    return "lightgbm", f"at {rows:,} rows boosted trees lead, tuned on a {_sample()} sample"


def _sample() -> str:
    """The part of a large table that a search sees."""
    least, most = limits.E2_LEAST_TUNING_SHARE, limits.E2_MOST_TUNING_SHARE
    return f"{100 * least:.0f}–{percent(most)}"


def _family_references(facts: Facts, value: str) -> tuple[str, ...]:
    if value == "linear" and facts.n_positive >= limits.E2_LINEAR_POSITIVES:
        return ("RUDIN",) if facts.explains_each_decision else ("VDP", "RILEY")
    return ("VDP", "RILEY") if value == "linear" else ("GRIN", "TABARENA")


def _family_changes(facts: Facts) -> tuple[str, ...]:
    """What turns rule E2, with the families that it leaves out."""
    changes = ["a Riley sample-size calculation says otherwise"]
    if facts.explains_each_decision:
        gain = percent(limits.E10_MINIMUM_GAIN)
        changes = [f"trees with monotone constraints win by {gain} and the reviewer accepts"]
    if facts.rows > limits.E2_LARGE_ROWS:
        changes.append("a deep net shows a measured win")
    narrow = n_features(facts) <= limits.E2_TABPFN_FEATURES
    if facts.rows <= limits.E2_TABPFN_ROWS and narrow and facts.consumption == "batch":
        licence = " (later weights are non-commercial)" if facts.horizon == "production" else ""
        changes.append(f"an offline challenger is wanted: TabPFN v2{licence}")
    return tuple(changes)


def search(facts: Facts, candidates: str) -> Proposal:
    """Rule E5, within the seconds that the project grants a search."""
    classes = facts.problem_type != "regression"
    few = classes and facts.n_positive < limits.E2_FEWEST_POSITIVES
    value = "none" if few or candidates == "none" else "random"
    large = facts.rows > limits.E2_LARGE_ROWS
    sample = f", on {_sample()} of {facts.rows:,} rows" if large else ""
    families = candidates.replace("_", " and ").replace("lightgbm", "LightGBM")
    luck = f"Would choose among {facts.n_positive:,} cases by luck."
    return Proposal(
        decision="training_search",
        value=value,
        reason=(
            f"{facts.n_positive:,} {_cases(facts)} cannot tell one setting from another."
            if value == "none"
            else f"{limits.E5_TRIALS} random settings of {families}{sample} hold one of the best "
            f"{percent(limits.E5_TOP_SHARE)} with probability {percent(limits.E5_CHANCE)}; it "
            f"stops at {_STOP} and reports how many ran."
        ),
        rule="E5",
        references=("RULES",) if value == "none" else ("BB",),
        alternatives=others(
            SEARCH,
            value,
            {
                "random": luck,
                "none": f"Leaves {families} at settings made for other tables than {facts.rows:,} "
                "rows.",
                "optuna": luck if value == "none" else _no_optuna(candidates),
            },
        ),
        changes_if=("a family competes whose space is too wide to list",)
        if candidates == "linear"
        else (f"a fit takes over {limits.E5_FIT_MINUTES} minute: Optuna",),
        inputs=inputs(facts, "n_positive", "rows"),
    )


def _no_optuna(candidates: str) -> str:
    if candidates == "linear":
        return "The penalties are a short list, which every search tries whole."
    return (
        f"Pays over {limits.E5_DIMENSIONS} settings or {limits.E5_FIT_MINUTES} minute a fit; with "
        f"LightGBM's {limits.E5_TREE_SETTINGS} it gained {percent(limits.E5_TPE_GAIN)} on churn, "
        "within noise."
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
    elif level >= 1 and facts.team_size >= limits.I_TRACKER_TEAM:
        value, why = "mlflow", f"{team} at level {level} compare runs in a view of their own"
    else:
        value, why = (
            "zenml",
            f"{team} at level {level} can read up to {limits.I_TRACKER_RUNS} runs in ZenML's own "
            "record",
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
                "mlflow": f"Pays from {limits.I_TRACKER_TEAM} people or {limits.I_TRACKER_RUNS} "
                f"runs; here {team}.",
                "wandb": "You do not run it today.",
            },
        ),
        changes_if=(
            f"more than {limits.I_TRACKER_RUNS} runs are compared",
            "a second person trains",
        )
        if value == "zenml"
        else ("one person is left",),
        inputs=inputs(facts, "team_size", "existing_tools"),
    )
