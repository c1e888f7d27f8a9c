"""What is measured of a table is what its values mean."""

import gzip
import os
import re
from ast import literal_eval
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mlops_architecture._table_view import MISSING_WORDS
from mlops_architecture.contract import make_contract
from mlops_architecture.data_profile import (
    ProfileError,
    check_columns,
    check_key,
    check_target,
    guess_entity,
    guess_event_time,
    guess_problem_type,
    guess_target,
    looks_personal,
    named_columns,
    profile_table,
)
from mlops_architecture.design import make_design
from mlops_architecture.fact_defaults import Sources, positive_class
from mlops_architecture.facts import ColumnProfile, Facts
from mlops_architecture.facts_told import facts_overview
from mlops_architecture.intake import as_facts, default_of, is_asked
from mlops_architecture.problem_statement import ProblemStatement
from rules.cases import category, number, table
from support import ROOT
from tables import TABLES, write


def test_the_churn_table_is_measured(churn: Path) -> None:
    profile = profile_table(churn, "left")
    assert profile.rows == 1200 and profile.duplicate_rows == 0
    assert profile.by_name["customer_id"].identifier
    assert profile.by_name["customer_id"].levels == ()
    charges = profile.by_name["total_charges"]
    assert charges.type == "number" and charges.stored_as_text and charges.missing > 0
    assert profile.classes == ("No", "Yes")
    assert sum(profile.class_shares) == pytest.approx(1)
    assert profile.by_name["contract"].target_auc > 0.55


def test_a_time_that_never_precedes_the_event_is_measured(tmp_path: Path) -> None:
    days = [datetime(2024, 1, 1) + timedelta(days=i) for i in range(40)]
    table = {
        "at": days,
        "done": [day + timedelta(hours=i % 4) for i, day in enumerate(days)],
        "due": [(day + timedelta(hours=9)).strftime("%d.%m.%Y %H:%M") for day in days],
        "seen": [day + timedelta(days=-1 if i == 7 else 1) for i, day in enumerate(days)],
        "y": range(40),
    }
    profile = profile_table(write(table, tmp_path / "t.csv"), "y", event_time="at")
    followed = {column.name: column.after_event for column in profile.columns}
    assert followed == {"at": 0, "done": 0.75, "due": 1, "seen": 0, "y": 0}
    assert profile.by_name["due"].format and profile.by_name["done"].target_r2 is not None


def test_the_time_of_the_file_is_measured(churn: Path) -> None:
    os.utime(churn, (1_767_225_600, 1_767_225_600.5))
    assert profile_table(churn, "left").written == "2026-01-01T00:00:00+00:00"


@pytest.mark.parametrize("kind", TABLES)
def test_target_kind_time_and_entity_are_guessed(kind: str, tmp_path: Path) -> None:
    make, target = TABLES[kind]
    profile = profile_table(write(make(), tmp_path / "t.csv"))
    expected = {"multiclass": "multiclass", "regression": "regression"}.get(kind, "binary")
    assert guess_target(profile) == target
    assert guess_problem_type(profile.by_name[target]) == expected
    assert guess_event_time(profile) == ("measured_at" if kind == "temporal" else "")
    assert guess_entity(profile) == {"temporal": "site", "grouped": "patient_id"}.get(kind, "")


@pytest.mark.parametrize(
    ("column", "kind", "source"),
    [
        (number("y", type="integer", distinct=14, minimum=1, maximum=14), "regression", "assumed"),
        (number("y", type="integer", distinct=14, minimum=1, maximum=20), "multiclass", "assumed"),
        (number("y", type="integer", distinct=10, minimum=0, maximum=9), "multiclass", "assumed"),
        (number("y", distinct=14, minimum=1.0, maximum=14.0), "multiclass", "assumed"),
        (number("y", distinct=21, minimum=0.0, maximum=9.5), "regression", "measured"),
        (number("y", type="integer", distinct=2, minimum=0, maximum=1), "binary", "measured"),
        (category("y", 14), "multiclass", "measured"),
    ],
)
def test_a_few_numbers_may_be_classes_or_counts_so_that_it_is_asked(
    column: ColumnProfile, kind: str, source: str
) -> None:
    sources = Sources(profile=table(1000, column), answers=(("target", "y"),))
    assert default_of("problem_type", sources) == (kind, source)
    assert is_asked("problem_type", sources) is (source == "assumed")


