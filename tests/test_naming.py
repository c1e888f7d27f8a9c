"""Names become folders, packages and identifiers: they must be safe whatever was typed."""

import keyword
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mlops_architecture import naming


@pytest.mark.parametrize("name", ["churn", "Churn model", "my-model", "v2.1 churn", "A"])
def test_ordinary_names_are_accepted(name: str) -> None:
    assert naming.check_project_name(name) == ""


@pytest.mark.parametrize(
    "name",
    [
        "",
        "2fast",
        'a"b',
        "a\nb",
        "a/b",
        "../x",
        "🚀",
        "a" * 41,
        "-x",
        "x-",
        "~",
        "a{{b}}",
        "class\t",
    ],
)
def test_names_that_would_break_a_path_are_refused_with_the_rule(name: str) -> None:
    assert "starts with a letter" in naming.check_project_name(name)


@pytest.mark.parametrize(
    ("project", "package"),
    [
        ("My Model", "my_model"),
        ("class", "class_model"),
        ("match", "match_model"),
        ("json", "json_model"),
        ("pandas", "pandas_model"),
        ("v2.1 churn", "v2_1_churn"),
    ],
)
def test_packages_are_importable_and_hide_no_module(project: str, package: str) -> None:
    assert naming.package_name_from(project) == package


@given(st.text(max_size=60))
def test_any_folder_name_gives_a_valid_project_and_package(folder: str) -> None:
    project = naming.project_name_from(folder)
    assert naming.check_project_name(project) == ""
    package = naming.package_name_from(project)
    assert package.isidentifier() and not keyword.iskeyword(package)
    assert package not in sys.stdlib_module_names
    assert naming.check_package_name(package) == ""
