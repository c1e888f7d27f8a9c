"""What it costs to build and to run, by assumptions that stand beside the sum.

Every price and every effort here is our judgement, not a quotation: the document shows the
formula with its numbers, so that a reader can put in their own. Money is in the currency of the
costs that were stated.
"""

from __future__ import annotations

from typing import NamedTuple

from . import infrastructure, limits
from .blueprint import documented_only, pipelines
from .decision import Frozen
from .design import Design
from .facts import Facts
from .phases._deployment_plan import (
    answer_ms,
    is_logged_in_postgres,
    is_realtime,
    replicas,
)
from .phases._evidence import training_rows
from .phases._inputs import counted, marked, number
from .phases._pace import rows_per_period
from .red_flags.stack import optional_components

WEEKS_BY_LEVEL = {0: 0.5, 1: 2.0, 2: 4.0, 3: 8.0}
"""Person-weeks around generated code: access to the data, review, rehearsal, CI. Judgement."""
WEEKS_PER_COMPONENT = 0.5
"""Person-weeks for each optional component. Judgement."""
WEEKS_PER_DECISION = 0.5
"""Person-weeks for each other decision whose code is yours to add. Judgement."""
WEEKS_REALTIME = 2.0
"""Person-weeks for a service with its load test and its on-call. Judgement."""
WEEKS_OF_REVIEW = 2.0
"""Person-weeks for validation by somebody else: high impact, or a regime on models. Judgement."""
MOST_PEOPLE = 3
"""People beyond this do not make a first version faster. Judgement."""

MACHINE_PER_HOUR = 0.20
"""A machine of 4 cores and 16 GB, for one hour. Judgement."""
STORAGE_PER_GB_MONTH = 0.03
"""One GB kept for one month. Judgement."""
LOG_LINE_BYTES = 200
"""One answer of a service in its log, without the values that were asked with. Judgement."""
DATABASE_PER_GB_MONTH, DATABASE_PER_MONTH = 0.12, 50.0
"""The PostgreSQL of a log: one GB for one month, and the machine. Judgement."""
PERSON_PER_HOUR = 60.0
"""An hour of the person who looks after it. Judgement."""
CARE_HOURS_BY_LEVEL = {0: 1.0, 1: 4.0, 2: 8.0, 3: 8.0}
"""Hours a month of looking at runs, alerts and late labels. Judgement."""
CARE_HOURS_REALTIME = 16.0
"""Hours a month of on-call for a service, on top. Judgement."""
RUN_HOURS, RUN_HOURS_PER_MILLION_ROWS = 0.05, 0.05
"""Hours of one scoring run: to start, and for each million rows. Judgement."""
TRAINING_HOURS, TRAINING_HOURS_PER_MILLION_ROWS = 0.1, 0.5
"""Hours of one training run: to start, and for each million rows. Judgement."""
IMAGES_GB, IMAGES_PER_GB_MONTH = 20.0, 0.10
"""GB of images of steps that a registry keeps, and the month's price of one. Judgement."""
SERVER_PER_MONTH = {
    "aws": {"machine": 18.0, "database": 16.0, "balancer": 18.0, "secrets": 1.0},
    "azure": {"machine": 15.0, "database": 15.0, "logs": 3.0, "secrets": 1.0},
    "gcp": {"machine": 12.0, "database": 10.0, "secrets": 1.0},
}
"""The ZenML server of one environment, always on: what a month of each part costs. Judgement."""

_RUNS_PER_MONTH = {
    "once": 1.0, "monthly": 1.0, "weekly": 4.35, "daily": 30.4, "hourly": 730.0,
    "continuous": 730.0,
}  # fmt: skip
"""Continuous data are scored each hour."""
_HOURS_PER_MONTH = 730.0
_SECONDS_PER_MONTH = _HOURS_PER_MONTH * 3600


class Estimate(Frozen):
    """Build, monthly run and cost of 1,000 predictions, each as a number and as its sum."""

    person_weeks: float
    weeks: float
    """Calendar weeks with the people there are."""
    monthly: float
    per_thousand: float | None
    """None where nobody knows how many predictions a month brings."""
    build: str
    run: str
    thousand: str
    assumptions: str