def test_a_leak_shows_as_an_auc_of_one(tmp_path: Path) -> None:
    labels = ["yes", "no", "no"] * 100
    leak = [1 if label == "yes" else 0 for label in labels]
    path = write({"x": range(300), "leak": leak, "y": labels}, tmp_path / "t.csv")
    assert profile_table(path, "y").by_name["leak"].target_auc == 1.0


def test_the_sizes_of_a_target_are_measured_whatever_its_sign(tmp_path: Path) -> None:
    balance = ["-400", "-0.5", "", "300", "200.5"] * 20
    path = write({"x": range(100), "balance": balance}, tmp_path / "t.csv")
    profile = profile_table(path, "balance", "regression")
    assert (profile.target_least_size, profile.target_median_size) == (0.5, 250.25)


@pytest.mark.parametrize(
    ("values", "type", "missing"),
    [
        (["1", "2", "3"], "integer", 0),
        (["1.5", "", "2"], "number", 1),
        (["1", " ", "NA"], "integer", 2),
        (["1", "#N/A", "-", "?"], "integer", 3),
        (["a", "-", "?"], "string", 0),
        (["01234", "00017", "99999"], "string", 0),
        (["true", "False", "TRUE"], "boolean", 0),
        (["2026-01-01", "2026-02-01 10:00", "2026-03-01T10:00:00Z"], "datetime", 0),
        (["31.12.2025", "01.02.2026", "15.03.2026"], "datetime", 0),
        (["NA", "none", "b"], "string", 0),
        (["1_000", "2", "3"], "string", 0),
        (["1", "x", "3"], "string", 0),
    ],
)
def test_types_are_what_values_mean(
    values: list[str], type: str, missing: int, tmp_path: Path
) -> None:
    path = write({"a": values * 10, "b": range(10 * len(values))}, tmp_path / "t.csv")
    column = profile_table(path).by_name["a"]
    assert (column.type, column.missing) == (type, 10 * missing)


def test_what_is_missing_is_missing_in_the_generated_project_too() -> None:
    package = ROOT / "template/src/{{package_name}}"
    coercion = (package / "core/coercion.py").read_text("utf-8")
    found = re.search(r"^MISSING_WORDS = (\(.*\))$", coercion, re.MULTILINE)
    assert found and set(literal_eval(found[1])) == {"", *literal_eval(MISSING_WORDS)}


@pytest.mark.parametrize(
    ("name", "values", "strays"),
    [
        ("revenue", [*range(100), "unknown"], ("unknown",)),
        ("price", ["$1", "$2.50", "$1", " -$3", "$1,200.00"] * 9, ("$1", "$1,200.00", "$2.50")),
        ("share", ["5%", "7.5 %"] * 9, ("5%", "7.5 %")),
        ("installs", ["10+", "1,000+", 5] * 9, ("1,000+", "10+")),
        ("people", ["999", "1,234", "NA"] * 9, ("1,234",)),
        ("size", [*range(9), "varies"], ()),
        ("plan", ["a", "b"] * 9, ()),
        ("zip", ["01234", "99999", "5+"] * 9, ()),
        ("InvoiceNo", [*range(100), "unknown"], ()),
        ("phone", [f"+4912345{i}" for i in range(40)], ()),
        ("day", ["31.12.2025", "01.02.2026"] * 9, ()),
    ],
)
def test_numbers_among_which_something_stands_are_no_identifier(
    name: str, values: list[Any], strays: tuple[str, ...], tmp_path: Path
) -> None:
    path = write({name: values, "y": range(len(values))}, tmp_path / "t.csv")
    column = profile_table(path).by_name[name]
    assert column.strays == strays
    assert not (strays and column.identifier)


