"""Text from people and files arrives unharmed in every format, or is refused."""

import tomllib

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from mlops_architecture import text
from pydantic import BaseModel

anything = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=80)


class Row(BaseModel):
    name: str = ""


class Note(BaseModel):
    words: str
    rows: list[Row] = []


@given(anything)
def test_toml_strings_read_back_as_written(value: str) -> None:
    assert tomllib.loads(f"x = {text.toml(value)}") == {"x": value}


@given(anything)
def test_yaml_reads_back_as_written_also_on_one_line(value: str) -> None:
    note = Note(words=value, rows=[Row(name=value)])
    read = yaml.safe_load(text.to_yaml(note, one_line=("rows",)))
    assert read["words"] == value
    assert read["rows"] == [{"name": value} if value else {}]


@given(anything)
def test_markdown_never_ends_a_table_cell_or_a_line(value: str) -> None:
    for written in (text.markdown(value), text.code(value)):
        assert "\n" not in written and "\r" not in written
        assert "|" not in written.replace("\\|", "")


@given(anything)
def test_mermaid_labels_hold_no_quote_or_bracket(value: str) -> None:
    assert not set('"[]{}<>|`:') & set(text.mermaid(value))


@pytest.mark.parametrize(
    ("label", "reason", "said"),
    [
        ("None", "None: no images are built.", "No images are built."),
        ("Local folder", "A folder: one person.", "A folder: one person."),
        ("None", "No service runs.", "No service runs."),
    ],
)
def test_an_opening_that_repeats_the_label_is_left_out(label: str, reason: str, said: str) -> None:
    assert text.without_echo(label, reason) == said


def test_clauses_become_sentences_and_labels_fit_into_them() -> None:
    assert text.sentence("name one") == "Name one."
    assert text.sentence("Done.") == "Done."
    assert text.lower_first("The ZenML stack") == "the ZenML stack"
    assert text.lower_first("ROC AUC") == "ROC AUC"
    assert text.lower_first("LightGBM trees") == "LightGBM trees"
    assert text.lower_first("") == ""


@pytest.mark.parametrize("value", ["a\x00b", "a\u2028b", "a\x85b", "a\nb", "\ud800", "\x7f"])
def test_control_characters_are_refused_with_their_code(value: str) -> None:
    assert "U+" in text.check_free_text(value)


@pytest.mark.parametrize("value", ["", "Größe – 20 €", "{{ x }}", "🚀", "a'b\"c", "שלום"])
def test_ordinary_text_of_any_language_is_accepted(value: str) -> None:
    assert text.check_free_text(value) == ""
