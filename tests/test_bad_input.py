"""Bad input gets a sentence that says what, where and what to do, and writes nothing."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from copier.errors import UserMessageError
from support import ROOT, generate
from tables import TABLES as MADE
from tables import write

Writer = Callable[[Path], None]


def text(content: str) -> Writer:
    return lambda path: path.write_text(content, encoding="utf-8") and None


TABLES: dict[str, tuple[Writer, str]] = {
    "empty": (text(""), "empty"),
    "header only": (text("a,b,left\n"), "no rows"),
    "binary": (lambda path: path.write_bytes(bytes(range(256)) * 40) and None, "text"),
    "duplicate column names": (text("a,a,left\n1,2,Yes\n3,4,No\n"), "a"),
    "one column": (text("left\nYes\nNo\n"), "column"),
    "10,000 columns": (
        text(",".join(f"c{i}" for i in range(10_000)) + "\n" + ",".join("1" * 10_000) + "\n"),
        "10,000",
    ),
    "target absent": (text("a,b\n1,2\n3,4\n" * 50), "left"),
    "target constant": (text("a,left\n" + "".join(f"{i},Yes\n" for i in range(80))), "left"),
    "target all missing": (text("a,left\n" + "".join(f"{i},\n" for i in range(80))), "left"),
    "target unique per row": (text("a,left\n" + "".join(f"1,x{i}\n" for i in range(80))), "left"),
}


@pytest.mark.parametrize("case", TABLES)
def test_a_table_that_cannot_be_learned_from_is_refused(
    case: str, template: Path, tmp_path: Path
) -> None:
    write, mentioned = TABLES[case]
    table = tmp_path / "table.csv"
    write(table)
    with pytest.raises(UserMessageError) as refusal:
        generate(template, tmp_path / "p", data_file=str(table), target="left")
    assert mentioned in str(refusal.value)
    assert not (tmp_path / "p").exists()


STATEMENTS: dict[str, tuple[Writer, str]] = {
    "empty": (text("  \n"), "empty"),
    "huge": (text("x" * 2_000_000), "MB"),
    "binary": (lambda path: path.write_bytes(bytes(range(256)) * 9) and None, "text"),
    "about images": (
        text("# Problem\n## ML Formulation\n- **Problem type**: image classification\n"),
        "image",
    ),
    "about forecasting": (
        text("# Problem\n## ML Formulation\n- **Problem type**: time series forecasting\n"),
        "forecasting",
    ),
    "without labels": (
        text("# Problem\n## Data Summary\n- **Label availability**: none\n"),
        "No labels",
    ),
}


@pytest.mark.parametrize("case", STATEMENTS)
def test_a_statement_that_cannot_be_served_is_refused(
    case: str, template: Path, tmp_path: Path
) -> None:
    write, mentioned = STATEMENTS[case]
    statement = tmp_path / "statement.md"
    write(statement)
    with pytest.raises(UserMessageError) as refusal:
        generate(template, tmp_path / "p", problem_statement=str(statement))
    assert mentioned in str(refusal.value)
    assert not (tmp_path / "p").exists()


@pytest.mark.parametrize(
    ("answers", "mentioned"),
    [
        ({"team_sise": 3}, "team_size"),
        ({"team_size": "many"}, "number"),
        ({"positive_rate": 26.5}, "0.265"),
        ({"cloud": "digitalocean"}, "cloud"),
        ({"data_plan": "yes"}, "good"),
        ({"data_engine": "excel"}, "data_engine"),
        ({"approval": "later"}, "approve"),
        ({"project_name": 'a"b'}, "letter"),
        ({"project_name": "a/b"}, "letter"),
        ({"project_name": "a\nb"}, "letter"),
        ({"project_name": "🚀"}, "letter"),
        ({"project_name": "2fast"}, "letter"),
        ({"owner": "a\x00b"}, "U+0000"),
        ({"data_file": "/nowhere/table.csv"}, "/nowhere/table.csv"),
        ({"problem_statement": "/nowhere/statement.md"}, "/nowhere/statement.md"),
        ({"labels": "none"}, "No labels"),
        ({"regulations": ["gdpr", "dora"]}, "dora"),
        ({"unseen_entities": "perhaps"}, "true or false"),
    ],
)
def test_answers_from_outside_are_checked(
    answers: dict[str, object], mentioned: str, template: Path, tmp_path: Path
) -> None:
    with pytest.raises(UserMessageError) as refusal:
        generate(template, tmp_path / "p", **answers)
    assert mentioned in str(refusal.value)
    assert not (tmp_path / "p").exists()


CONTRADICTORY: list[tuple[dict[str, object], tuple[str, ...]]] = [
    ({"labels": "none", "positive_rate": 0.03}, ("labels is none (-d)", "0.03 (-d)")),
    ({"consumption": "batch", "latency_ms": 5}, ("batch (-d)", "latency_ms is 5 (-d)")),
    ({"cost_false_positive": 20, "cost_false_negative": 0}, ("20 (-d)", "ratio is zero")),
    ({"save_rate": 0, "cost_false_negative": 240}, ("save_rate is 0 (-d)", "240 (-d)")),
    ({"problem_type": "regression", "primary_metric": "roc_auc"}, ("regression", "roc_auc")),
    ({"regulations": ["gdpr"], "personal_data": "none"}, ("gdpr (-d)", "none (-d)")),
    ({"unseen_entities": "true", "entity_key": ""}, ("unseen_entities is yes", "entity_key is –")),
    ({"regulations": "[gdpr, none]"}, ("regulations is gdpr, none",)),
]


@pytest.mark.parametrize(("answers", "mentioned"), CONTRADICTORY)
def test_facts_that_contradict_each_other_are_refused_with_both(
    answers: dict[str, object], mentioned: tuple[str, ...], template: Path, tmp_path: Path
) -> None:
    with pytest.raises(UserMessageError) as refusal:
        generate(template, tmp_path / "p", **answers)
    said = str(refusal.value)
    assert "Which holds?" in said
    assert all(each in said for each in (*mentioned, *(f"-d {name}=" for name in answers)))
    assert not (tmp_path / "p").exists()


def test_a_statement_that_contradicts_an_answer_is_refused_with_both_origins(
    template: Path, tmp_path: Path
) -> None:
    statement = tmp_path / "statement.md"
    statement.write_text("# Fast\n## Constraints\n- **Latency**: real time, within 50 ms\n")
    with pytest.raises(UserMessageError) as refusal:
        generate(template, tmp_path / "p", problem_statement=str(statement), consumption="batch")
    assert "batch (-d)" in str(refusal.value)
    assert "50 (stated in the problem statement)" in str(refusal.value)
    assert not (tmp_path / "p").exists()
    given = {"consumption": "batch", "latency_ms": 0}
    assert generate(template, tmp_path / "p", problem_statement=str(statement), **given).is_dir()


def test_a_table_that_contradicts_an_answer_is_refused_with_both_origins(
    template: Path, tmp_path: Path, churn: Path
) -> None:
    with pytest.raises(UserMessageError) as refusal:
        generate(template, tmp_path / "p", data_file=str(churn), target="left", labels="none")
    assert "none (-d)" in str(refusal.value)
    assert "(measured in the table)" in str(refusal.value)
    assert not (tmp_path / "p").exists()


def test_a_late_column_that_the_table_lacks_is_refused(
    template: Path, tmp_path: Path, churn: Path
) -> None:
    with pytest.raises(UserMessageError, match=r"no column 'tenur': .* for example 'tenure'"):
        generate(template, tmp_path / "p", data_file=str(churn), target="left",
                 post_outcome_columns="contract,tenur")  # fmt: skip
    assert not (tmp_path / "p").exists()


def test_labels_later_than_the_table_is_long_are_refused(template: Path, tmp_path: Path) -> None:
    make, target = MADE["temporal"]
    table = write(make(), tmp_path / "table.csv")
    with pytest.raises(UserMessageError) as refusal:
        generate(template, tmp_path / "p", data_file=str(table), target=target, label_delay_days=90)
    assert "90 (-d)" in str(refusal.value) and "41.6 days" in str(refusal.value)
    assert not (tmp_path / "p").exists()


def test_an_answer_that_ends_a_contradiction_of_the_statement_is_taken(
    template: Path, tmp_path: Path
) -> None:
    statement = tmp_path / "statement.md"
    statement.write_text(
        "# P\n## Data Summary\n- **Label availability**: none\n- **Positive rate**: 3 %\n"
    )
    with pytest.raises(UserMessageError, match="Which holds"):
        generate(template, tmp_path / "p", problem_statement=str(statement))
    with pytest.raises(UserMessageError, match="No labels"):
        generate(template, tmp_path / "p", problem_statement=str(statement), positive_rate=0)
    given = {"problem_statement": str(statement), "labels": "available"}
    assert generate(template, tmp_path / "p", **given).is_dir()


def test_a_keyword_as_project_name_becomes_an_importable_package(
    template: Path, tmp_path: Path
) -> None:
    project = generate(template, tmp_path / "p", project_name="class")
    assert (project / "src" / "class_model").is_dir()


def test_a_destination_with_files_of_its_own_keeps_them(template: Path, tmp_path: Path) -> None:
    project = tmp_path / "p"
    (project / "src").mkdir(parents=True)
    (project / "README.md").write_text("mine")
    with pytest.raises(UserMessageError) as refusal:
        generate(template, project)
    assert "README.md" in str(refusal.value)
    assert (project / "README.md").read_text() == "mine"
    assert not (project / "architecture.md").exists()


def copier_cli(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "copier", "copy", "--defaults", *arguments],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )


def test_without_trust_copier_says_so_and_writes_nothing(template: Path, tmp_path: Path) -> None:
    run = copier_cli(str(template), str(tmp_path / "p"))
    assert run.returncode == 4
    assert "--trust" in run.stderr and "Traceback" not in run.stderr
    assert not (tmp_path / "p").exists()


def test_a_refusal_on_the_command_line_is_one_sentence(template: Path, tmp_path: Path) -> None:
    run = copier_cli("--trust", "-d", "data_file=/nowhere.csv", str(template), str(tmp_path / "p"))
    assert run.returncode == 1
    assert "/nowhere.csv" in run.stderr and "Traceback" not in run.stderr


def test_contradictory_answers_on_the_command_line_get_one_sentence(
    template: Path, tmp_path: Path
) -> None:
    given = ["-d", "consumption=batch", "-d", "latency_ms=5", "-d", "team_size=2"]
    run = copier_cli("--trust", *given, str(template), str(tmp_path / "p"))
    assert run.returncode == 1
    assert "consumption is batch (-d), and latency_ms is 5 (-d)" in run.stderr
    assert "Traceback" not in run.stderr
    assert not (tmp_path / "p").exists()


def test_the_settings_refuse_a_copier_that_would_ignore_the_flow() -> None:
    settings = (ROOT / "copier.yml").read_text("utf-8")
    assert '_min_copier_version: "9.19.0"' in settings


def test_a_number_that_the_table_shows_to_be_another_is_refused_with_both(
    template: Path, tmp_path: Path, churn: Path
) -> None:
    with pytest.raises(UserMessageError, match=r"rows is 10 \(-d\), and in the table it is 1,200"):
        generate(template, tmp_path / "p", data_file=str(churn), target="left", rows=10)
    assert not (tmp_path / "p").exists()