@pytest.mark.parametrize(("problem_type", "many"), [("", True), ("regression", False)])
def test_a_target_of_numbers_in_text_is_told_to_be_saved_as_numbers(
    problem_type: str, many: bool, tmp_path: Path
) -> None:
    amounts = [f"${i if many else 1 + i % 9},000 " for i in range(100, 300)]
    profile = profile_table(write({"x": range(200), "amount": amounts}, tmp_path / "t.csv"))
    objection = check_target(profile, "amount", problem_type)
    assert "save plain numbers" in objection and "$1" in objection
    assert "identifier" not in objection and "group" not in objection


@pytest.mark.parametrize(
    "form",
    [
        "%d.%m.%Y", "%d.%m.%Y %H:%M", "%d/%m/%Y", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %I:%M %p",
        "%d %b %Y", "%d-%b-%Y", "%b %d, %Y", "%d. %B %Y", "%B %d, %Y",
    ],
)  # fmt: skip
def test_times_are_read_as_people_write_them(form: str, tmp_path: Path) -> None:
    days = [datetime(2024, 1, 1) + timedelta(days=9 * day, hours=day % 24) for day in range(40)]
    columns = {"seen_at": [day.strftime(form) for day in days], "y": [1, 0] * 20}
    profile = profile_table(write(columns, tmp_path / "t.csv"), "y", event_time="seen_at")
    assert (profile.by_name["seen_at"].type, profile.by_name["seen_at"].format) == (
        "datetime", form,
    )  # fmt: skip
    assert profile.first_event.startswith("2024-01-01")
    assert profile.last_event.startswith("2024-12-17")


@pytest.mark.parametrize(
    ("times", "form"),
    [
        ([f"01/{month:02}/2024" for month in range(1, 13)], "%d/%m/%Y"),
        ([f"{month:02}/01/2024" for month in range(1, 13)], "%m/%d/%Y"),
        ([f"{day:02}/03/2024" for day in range(1, 8)], "%d/%m/%Y"),
        ([f"03/{day:02}/2024" for day in range(1, 8)], "%m/%d/%Y"),
        ([f"01/{day:02}/2024 0{day}:00" for day in range(1, 8)], "%m/%d/%Y %H:%M"),
        ([f"{day:02}/01/2024 0{day}:00" for day in range(1, 8)], "%d/%m/%Y %H:%M"),
    ],
)
def test_dates_that_could_be_either_way_are_read_as_the_table_as_a_whole_suggests(
    times: list[str], form: str, tmp_path: Path
) -> None:
    path = write({"seen_at": times * 6, "y": range(6 * len(times))}, tmp_path / "t.csv")
    assert profile_table(path).by_name["seen_at"].format == form


def test_a_time_that_cannot_be_read_is_told_how_to_be_written(tmp_path: Path) -> None:
    days = [f"{1 + day % 28:02}.{1 + day // 28:02}.24" for day in range(40)]
    profile = profile_table(write({"seen_at": days, "y": [1, 0] * 20}, tmp_path / "t.csv"), "y")
    assert "2024-09-30" in check_key(profile, "event_time", "seen_at")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "utf-16"])
def test_common_delimiters_and_encodings_are_read(
    delimiter: str, encoding: str, tmp_path: Path
) -> None:
    lines = [delimiter.join(("größe", "ja")), *(delimiter.join((str(i), "né")) for i in range(40))]
    path = tmp_path / "t.csv"
    path.write_bytes("\n".join(lines).encode(encoding))
    profile = profile_table(path)
    assert [column.name for column in profile.columns] == ["größe", "ja"]
    assert profile.rows == 40 and profile.by_name["ja"].levels == ("né",)


