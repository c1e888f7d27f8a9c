"""The headings and labels of a problem statement, and the other names people give them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True)
class Topic:
    """What a heading or label announces: a section, the text of one label, or both."""

    section: str = ""
    label: str = ""


_SECTIONS = {
    "formulation": "one sentence formulation|formulation|problem formulation|problem|goal|objective"
    "|one sentence|in one sentence",
    "business": "business context|business|context|background|motivation|business problem",
    "ml": "ml formulation|machine learning formulation|ml problem|modelling|modeling|ml",
    "ladder": "metric ladder|metrics ladder|metrics|ladder",
    "data": "data summary|data|dataset|data set|data overview|data description|the data",
    "constraints": "constraints|requirements|non functional requirements|operational constraints"
    "|constraints and requirements",
    "framework": "framework|orchestration|orchestrator|tooling|tools|stack|mlops framework",
    "success": "success criteria|success criterion|success|definition of success"
    "|definition of done|acceptance criteria",
}

_LABELS = {
    "problem_type": "problem type|ml problem type|task|task type|ml task|type of problem|type",
    "target": "target variable|target|target column|label column|dependent variable"
    "|outcome variable|response variable|what to predict",
    "target_definition": "target definition|definition of the target|label definition",
    "primary_metric": "primary metric|main metric|metric|evaluation metric|optimization metric"
    "|optimisation metric|key metric|offline metric",
    "guardrails": "guardrail metrics|guardrail metric|guardrails|guardrail|secondary metrics"
    "|secondary metric",
    "baseline": "current baseline|baseline|baselines|status quo|current process|today"
    "|current solution|existing solution|baseline performance",
    "ladder_business": "business outcome|business metric|business kpi|business goal",
    "ladder_product": "product metric|product outcome|product kpi",
    "ladder_model": "model metric|ml metric",
    "ladder_data": "data quality metric|data metric|data quality",
    "rows": "rows|number of rows|row count|records|number of records|observations|samples"
    "|number of samples|examples|instances|dataset size|data size|size|volume|n",
    "features": "features|number of features|feature count|columns|number of columns|predictors"
    "|variables|inputs|input features",
    "n_numeric": "numeric features|numerical features|numeric|numerical|numeric columns",
    "n_categorical": "categorical features|categorical|categorical columns",
    "labels": "label availability|labels|availability of labels|ground truth|labeled data"
    "|labelled data",
    "label_delay": "label delay|label lag|label latency|feedback delay|time to label"
    "|labels arrive after",
    "positive_class": "positive class|positive label|class of interest",
    "positive_rate": "positive rate|positive share|share of positives|positives"
    "|class balance|class imbalance|imbalance|class distribution|base rate|prevalence|event rate"
    "|churn rate|fraud rate|default rate|minority class|target rate",
    "missing": "missing values|missing|missing share|missing data|missingness|nulls",
    "known_issues": "known issues|issues|known problems|data issues|data quality issues|caveats",
    "latency": "latency|latency requirement|latency requirements|prediction latency|response time"
    "|inference|serving|serving mode|prediction mode|latency budget",
    "consumption": "consumption|delivery|how predictions are used|prediction delivery",
    "staleness": "staleness|freshness|score freshness|acceptable staleness|prediction freshness"
    "|maximum score age",
    "interpretability": "interpretability|explainability|explanations|interpretability requirements"
    "|explainability requirements|transparency",
    "regulations": "regulatory|regulation|regulations|compliance|legal|regulatory requirements"
    "|regulatory constraints|legal requirements",
    "personal_data": "personal data|pii|privacy|data privacy|sensitive data|data protection",
    "framework": "orchestration framework|pipeline framework",
    "existing_tools": "existing tools|current tools|tools in use|tools that already run",
    "capacity": "capacity|action capacity|team capacity|capacity per period",
    "cost_false_positive": "cost of a false positive|cost of false positives|false positive cost"
    "|cost false positive|cost per false positive|cost of a false alarm|false positive|fp cost"
    "|cost fp|false positives",
    "cost_false_negative": "cost of a false negative|cost of false negatives|false negative cost"
    "|cost false negative|cost per false negative|cost of a miss|false negative|fn cost"
    "|cost fn|false negatives",
    "costs": "costs|error costs|cost of errors|cost of mistakes|misclassification costs",
    "save_rate": "save rate|success rate of the intervention|intervention success rate"
    "|success rate of an offer|offer acceptance|uptake",
    "cadence": "data cadence|cadence|update frequency|refresh|data refresh|refresh frequency"
    "|frequency|data frequency|data updates",
    "event_time": "event time|event time column|time column|timestamp|timestamp column|date column",
    "entity_key": "entity key|entity|entity column|key|primary key",
    "identifiers": "identifiers|identifier|id columns|id column|identifier columns",
    "consumer": "consumer|consumers|users|user|who uses it|end users|end user",
    "decision_time": "decision time|prediction time|time of decision|time of prediction"
    "|when is the prediction made",
    "business_outcome": "outcome to optimize|outcome to optimise",
    "use_case": "use case|domain",
}


def normalise(name: str) -> str:
    """A heading or label in lower case, without marks, numbering, emoji and parentheses."""
    name = re.sub(r"\([^()]*\)", " ", name[:200].lower())
    words = re.sub(r"[\W_]+", " ", name).split()
    while words and re.fullmatch(r"\d+[a-z]?", words[0]):
        words.pop(0)
    return " ".join(words)


@cache
def _topics() -> dict[str, Topic]:
    sections = {name: key for key, names in _SECTIONS.items() for name in names.split("|")}
    labels = {name: key for key, names in _LABELS.items() for name in names.split("|")}
    own_text = {"formulation", "framework", "success"}
    topics = {name: Topic(label=key) for name, key in labels.items()}
    topics |= {
        name: Topic(section=key, label=key if key in own_text else "")
        for name, key in sections.items()
    }
    return topics


def topic_of(name: str) -> Topic | None:
    """The topic that a heading or label announces, or None when it is not a known name."""
    return _topics().get(normalise(name))
