"""What the answers of a stage say about the challenger, and whether the next stage may begin."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
from pydantic import BaseModel
from scipy.stats import spearmanr
from sklearn.metrics import cohen_kappa_score

from .rollout import Rollout, RolloutSettings
from .rollout_evidence import Compared, Evidence, Finding, decision_of, score_of

MOST_SHOWN = 5
"""Rows that the report names."""
NEWEST_REQUESTS = 50_000
"""That are compared row by row."""


class Difference(BaseModel):
    """A row that the two versions see most differently."""

    keys: dict[str, str | None]
    champion: float
    challenger: float


class Report(BaseModel):
    """One stage of a roll-out."""

    version: int
    champion: int
    stage: str
    since: datetime
    days: float
    evidence: dict[str, Any]
    findings: tuple[Finding, ...]
    differences: tuple[Difference, ...]
    """The largest of the rows that both have scored."""
    obstacles: tuple[str, ...]
    """What speaks against the next stage; none where it may begin."""


def make_report(
    state: Rollout,
    settings: RolloutSettings,
    compared: Iterable[Compared],
    now: datetime,
    quality: Callable[[Sequence[Compared]], tuple[Finding, ...]] | None = None,
) -> Report:
    """The report of the stage that `state` is in; `compared` is its evidence.

    `quality` finds what labels say of the newest requests, where it can be asked.
    """
    evidence = Evidence(settings)
    newest: deque[Compared] = deque(maxlen=NEWEST_REQUESTS)
    for each in compared:
        evidence.add(each)
        newest.append(each)
    pairs = [pair for each in newest for pair in _pairs(each)]
    findings = (
        *evidence.findings(),
        *_agreement(pd.DataFrame(pairs), settings),
        *(quality(newest) if quality else ()),
    )
    days = (now - state.since) / timedelta(days=1)
    return Report(
        version=state.version,
        champion=state.champion,
        stage=state.stage,
        since=state.since,
        days=days,
        evidence=evidence.summary(),
        findings=findings,
        differences=_largest(pairs),
        obstacles=(
            *([f"It was aborted: {state.aborted}"] if state.aborted else []),
            *_too_early(state, settings, days, evidence.challenger.requests),
            *(finding.what for finding in findings if finding.failed),
        ),
    )


def _pairs(compared: Compared) -> Iterator[dict[str, Any]]:
    """The rows that both versions answered."""
    if compared.champion is None or compared.challenger is None:
        return
    said = zip(compared.champion.said, compared.challenger.said, strict=False)
    for place, (one, other) in enumerate(said):
        yield {
            "keys": {name: values[place] for name, values in compared.keys.items()},
            "champion": score_of(one),
            "challenger": score_of(other),
            "decided": decision_of(one),
            "would_decide": decision_of(other),
        }


def _agreement(pairs: pd.DataFrame, settings: RolloutSettings) -> tuple[Finding, ...]:
    """Whether both see the same rows alike: a score that is as spread may still be of other rows.

    By Spearman's rank correlation of the scores, by Cohen's kappa where classes are all there is.
    """
    name = "agreement"
    if len(pairs) < settings.fewest_requests:
        return ()
    scores = pairs[["champion", "challenger"]].dropna()
    if scores.empty:
        how = "Cohen's kappa"
        found = float(cohen_kappa_score(pairs["decided"], pairs["would_decide"]))
    elif scores["champion"].nunique() == 1:
        return ()
    else:
        how = "Spearman's correlation"
        constant = scores["challenger"].nunique() == 1
        found = 0.0 if constant else float(spearmanr(*scores.to_numpy().T).statistic)
    what = (
        f"{how} of the two versions over the same {len(pairs):,} rows is {found:.2f}; "
        f"at least {settings.least_agreement:g} is expected."
    )
    return (Finding(name, found < settings.least_agreement, what),)


def _largest(pairs: list[dict[str, Any]]) -> tuple[Difference, ...]:
    scored = [pair for pair in pairs if None not in (pair["champion"], pair["challenger"])]
    gaps = np.array([abs(pair["champion"] - pair["challenger"]) for pair in scored])
    order = np.argsort(-gaps, kind="stable")[:MOST_SHOWN]
    return tuple(Difference.model_validate(scored[place], extra="ignore") for place in order)


def _too_early(
    state: Rollout, settings: RolloutSettings, days: float, requests: int
) -> tuple[str, ...]:
    wanted = settings.canary_days if state.share else settings.shadow_days
    found = []
    if days < wanted:
        found.append(f"{state.stage.capitalize()} has lasted {days:.1f} of {wanted:g} days.")
    if requests < settings.fewest_requests:
        found.append(
            f"The challenger has seen {requests:,} requests; {settings.fewest_requests:,} are "
            "the fewest that tell something."
        )
    return tuple(found)