def test_a_table_in_windows_1252_is_refused_rather_than_read_wrongly(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("price in €,ja\n" + "1,0\n2,1\n" * 20, "cp1252")
    with pytest.raises(ProfileError, match=r"t\.csv is in Windows-1252 .*: save it as UTF-8\."):
        profile_table(path)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a,b\n1,2\n3,secret,4\n", "line 3 has 3 columns where the header has 2. Correct it; a "),
        ('a,b\n1,"secret\n2,y\n', "line 2 breaks off inside double quotes or is too long."),
    ],
)
def test_a_broken_line_is_named_with_what_to_do_and_without_its_values(
    text: str, told: str, tmp_path: Path
) -> None:
    (tmp_path / "t.csv").write_text(text, "utf-8")
    with pytest.raises(ProfileError) as refused:
        profile_table(tmp_path / "t.csv")
    assert told in str(refused.value) and "secret" not in str(refused.value)


def test_columns_without_a_name_are_named_by_their_place(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a;b;;\n" + "1;2;;\n" * 40, "utf-8")
    profile = profile_table(tmp_path / "t.csv")
    assert [column.name for column in profile.columns] == ["a", "b", "column2", "column3"]


def test_a_value_is_the_same_with_blanks_around_it(tmp_path: Path) -> None:
    values = {"plan": ["a", " a", "a\t", "b "] * 10, "y": ["nein", "ja ", "ja", "ja"] * 10}
    profile = profile_table(write(values, tmp_path / "t.csv"), "y")
    assert profile.by_name["plan"].levels == ("a", "b")
    assert profile.classes == ("ja", "nein")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("0.00632,18.00,a", "1.5,2.5,b"),
        ("5,1,a", "3,2,b"),
        ("39,State-gov,77516", "50,Private,83311"),
        ("7,0", "8,1"),
    ],
)
def test_a_table_without_names_of_columns_is_refused(
    tmp_path: Path, first: str, second: str
) -> None:
    path = tmp_path / "t.csv"
    path.write_text(f"{first}\n" + f"{second}\n" * 40, "utf-8")
    name = first.partition(",")[0].replace(".", r"\.")
    with pytest.raises(ProfileError, match=f"'{name}' is named like a value. If the first line"):
        profile_table(path)


@pytest.mark.parametrize(
    ("names", "row"),
    [
        ("401.5,y", "1.5,1"),
        ("401.5,402,402.5,kind", "1,2,3,a"),
        (",0,1", "0,5.5,1"),
        ("1,y", "a,b"),
    ],
)
def test_names_that_are_numbers_are_names_where_the_values_are_of_another_kind_or_they_count(
    tmp_path: Path, names: str, row: str
) -> None:
    path = tmp_path / "t.csv"
    path.write_text(f"{names}\n" + f"{row}\n" * 40, "utf-8")
    assert profile_table(path).rows == 40


def test_a_compressed_table_is_read(tmp_path: Path) -> None:
    path = tmp_path / "t.csv.gz"
    path.write_bytes(gzip.compress(b"a,b\n" + b"1,x\n2,y\n" * 20))
    assert profile_table(path).rows == 40


def test_a_parquet_table_is_read(tmp_path: Path) -> None:
    import duckdb

    path = tmp_path / "t.parquet"
    duckdb.sql(f"COPY (SELECT range AS n, range % 2 = 0 AS even FROM range(50)) TO '{path}'")
    profile = profile_table(path, "even")
    assert profile.by_name["even"].type == "boolean"
    assert profile.classes == ("false", "true")


def test_an_infinite_number_is_missing_and_the_column_stays_a_number(tmp_path: Path) -> None:
    import duckdb

    path = tmp_path / "t.parquet"
    values = "CASE WHEN range = 3 THEN 'inf'::DOUBLE ELSE range + 0.5 END"
    duckdb.sql(f"COPY (SELECT {values} AS x, range AS n FROM range(50)) TO '{path}'")
    column = profile_table(path).by_name["x"]
    assert (column.type, column.missing, column.identifier) == ("number", 1, False)


