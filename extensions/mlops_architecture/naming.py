"""Names that become folders, packages and identifiers."""

from __future__ import annotations

import keyword
import re
import sys
import unicodedata

_PROJECT_NAME = re.compile(r"[A-Za-z][A-Za-z0-9 _.-]{0,38}[A-Za-z0-9]|[A-Za-z]")
_TAKEN = {
    "core", "duckdb", "ibis", "interpret", "joblib", "lightgbm", "matplotlib", "mlflow", "numpy",
    "optuna", "pandas", "pyarrow", "pydantic", "rich", "scipy", "sklearn", "skops", "src", "tests",
    "typer", "yaml", "zenml",
}  # fmt: skip


def check_project_name(name: str) -> str:
    """An objection to `name`, or an empty string."""
    if _PROJECT_NAME.fullmatch(name):
        return ""
    return (
        "A project name starts with a letter and has at most 40 letters, digits, spaces, "
        "dots, hyphens or underscores (ASCII)."
    )


def project_name_from(folder: str) -> str:
    """A valid project name made from a folder's name; `my-model` where nothing is left."""
    ascii_only = unicodedata.normalize("NFKD", folder).encode("ascii", "ignore").decode()
    name = re.sub(r"[^A-Za-z0-9 _.-]+", "-", ascii_only)
    name = re.sub(r"^[^A-Za-z]+", "", name)[:40]
    name = re.sub(r"[^A-Za-z0-9]+$", "", name)
    return name or "my-model"


def package_name_from(project_name: str) -> str:
    """An importable package name that hides no other module: `My model` → `my_model`."""
    name = re.sub(r"[^a-z0-9]+", "_", project_name.lower()).strip("_") or "my_model"
    if name[0].isdigit():
        name = f"model_{name}"
    reserved = keyword.iskeyword(name) or keyword.issoftkeyword(name)
    if reserved or name in _TAKEN or name in sys.stdlib_module_names:
        name = f"{name}_model"
    return name


def check_package_name(name: str) -> str:
    """An objection to `name`, or an empty string."""
    if re.fullmatch(r"[a-z][a-z0-9_]{0,46}", name) and package_name_from(name) == name:
        return ""
    return "A package name is lower-case ASCII with underscores and hides no other module."


def distribution_name_from(project_name: str) -> str:
    """The normalised distribution name (PEP 503): `My model` → `my-model`."""
    return package_name_from(project_name).replace("_", "-")
