"""Tables of every kind that the template designs for, made up or from scikit-learn."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.datasets import load_breast_cancer, load_diabetes, load_wine

Columns = Mapping[str, Sequence[Any]]


def binary() -> Columns:
    """569 tumours, two classes (scikit-learn)."""
    data = load_breast_cancer()
    names = [name.replace(" ", "_") for name in data.feature_names[:8]]
    labels = np.where(data.target == 0, "malignant", "benign")
    return {**dict(zip(names, data.data.T, strict=False)), "diagnosis": labels}


def multiclass() -> Columns:
    """178 wines, three classes (scikit-learn), repeated with noise to 890 rows."""
    data, random = load_wine(), np.random.default_rng(1)
    rows = np.tile(data.data, (5, 1))
    rows = rows * random.normal(1, 0.05, rows.shape)
    names = [name.replace("/", "_") for name in data.feature_names]
    kinds = np.array(["barolo", "grignolino", "barbera"])[np.tile(data.target, 5)]
    return {**dict(zip(names, rows.round(3).T, strict=True)), "wine": kinds}


def regression() -> Columns:
    """442 patients, disease progression (scikit-learn)."""
    data = load_diabetes(scaled=False)
    return {**dict(zip(data.feature_names, data.data.T, strict=True)), "progression": data.target}


def temporal() -> Columns:
    """4,000 hours at four sites; whether the machine stops follows from load and hour."""
    random = np.random.default_rng(2)
    start, hours = datetime(2025, 1, 1, tzinfo=UTC), np.repeat(np.arange(1000), 4)
    load = random.normal(50, 15, hours.size)
    risk = 1 / (1 + np.exp(4 - 0.08 * load + np.sin(hours / 24 * 2 * np.pi)))
    return {
        "site": np.tile(["north", "south", "east", "west"], 1000),
        "measured_at": [(start + timedelta(hours=int(h))).isoformat() for h in hours],
        "load": load.round(2),
        "temperature": random.normal(20, 5, hours.size).round(1),
        "stopped": (random.random(hours.size) < risk).astype(int),
    }


def turning_year() -> Columns:
    """A year of hours; from July the load is higher, and its effect turns."""
    random = np.random.default_rng(11)
    start, steps = datetime(2024, 1, 1, tzinfo=UTC), np.arange(366 * 24)
    later = steps >= 182 * 24
    load, humidity = random.normal(50 + 15 * later, 15), random.uniform(20, 90, steps.size)
    risk = 1 / (1 + np.exp(np.where(later, load - 70, 45 - load) / 6 + (humidity - 55) / 40))
    return {
        "measured_at": [(start + timedelta(hours=int(step))).isoformat() for step in steps],
        "load": load.round(2),
        "humidity": humidity.round(1),
        "line": random.choice(["a", "b", "c"], steps.size),
        "stopped": (random.random(steps.size) < risk).astype(int),
    }


def grouped() -> Columns:
    """3,000 visits of 300 patients; predictions are for patients never seen."""
    random = np.random.default_rng(3)
    patient = np.repeat(np.arange(300), 10)
    age = np.repeat(random.integers(20, 90, 300), 10)
    pressure = random.normal(120, 15, patient.size) + age / 5
    risk = 1 / (1 + np.exp(12 - 0.07 * pressure - 0.03 * age))
    return {
        "patient_id": [f"P{index:03d}" for index in patient],
        "age_years": age,
        "pressure": pressure.round(1),
        "ward": random.choice(["a", "b", "c"], patient.size),
        "readmitted": np.where(random.random(patient.size) < risk, "yes", "no"),
    }


def subscribers() -> Columns:
    """6,000 subscribers of a telephone company, of whom about one in four leaves."""
    random = np.random.default_rng(11)
    n = 6_000
    tenure = random.integers(0, 73, n)
    contract = random.choice(["monthly", "one year", "two years"], n, p=[0.55, 0.21, 0.24])
    charge = random.uniform(18, 118, n).round(2)
    calls = random.poisson(1.2, n)
    logit = -0.7 - 0.035 * tenure + 0.014 * charge + 0.25 * calls - 1.4 * (contract != "monthly")
    total = (tenure * charge).round(2).astype(str)
    total[tenure == 0] = " "
    return {
        "subscriber_id": [f"S{index:05d}" for index in random.permutation(n)],
        "tenure_months": tenure,
        "contract": contract,
        "monthly_charge": charge,
        "total_charge": total,
        "support_calls": calls,
        "internet": random.choice(["fibre", "dsl", "none"], n, p=[0.44, 0.34, 0.22]),
        "payment": random.choice(["card", "transfer", "cheque"], n),
        "churned": np.where(random.random(n) < 1 / (1 + np.exp(-logit)), "Yes", "No"),
    }


TABLES: dict[str, tuple[Callable[[], Columns], str]] = {
    "binary": (binary, "diagnosis"),
    "multiclass": (multiclass, "wine"),
    "regression": (regression, "progression"),
    "temporal": (temporal, "stopped"),
    "grouped": (grouped, "readmitted"),
}


def write(columns: Columns, path: Path) -> Path:
    """A CSV file of these columns."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))
    return path