def test_the_format_of_dates_is_recorded(tmp_path: Path) -> None:
    days = [f"{day:02}.12.2025" for day in range(1, 31)]
    table = write({"when": days, "x": range(30)}, tmp_path / "t.csv")
    profile = profile_table(table, "x", "", "when")
    assert profile.by_name["when"].format == "%d.%m.%Y"
    assert profile.seconds_between_events == 86_400


@pytest.mark.parametrize("others", [[], ["14", "-200"], ["NA", "1.234"]])
def test_decimal_commas_are_refused_with_the_remedy(others: list[str], tmp_path: Path) -> None:
    prices = [*others, *["1.234,50", "2,5"] * 20][:40]
    path = write({"price": prices, "y": range(40)}, tmp_path / "t.csv")
    with pytest.raises(ProfileError, match="decimal point"):
        profile_table(path)


def test_the_days_that_a_table_spans_are_measured(tmp_path: Path) -> None:
    days = [f"2025-12-{day:02}" for day in range(1, 31)]
    table = write({"when": days, "x": range(30)}, tmp_path / "t.csv")
    assert profile_table(table, "x", "", "when").span_days == 29
    assert profile_table(table, "x").span_days is None


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12).filter(
            lambda name: name.strip() == name
        ),
        min_size=2,
        max_size=5,
        unique_by=str.casefold,
    )
)
def test_any_column_name_is_data_and_never_sql(tmp_path: Path, names: list[str]) -> None:
    named = [*names, "nothing but a name"]
    path = write({name: [1, 2, 3] for name in named}, tmp_path / "t.csv")
    profile = profile_table(path, names[0])
    assert [column.name for column in profile.columns] == named


@pytest.mark.parametrize("name", ["email", "E-Mail", "first_name", "birthdate", "phone_number"])
def test_names_of_personal_columns_are_recognised(name: str) -> None:
    assert looks_personal(name)


def test_an_ordinary_column_is_not_personal() -> None:
    assert not looks_personal("PhoneService") and not looks_personal("tenure")


@pytest.mark.parametrize(
    ("name", "message"),
    [("missing.csv", "no file"), ("folder", "folder"), ("table.xlsx", "neither CSV nor Parquet")],
)
def test_what_is_no_table_is_refused(name: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "table.xlsx").write_bytes(b"PK\x03\x04")
    with pytest.raises(ProfileError, match=message):
        profile_table(tmp_path / name)


def test_an_absent_target_names_the_closest_columns(churn: Path) -> None:
    assert "'left'" in check_target(profile_table(churn), "lefft")


@pytest.mark.parametrize(
    ("name", "column", "message"),
    [
        ("event_time", "when", "no column"),
        ("event_time", "tenure", "no times"),
        ("entity_key", "customer", "'customer_id'"),
        ("entity_key", "customer_id", ""),
        ("event_time", "", ""),
    ],
)
def test_an_unusable_time_or_entity_is_refused(
    churn: Path, name: str, column: str, message: str
) -> None:
    objection = check_key(profile_table(churn), name, column)
    assert message in objection and bool(objection) == bool(message)


@pytest.mark.parametrize(
    "given",
    ["tip; b, c;total", "tip,b, c, total", "[tip, 'b, c', total]", ["tip", "b, c", "total"]],
)
def test_columns_are_listed_with_semicolons_or_commas_and_a_whole_name_wins(given: object) -> None:
    profile = table(9, *map(number, ("b", "tip", "total", "b, c")))
    assert named_columns(given, profile.by_name) == ("tip", "b, c", "total")
    assert check_columns(profile, "post_outcome_columns", given) == ""


@pytest.mark.parametrize("given", ["totall", "tip,totall", "tip; totall"])
def test_a_listed_column_that_the_table_lacks_is_refused_with_close_ones(given: str) -> None:
    profile = table(9, *map(number, ("tip", "total")))
    objection = check_columns(profile, "post_outcome_columns", given)
    assert "no column 'totall'" in objection and "for example 'total'" in objection