def estimate(design: Design) -> Estimate:
    """What the design costs, in three lines and the assumptions they rest on."""
    person_weeks, weeks, build = _build(design)
    monthly, run = _run(design)
    predictions = _predictions(design)
    per_thousand = 1000 * monthly / predictions if predictions else None
    return Estimate(
        person_weeks=person_weeks,
        weeks=weeks,
        monthly=monthly,
        per_thousand=per_thousand,
        build=build,
        run=run,
        thousand=f"{_money(monthly)} / {predictions:,.0f} predictions a month × 1,000 = "
        f"{_money(per_thousand)}"
        if predictions and per_thousand is not None
        else f"{_money(monthly)} a month, divided by the new rows, which nobody has counted yet",
        assumptions=f"a machine hour {MACHINE_PER_HOUR:.2f}, a GB-month "
        f"{STORAGE_PER_GB_MONTH:.2f}, an hour of a person {PERSON_PER_HOUR:.0f}",
    )


class Priced(NamedTuple):
    """`infrastructure/` of one environment: its name, and a month of it in words and numbers."""

    name: str
    bucket: str
    registry: str
    jobs: str
    server: dict[str, str]


def priced(design: Design, package_name: str) -> Priced:
    """What the files of `infrastructure/` are filled with."""
    kept, hours = _gb_kept(design), _run_hours(design)
    return Priced(
        name=infrastructure.name(package_name),
        bucket=f"{_about(kept * STORAGE_PER_GB_MONTH)}: {number(kept)} GB kept × "
        f"{STORAGE_PER_GB_MONTH:.2f}.",
        registry=f"{_about(IMAGES_GB * IMAGES_PER_GB_MONTH)}: {number(IMAGES_GB)} GB × "
        f"{IMAGES_PER_GB_MONTH:.2f}.",
        jobs=f"{_about(hours * MACHINE_PER_HOUR)}: {number(hours)} h of runs × "
        f"{MACHINE_PER_HOUR:.2f}, and nothing between them.",
        server={
            part: _money(price)
            for part, price in SERVER_PER_MONTH.get(infrastructure.cloud(design), {}).items()
        },
    )


def _about(amount: float) -> str:
    return f"About {_money(amount)} a month" if amount >= 1 else "Less than 1 a month"


def fits(estimated: Estimate, facts: Facts) -> str:
    """Whether the weeks that there are suffice, as a clause."""
    stated = marked(facts, "weeks", counted(facts.weeks, "week"))
    short = estimated.weeks - facts.weeks
    if short > 0.05:
        return f"{number(round(short, 1))} more than the {stated} there are"
    return f"within the {stated} there are"


def _build(design: Design) -> tuple[float, float, str]:
    facts = design.facts
    level = int(design["maturity_level"])
    extras = optional_components(facts, design.decisions)
    yours = sum(str(decision.value) not in extras for decision in documented_only(design))
    built = counted(sum(pipeline.built for pipeline in pipelines(design)), "pipeline")
    terms = [(WEEKS_BY_LEVEL[level], f"level {level} around {built}")]
    if extras:
        what = counted(len(extras), "optional component")
        terms.append((len(extras) * WEEKS_PER_COMPONENT, what))
    if yours:
        what = f"{yours} yours to add"
        terms.append((yours * WEEKS_PER_DECISION, what))
    if is_realtime(design["deployment_mode"]):
        terms.append((WEEKS_REALTIME, "the service"))
    if facts.impact == "high" or facts.regulated:
        terms.append((WEEKS_OF_REVIEW, "independent validation"))
    total = sum(weeks for weeks, _ in terms)
    people = min(max(facts.team_size, 1), MOST_PEOPLE)
    parts = " + ".join(f"{number(weeks)} ({what})" for weeks, what in terms)
    weeks = total / people
    built = marked(facts, "team_size", counted(people, "builder"))
    return total, weeks, f"{parts} = {spell(total, 'person-week')}; with {built}, " \
        f"{spell(weeks, 'week')}"  # fmt: skip


def spell(amount: float, noun: str) -> str:
    """An effort to a tenth, with its noun: `1 week`, `2.5 weeks`."""
    tenths = round(amount, 1)
    return f"{number(tenths)} {noun}{'' if tenths == 1 else 's'}"


