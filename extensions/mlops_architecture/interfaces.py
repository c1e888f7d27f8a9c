"""What goes in, what comes out, and who uses it: the edges of the system."""

from __future__ import annotations

from collections import Counter

from .contract import Column, Contract
from .decision import Frozen
from .facts import Facts
from .phases._inputs import counted, listed
from .statement.problem import parts_of_sentence

_KEYS = {"identifier", "entity", "event_time"}
_KINDS = {
    "integer": "numeric", "number": "numeric", "boolean": "categorical", "string": "categorical",
    "datetime": "datetime",
}  # fmt: skip


class OutputColumn(Frozen):
    """A column of the predictions as the project writes them."""

    name: str
    meaning: str


def consumer(facts: Facts) -> str:
    """Who uses the predictions, as the goal says it."""
    said = dict(reversed(tuple(parts_of_sentence(facts.formulation))))
    return said.get("consumer") or f"whoever acts on {facts.target}"


def decision_time(facts: Facts) -> str:
    """When the decision is taken, as the goal says it; empty where it does not."""
    said = dict(reversed(tuple(parts_of_sentence(facts.formulation))))
    return said.get("decision_time", "")


def keys(contract: Contract) -> tuple[str, ...]:
    """Columns that name a row and come back beside its prediction."""
    return tuple(column.name for column in contract.columns if column.role in _KEYS)


def input_schema(contract: Contract) -> str:
    """The columns of the table in a sentence, by their part in the model."""
    roles: dict[str, list[Column]] = {}
    for column in contract.columns:
        roles.setdefault(column.role, []).append(column)
    features = roles.get("feature", [])
    kinds = Counter(_KINDS[column.type] for column in features)
    shown = listed([f"{count} {kind}" for kind, count in kinds.most_common()])
    parts = [counted(len(features), "feature") + (f" ({shown})" if shown else "")]
    names = {"identifier": "identifier", "entity": "entity", "event_time": "event time"}
    parts += [
        f"{word} {listed([column.name for column in roles[role]])}"
        for role, word in names.items()
        if role in roles
    ]
    if dropped := roles.get("excluded"):
        parts.append(f"{len(dropped)} left out")
    return f"{', '.join(parts)}; target {contract.target}, not needed for scoring"


def output_columns(contract: Contract, reasons: int = 0) -> tuple[OutputColumn, ...]:
    """The columns of the predictions, in the order in which they are written.

    `reasons` is how many features are named beside each prediction.
    """
    begins = [OutputColumn(name="row", meaning="position in the table, from 0")]
    begins += [OutputColumn(name=name, meaning="as it came") for name in keys(contract)]
    ends = [OutputColumn(name="model_version", meaning="which version said so")]
    if reasons:
        meaning = f"the features that moved it most, up to {reasons}"
        ends.insert(0, OutputColumn(name="reasons", meaning=meaning))
    return (*begins, *_predicted(contract), *ends)


def _predicted(contract: Contract) -> tuple[OutputColumn, ...]:
    target = contract.target
    if contract.problem_type == "regression":
        return (OutputColumn(name="prediction", meaning=f"{target}, in its own unit"),)
    if contract.problem_type == "binary":
        return (
            OutputColumn(
                name="score", meaning=f"that {target} is {contract.positive_class}, 0 to 1"
            ),
            OutputColumn(name="decision", meaning="act on it or not"),
        )
    return (
        OutputColumn(name="prediction", meaning=f"the most likely {target}"),
        OutputColumn(name="probability_<class>", meaning="one for each class"),
    )