@pytest.mark.parametrize(
    ("target", "problem_type", "message"),
    [
        ("contract", "regression", "needs numbers"),
        ("contract", "binary", "binary needs two"),
        ("left", "multiclass", "two values"),
        ("customer_id", "", "identifier"),
        ("left", "binary", ""),
    ],
)
def test_a_target_of_the_wrong_kind_is_refused(
    churn: Path, target: str, problem_type: str, message: str
) -> None:
    objection = check_target(profile_table(churn), target, problem_type)
    assert message in objection and bool(objection) == bool(message)


def test_of_two_classes_the_one_named_so_or_the_rarer_is_positive_and_asked_for_where_commoner(
    churn: Path,
) -> None:
    def facts(shares: dict[str, float], **answers: object) -> Facts:
        profile = table(
            100, number("x"), classes=tuple(shares), class_shares=tuple(shares.values())
        )
        given = {"problem_type": "binary"} | answers
        return as_facts("p", Sources(profile=profile, answers=tuple(given.items())))

    rare = facts({"churn": 0.1, "stays": 0.9})
    assert (rare.positive_class, rare.positive_rate) == ("churn", 0.1)
    assert facts({"ja": 0.1, "nein": 0.9}).source("positive_class") == "derived"
    assert facts({"died": 0.9, "lived": 0.1}).positive_class == "lived"
    launches = {"false": 0.1, "true": 0.9}
    common = facts(launches)
    assert (common.positive_class, common.positive_rate) == ("true", 0.9)
    assert common.source("positive_class") == "assumed"
    failing = facts(launches, positive_class="false")
    assert (failing.positive_rate, make_contract(failing, "stop").positive_class) == (0.1, "false")
    assert facts({"a": 0.2, "b": 0.3, "c": 0.5}, problem_type="multiclass").positive_class == ""
    profile = table(100, number("x"), classes=("false", "true"), class_shares=(0.1, 0.9))
    told = Sources(statement=ProblemStatement(positive_class="False"), profile=profile)
    assert positive_class(told) == ("false", "stated")


def test_rows_without_an_outcome_are_no_evidence(tmp_path: Path) -> None:
    values = {"x": range(1000), "y": [str(n % 9) if n < 400 else "" for n in range(1000)]}
    profile = profile_table(write(values, tmp_path / "t.csv"), "y", "regression")
    answers = (("target", "y"), ("problem_type", "regression"))
    facts = as_facts("p", Sources(profile=profile, answers=answers))
    assert (facts.rows, facts.n_positive, facts.labels) == (1000, 400, "partial")
    assert facts.source("labels") == "measured"
    overview = facts_overview(facts)
    assert "60 % of the rows have no value in y: 400 are left" in overview
    begins = {name: overview.index(f"  {name} ") for name in ("target", "stability", "rows", "ci")}
    assert sorted(begins, key=lambda name: begins[name]) == ["stability", "ci", "target", "rows"]
    design = make_design(facts, {})
    reasons = {each.proposal.decision: each.proposal.reason for each in design.decisions.entries}
    assert "25 % leaves 100 rows to test on" in reasons["training_test_share"]
    assert "(600 without a value in y)" in reasons["data_ingestion"]


@pytest.mark.parametrize(("steps", "delay"), [(60, 30), (400, 3)])
def test_a_label_delay_is_assumed_from_a_table_of_many_steps_and_its_reasons_say_so(
    steps: int, delay: int
) -> None:
    day = 86_400.0
    profile = table(
        steps, number("x"), event_time="at", first_event="2024-01-01",
        last_event=str(date(2024, 1, 1) + timedelta(days=steps)), seconds_between_events=day,
    )  # fmt: skip
    sources = Sources(profile=profile, answers=(("event_time", "at"),))
    facts = as_facts("p", sources)
    assert facts.source("label_delay_days") == "assumed" and is_asked("label_delay_days", sources)
    assert facts.label_delay_days == delay
    split = make_design(facts, {}).decisions.find("training_split")
    said = "3 days (assumed: three steps of the table)" if delay == 3 else "30 days (assumed)"
    assert said in split.proposal.reason