def _run(design: Design) -> tuple[float, str]:
    facts = design.facts
    realtime = is_realtime(design["deployment_mode"])
    level = int(design["maturity_level"])
    trainings, runs, hours = _trainings(design), _runs(design), _run_hours(design)
    seconds = answer_ms(design.decisions) / 1000
    serving = _HOURS_PER_MONTH * replicas(facts.peak_rps, seconds, 1) if realtime else 0.0
    kept, logged = _gb_kept(design), _gb_in_database(design)
    care = CARE_HOURS_BY_LEVEL[level] + (CARE_HOURS_REALTIME if realtime else 0.0)
    machine = (hours + serving) * MACHINE_PER_HOUR
    platform = _platform(design)
    database = logged * DATABASE_PER_GB_MONTH + DATABASE_PER_MONTH if logged else 0.0
    stored = kept * STORAGE_PER_GB_MONTH + database
    monthly = machine + stored + care * PERSON_PER_HOUR + platform
    scoring = f"{number(round(runs, 1))} scoring and " if runs else ""
    service = f" + {number(serving)} h of service" if serving else ""
    shipped = f" + {number(logged)} GB logged × {DATABASE_PER_GB_MONTH:.2f} + " \
        f"{number(DATABASE_PER_MONTH)} for PostgreSQL" if logged else ""  # fmt: skip
    around = f" + {number(platform)} for the ZenML server and images" if platform else ""
    return monthly, (
        f"({number(hours)} h for {scoring}{number(round(trainings, 2))} training "
        f"runs{service}) × {MACHINE_PER_HOUR:.2f} + {number(kept)} GB kept × "
        f"{STORAGE_PER_GB_MONTH:.2f}{shipped} + {number(care)} h of care × {PERSON_PER_HOUR:.0f}"
        f"{around} = {_money(monthly)}"
    )


def _trainings(design: Design) -> float:
    """Trainings a month."""
    return 30 / max(int(design["monitoring_retrain_days"]), 1)


def _runs(design: Design) -> float:
    """Scoring runs a month."""
    realtime = design["deployment_mode"] == "realtime"
    return 0.0 if realtime else _RUNS_PER_MONTH[design.facts.data_cadence]


def _run_hours(design: Design) -> float:
    """Machine hours a month of scoring and training."""
    facts = design.facts
    rows = rows_per_period(facts) or facts.rows
    scoring = RUN_HOURS + RUN_HOURS_PER_MILLION_ROWS * rows / 1e6
    learned = training_rows(facts, design["data_engine"])
    training = TRAINING_HOURS + TRAINING_HOURS_PER_MILLION_ROWS * learned / 1e6
    return _runs(design) * scoring + _trainings(design) * training


def _platform(design: Design) -> float:
    """What `infrastructure/` costs each month whether or not anything runs."""
    cloud = infrastructure.cloud(design)
    images = IMAGES_GB * IMAGES_PER_GB_MONTH
    server = sum(SERVER_PER_MONTH.get(cloud, {}).values())
    return server + (images if "registry" in infrastructure.parts(design) else 0.0)


def _gb_kept(design: Design) -> float:
    """Snapshots of training tables, scored rows and a log in files, over the months of each."""
    facts = design.facts
    rows = rows_per_period(facts)
    scored = 0.0 if design["deployment_mode"] == "realtime" else facts.data_size_gb
    if rows is not None and facts.rows:
        scored *= _RUNS_PER_MONTH[facts.data_cadence] * rows / facts.rows
    log = 0.0 if is_logged_in_postgres(design.decisions) else _gb_logged(design)
    months = int(design["data_retention_months"])
    return months * (facts.data_size_gb * _trainings(design) + scored) + log


def _gb_in_database(design: Design) -> float:
    return _gb_logged(design) if is_logged_in_postgres(design.decisions) else 0.0


def _gb_logged(design: Design) -> float:
    """What a service answers, and was asked with where that is logged, over the months kept."""
    facts = design.facts
    line = LOG_LINE_BYTES / 1e9
    if facts.personal_data == "none" and facts.rows:
        line += facts.data_size_gb / facts.rows
    return int(design["data_retention_months"]) * _requests(design) * line


def _requests(design: Design) -> float:
    """Requests a month to a service."""
    asked = design.facts.peak_rps * limits.F3_MEAN_OF_PEAK * _SECONDS_PER_MONTH
    return asked if is_realtime(design["deployment_mode"]) else 0.0


def _predictions(design: Design) -> float:
    """Predictions a month; 0 where nobody knows."""
    facts, requests = design.facts, _requests(design)
    if design["deployment_mode"] == "realtime":
        return requests
    return requests + _RUNS_PER_MONTH[facts.data_cadence] * (rows_per_period(facts) or 0.0)


def _money(amount: float) -> str:
    return f"{amount:,.0f}" if amount >= 10 else f"{amount:.2g}"
