"""Against what a model must win, how it is searched for and tracked: rules E1, E5 and I."""

from __future__ import annotations

from .. import limits
from ..decision import Decisions, Option, Proposal
from ..facts import Facts
from ._candidates import FAMILIES, cases
from ._columns import n_features
from ._inputs import counted, inputs, listed, marked, number, others, percent, taken

_TRIALS, _STOP = f"{limits.E5_TRIALS} trials", f"{limits.E5_SECONDS} s"
BASELINE: tuple[Option, ...] = (
    Option(value="linear", label="Penalised linear model"),
    Option(value="dummy", label="Dummy: the same answer for every row"),
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


def search(facts: Facts, candidates: str) -> Proposal:
    """Rule E5, within the seconds that the project grants a search."""
    classes = facts.problem_type != "regression"
    few = classes and facts.n_positive < limits.E2_FEWEST_POSITIVES
    value = "none" if few or candidates == "none" else "random"
    families = listed([FAMILIES.get(name, name) for name in candidates.split("_")])
    luck = f"Would choose among {counted(facts.n_positive, 'case')} by luck."
    return Proposal(
        decision="training_search",
        value=value,
        reason=(
            f"{facts.n_positive:,} {cases(facts)} cannot tell one setting from another."
            if value == "none"
            else f"{_searched(candidates)}; it stops at {_STOP} and reports how many ran."
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


def _searched(candidates: str) -> str:
    """What the trials promise of the families whose settings are drawn; a line's are a list."""
    drawn = [FAMILIES.get(name, name) for name in candidates.split("_") if name != "linear"]
    if not drawn:
        return "The penalties are a short list, which is tried whole"
    return (
        f"The default and {limits.E5_DRAWN} random settings of {listed(drawn)} hold one of "
        f"the best {percent(limits.E5_TOP_SHARE)} with probability {percent(limits.E5_CHANCE)}"
    )


def _no_optuna(candidates: str) -> str:
    if candidates == "linear":
        return "The penalties are a short list, which every search tries whole."
    if "lightgbm" not in candidates:
        return (
            f"Pays over {limits.E5_DIMENSIONS} settings or {limits.E5_FIT_MINUTES} minute a fit; "
            f"an EBM has {limits.E5_EBM_SETTINGS}."
        )
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
