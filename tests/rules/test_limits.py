"""One source for each number: rules compare with `limits`, and texts state what it holds."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from mlops_architecture import configuration, contract, limits
from mlops_architecture.design import make_design
from mlops_architecture.phases import training

from rules.cases import facts_of

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "extensions" / "mlops_architecture"
CORE = ROOT / "template" / "src" / "{{package_name}}" / "core"
RULES = (
    *sorted((PACKAGE / "phases").glob("*.py")),
    *sorted((PACKAGE / "red_flags").glob("*.py")),
    *(
        PACKAGE / f"{name}.py"
        for name in (
            "blueprint",
            "document",
            "mvp",
            "quality",
            "risks",
            "standing_risks",
            "zenml_stack",
        )
    ),
)
NAME = re.compile(r"[A-Z]+\d*_[A-Z0-9_]+")
"""A limit: the id of its rule, and what it is."""
RULE_IDS = {
    *("A1", "A3", "I", "J", "RF34"),
    *(
        f"{section}{rule}"
        for section, rules in {"B": 4, "C": 9, "D": 8, "E": 13, "F": 8, "G": 13, "H": 11}.items()
        for rule in range(1, rules + 1)
    ),
}

NOT_THRESHOLDS = (
    # rules, phases, severities and sections of the document, by their ids
    r"\b[A-H]\d{1,2}\b", r"\bRF\d\d\b", r"\b2[A-I]\b", r"\bSEV[1-4]\b", r"\bsection \d{1,2}\b",
    r"\bBRECK19\b", r"\bSR262\b",
    # maturity levels are numbered
    r"\b[Ll]evel [0-3]\b",
    # metrics, penalties, percentiles and products that are called so
    r"\b(macro )?F[12]\b", r"\b(f1|f2|macro_f1|r2|l1)\b", r"\bL1\b", r"\bp99\b",
    r"\b99th percentile\b", r"\b[Ss]3\b", r"\b(onprem_)?k8s(_team)?\b", r"\bTabPFN v2\b",
    r"\bTabPFN from 2\.5 on\b", r"\bthe v2 weights\b",
    # versions and years of what is not included
    r"\bZenML 0\.98\b", r"\bGreat Expectations before 1\.0\b", r"\bdeprecated since 2\.9\b",
    r"\bof 2018\b",
    # laws, cases and days of the calendar are facts
    r"\bArticle \d+\b", r"\bArts?\. \d+((–|, )\d+)*(\(\d+\))?", r"\b45 CFR [\d.]+(\(\w+\))*",
    r"\(10\.5\.1\)", r"\(1002\.12\)", r"\bC-634/21\b", r"\bSR (26-2|11-7)\b", r"\bsr26_2\b",
    r"\b(\d{1,2} )?(April|December) \d{4}\b",
    # zero is no threshold but a bound: nothing, or no effect
    r"\babove 0\b", r"\b(excluding|includes) 0\b", r"^0 of $",
    # ways of writing: a class of characters, an exponent, the number one as it is shown
    r"\[\^?[a-z-]*0-9[a-z-]*\]", r"^e-0$", r"^1$",
)  # fmt: skip
TRIVIAL = {0, 1, 2, 100}
"""Nothing, one, a pair, and percent."""
EXPLAINED_ONLY = {
    # stated in a word that no number makes: a week, an hour, monthly, the first month
    "B2_RELEASES_PER_MONTH", "G12_LABEL_HOURS", "J_WINDOW_MONTHS",
    # for the references: what was not built, and how far it reaches
    "C3_SPILL_RAMS", "C7_LAST_MODELS", "D2_FEWEST_HASH_BITS",
    "D2_KEPT_LEVELS", "D2_MOST_HASH_BITS", "D2_NATIVE_LEVELS", "D3_USEFUL_INDICATOR_AUC",
    "E2_CATBOOST_SECONDS", "E2_STABLE_EVENTS", "E2_TABPFN_CPU_ROWS", "E2_TABPFN_SECONDS",
    "E4_REPEATS", "E4_TRAINING_SHARE", "E5_FOLDS", "E7_ENSEMBLE_FACTOR", "E7_ENSEMBLE_MS",
    "E7_SINGLE_MS", "G1_PSI_BINS", "G5_LIBRARY_SHARE", "J_NEW",
    # kept by the generated project, which stands alone (below)
    "D2_GROUP_ROWS", "D2_GROUP_SHARE",
    # of measurements that only a generated project takes
    "E12_TOO_GOOD_GAIN", "G12_HOURS",
    # for the references: the evidence behind a rule
    "C5_HOTEL_AUC", "C5_HOTEL_AUC_WITHOUT_DUPLICATES", "C5_HOTEL_DATE_AUC",
    "C5_HOTEL_DUPLICATE_SHARE", "C5_HOTEL_STATUS_AUC", "D7_LEAKAGE_FIELDS",
    "D7_LEAKAGE_PAPERS", "D7_LEAKAGE_TYPES", "E3_WEATHER_ACCURACY",
    "E3_WEATHER_ALWAYS_NO_ACCURACY", "E3_WEATHER_POSITIVE_RATE", "E4_AMPLE_RECALL_HALF_WIDTH",
    "E4_NARROW_RECALL_HALF_WIDTH", "E4_NARROW_TEST_POSITIVES", "E4_RECALL_HALF_WIDTH",
    "F2_LEAST_LINEAR_P50_MS", "F2_LEAST_LINEAR_P99_MS", "F2_MOST_LINEAR_P50_MS",
    "F2_MOST_LINEAR_P99_MS", "F2_TREES_P50_MS", "F2_TREES_P99_MS",
    "F2_TREES_TWO_THREADS_P99_SECONDS", "F3_COMMON_CASES", "F3_COMMON_LIFTED_RATE",
    "F3_COMMON_RATE", "F3_RARE_CASES", "F3_RARE_LIFTED_RATE", "F3_RARE_RATE",
    "G1_FALSE_ALARMS", "G1_KS_FLAGGED", "G1_KS_ROWS", "G1_KS_SHIFT",
    "G1_LEAST_DISTANCE_FALSE_ALARMS", "G1_LEAST_KS_FALSE_ALARMS",
    "G1_LEAST_LARGE_DISTANCE_FALSE_ALARMS", "G1_MASS_MOVED", "G1_MASS_POWER", "G1_MASS_ROWS",
    "G1_MOST_DISTANCE_FALSE_ALARMS", "G1_MOST_KS_FALSE_ALARMS",
    "G1_MOST_LARGE_DISTANCE_FALSE_ALARMS", "G1_NAIVE_FALSE_ALARMS", "G1_NAIVE_FEATURES",
    "G1_PSI_FALSE_ALARMS_100", "G1_PSI_FALSE_ALARMS_200", "G1_PSI_OF_SHIFT",
    "G2_LARGER_POWER_200", "G2_LARGEST_SHIFT", "G2_POWER_200", "G9_ENGINEERS",
}  # fmt: skip
"""Limits that no rule compares with yet, and no text of a phase states."""


def constants(tree: ast.AST) -> Iterator[ast.Constant]:
    """Every text of a module that may reach a reader: no docstring, no format specification.

    A red flag's docstring is what it says.
    """
    silent: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            silent.add(node.value)
        if isinstance(node, ast.FormattedValue) and node.format_spec is not None:
            silent.update(ast.walk(node.format_spec))
    silent -= {
        node.body[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        and any("red_flag" in ast.unparse(decorator) for decorator in node.decorator_list)
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if is_text and node not in silent:
            yield node


def numbers_in_texts(source: str) -> list[str]:
    """Texts with a digit that is no name."""
    found = []
    for node in constants(ast.parse(source)):
        rest = str(node.value)
        for known in NOT_THRESHOLDS:
            rest = re.sub(known, "", rest)
        if re.search(r"[0-9]", rest):
            found.append(f"line {node.lineno}: {node.value!r}")
    return found


def numbers_in_comparisons(source: str) -> list[str]:
    """Comparisons with a number written in place."""
    return [
        f"line {node.lineno}: {ast.unparse(compared)}"
        for compared in ast.walk(ast.parse(source))
        if isinstance(compared, ast.Compare)
        for node in ast.walk(compared)
        if isinstance(node, ast.Constant)
        and type(node.value) in {int, float}
        and node.value not in TRIVIAL
    ]


def used() -> set[str]:
    """The limits that anything outside their own package reads."""
    outside = (path for path in PACKAGE.rglob("*.py") if path.parent.name != "limits")
    trees = (ast.walk(ast.parse(path.read_text(encoding="utf-8"))) for path in outside)
    return {
        node.attr
        for node in chain.from_iterable(trees)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "limits"
    }


def all_limits() -> dict[str, float]:
    """Every limit by name."""
    return {name: value for name, value in vars(limits).items() if NAME.fullmatch(name)}


@pytest.mark.parametrize("path", RULES, ids=lambda path: f"{path.parent.name}/{path.stem}")
class TestEachModuleOfRules:
    def test_writes_no_number_into_a_text(self, path: Path) -> None:
        assert numbers_in_texts(path.read_text(encoding="utf-8")) == []

    def test_compares_with_no_number_written_in_place(self, path: Path) -> None:
        assert numbers_in_comparisons(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        'why = "under 200 cases"',
        'why = f"{rows:,.0f} rows, at most 5 %"',
        'Option(value="a", label="60 trials")',
        'texts = {"a": "Level 2 takes 13 weeks"}',
        'why = "E2 asks for 50"',
        'why = "Art. 22 within 30 days"',
        '@red_flag("RF11")\ndef f():\n    """Under 30 positives."""',
    ],
)
def test_a_threshold_in_a_text_is_seen(source: str) -> None:
    assert len(numbers_in_texts(source)) == 1


@pytest.mark.parametrize(
    "source",
    [
        'def f():\n    """At most 200."""',
        'why = f"{rows:,.3g} rows, F1, SR 26-2, 45 CFR 164.316(b)(2)(i), Level 2"',
        'why = "Arts. 19, 26(6); since 30 April 2026; ² and χ²"',
        'why = f"under {limits.E2_FEWEST_POSITIVES:,} cases"',
    ],
)
def test_names_and_docstrings_are_no_thresholds(source: str) -> None:
    assert numbers_in_texts(source) == []


@pytest.mark.parametrize("source", ["x < 50", "if not 1 / 3 <= x: ...", "x > 0.5 * rows"])
def test_a_threshold_in_a_comparison_is_seen(source: str) -> None:
    assert len(numbers_in_comparisons(source)) == 1


@pytest.mark.parametrize("source", ["x > 0", "2 <= x <= limits.D2_ONE_HOT_LEVELS", "y = 50"])
def test_bounds_are_no_thresholds(source: str) -> None:
    assert numbers_in_comparisons(source) == []


def test_every_limit_is_used_or_said_to_be_explained_only() -> None:
    unused = all_limits().keys() - used()
    assert unused - EXPLAINED_ONLY == set(), "neither compared with nor stated: remove or list it"
    assert EXPLAINED_ONLY - unused == set(), "listed as explained only, and used or gone"


def test_every_limit_that_is_read_exists() -> None:
    assert used() <= all_limits().keys() | {"of_rule"}


def test_every_limit_is_a_number_of_a_known_rule() -> None:
    for name, value in all_limits().items():
        assert name.partition("_")[0] in RULE_IDS, name
        assert type(value) in {int, float}, name


def test_limits_of_a_rule_are_its_own() -> None:
    found = limits.of_rule("E2")
    assert found["E2_FEWEST_POSITIVES"] == limits.E2_FEWEST_POSITIVES
    assert set(found) == {name for name in all_limits() if name.startswith("E2_")}
    assert limits.of_rule("E1") == {}
    assert {"E10_MINIMUM_GAIN"} <= set(limits.of_rule("E10"))
    assert not any(name.startswith("E10") for name in found)


def test_every_rule_is_one_of_the_rules() -> None:
    assert set(chain.from_iterable(map(limits.of_rule, RULE_IDS))) == set(all_limits())


# What is said twice, because a generated project stands alone -----------------------------


def constants_of(module: str) -> dict[str, Any]:
    """The literal constants of a module of the generated project, by name."""
    found: dict[str, Any] = {}
    for node in ast.parse((CORE / f"{module}.py").read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            target = node.targets[0]
            names = target.elts if isinstance(target, ast.Tuple) else [target]
            values = node.value.elts if isinstance(target, ast.Tuple) else [node.value]
            for name, value in zip(names, values, strict=True):
                if isinstance(name, ast.Name) and isinstance(value, ast.Constant):
                    found[name.id] = value.value
    return found


@pytest.mark.parametrize(
    ("module", "name", "limit"),
    [
        ("gates", "MISSING_WARN_FACTOR", limits.C5_MISSING_WARN_FACTOR),
        ("gates", "MISSING_FAIL_FACTOR", limits.C5_MISSING_FAIL_FACTOR),
        ("gates", "STANDARD_ERRORS", limits.C5_RATE_WARN_ERRORS),
        ("gates", "RATE_RATIO", limits.C5_RATE_FAIL_FACTOR),
        ("preprocessing", "FEW_LEVELS", limits.D2_ONE_HOT_LEVELS),
        ("preprocessing", "MANY_LEVELS", limits.D2_GROUPED_LEVELS),
        ("preprocessing", "GROUP_ROWS", limits.D2_GROUP_ROWS),
        ("preprocessing", "GROUP_SHARE", limits.D2_GROUP_SHARE),
        ("slices", "FEWEST_ROWS", limits.E10_SLICE_ROWS),
        ("slices", "FEWEST_POSITIVES", limits.E10_SLICE_POSITIVES),
        ("slices", "TOLERANCE", limits.E10_SLICE_LOSS),
        ("slices", "FEWEST_ROWS", limits.E11_GROUP_ROWS),
        ("slices", "FEWEST_POSITIVES", limits.E11_GROUP_CASES),
        ("slices", "SEGMENT_COLUMNS", limits.E11_SEGMENTS),
        ("intervals", "FEWEST_UNITS", limits.E9_FEWEST_WEEKS),
        ("promotion", "TOO_GOOD", limits.E12_TOO_GOOD_AUC),
    ],
)
def test_the_generated_project_keeps_the_limit(module: str, name: str, limit: float) -> None:
    assert constants_of(module)[name] == limit


def defaults_of(module: str, model: str) -> dict[str, Any]:
    """The defaults of a model of the generated project, by field."""
    tree = ast.parse((CORE / f"{module}.py").read_text(encoding="utf-8"))
    fields = next(n for n in ast.walk(tree) if isinstance(n, ast.ClassDef) and n.name == model).body
    found: dict[str, Any] = {}
    for node in fields:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
            value = node.value
            if isinstance(value, ast.Call):
                value = next(each.value for each in value.keywords if each.arg == "default")
            found[node.target.id] = ast.literal_eval(value)
    return found


def test_defaults_of_the_generated_contract_are_the_limits() -> None:
    assert defaults_of("contract", "Gates") == contract.Gates().model_dump()


def test_defaults_of_a_generated_roll_out_are_those_of_a_design() -> None:
    facts = facts_of(consumption="realtime", impact="high")
    design = make_design(facts, {"deployment_strategy": "shadow_canary"})
    asked = configuration.rollout_settings(design).model_dump()
    assert defaults_of("rollout", "RolloutSettings") == asked


def test_defaults_of_the_generated_service_are_the_limits() -> None:
    fields = configuration.ServingSettings.model_fields.items()
    limited = {name: field.default for name, field in fields if not field.is_required()}
    assert limited["parity_rows"] == limits.F2_PARITY_ROWS
    assert limited.items() <= defaults_of("serving_settings", "ServingSettings").items()


# What was measured follows from what is computed -----------------------------------------


@pytest.mark.parametrize(
    ("positives", "half_width"),
    [
        (limits.E4_TEST_POSITIVES, limits.E4_RECALL_HALF_WIDTH),
        (limits.E4_AMPLE_TEST_POSITIVES, limits.E4_AMPLE_RECALL_HALF_WIDTH),
        (limits.E4_NARROW_TEST_POSITIVES, limits.E4_NARROW_RECALL_HALF_WIDTH),
    ],
)
def test_the_half_width_that_is_stated_is_the_one_computed(
    positives: int, half_width: float
) -> None:
    assert training.recall_half_width(positives) == pytest.approx(half_width, abs=0.0005)


@pytest.mark.parametrize(
    ("rate", "lifted", "cases"),
    [
        (limits.F3_COMMON_RATE, limits.F3_COMMON_LIFTED_RATE, limits.F3_COMMON_CASES),
        (limits.F3_RARE_RATE, limits.F3_RARE_LIFTED_RATE, limits.F3_RARE_CASES),
    ],
)
def test_the_cases_that_are_stated_are_those_computed(
    deployment: ModuleType, rate: float, lifted: float, cases: int
) -> None:
    assert rate * (1 + limits.F3_LIFT) == pytest.approx(lifted)
    assert deployment.canary_cases(facts_of(positive_rate=rate)) == cases


@pytest.fixture
def deployment() -> ModuleType:
    from mlops_architecture.phases import deployment

    return deployment


def test_the_false_alarms_that_are_stated_are_those_computed() -> None:
    rings = 1 - (1 - limits.G1_NAIVE_P) ** limits.G1_NAIVE_FEATURES
    assert rings == pytest.approx(limits.G1_NAIVE_FALSE_ALARMS, abs=0.005)
