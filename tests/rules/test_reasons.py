"""A reason is a sentence that somebody can read later; a waiver names who takes the risk."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mlops_architecture.reasons import (
    OWED,
    Waiver,
    is_owed,
    read_waiver,
    reason_objection,
    waiver_objection,
)

REASONS = [
    "The call centre needs the score within the call",
    "Labels arrive daily, measured in May",
    "Wir haben nur 3 Leute und kein Kubernetes",
    "Наша команда уже использует Spark",
    "no two stores share a customer",
    "Because the regulator asks for it",
    "It is what the contract with the bank says.",
    "That has nothing to do with the money at stake",
    "The case has to be decided within the call",
    "Todo el equipo ya usa Spark",
    "The budget is not yet set, so nobody may be hired for it",
    "We will know the outcome later than the call itself",
    "Ask us for the contract with the bank: it says so",
    "The elasticity of prices is not yet known to anybody in the market",
    "Later labels would re-learn the same rows",
    "模型只用于内部测试",
]
NO_REASONS = {
    "": "needed",
    "   ": "needed",
    "...": "no word",
    "?! — !!": "no word",
    "\U0001f680 \U0001f680 \U0001f680": "no word",
    "speed": "one word",
    "more speed": "2 words",
    "TODO": "off",
    "todo": "off",
    "TODO write this up": "off",
    "Todo: write this up": "off",
    "tbd": "off",
    "To be decided with the team": "off",
    "it is to be decided": "off",
    "I will tell you later": "off",
    "We'll decide that next week": "off",
    "not yet known": "off",
    "that is not yet decided": "off",
    "ask me tomorrow": "off",
    "Please ask us again next month": "off",
    "The owner is yet to be named.": "off",
    "n/a": "no reason",
    "N/A.": "no reason",
    "none": "no reason",
    "because": "no reason",
    "because I need it": "no reason",
    "asdf asdf asdf": "no reason",
    "asdfgh qwertz yxcv": "no reason",
    "bla bla bla": "no reason",
    "no reason": "no reason",
    "not applicable": "no reason",
    "owed": "no reason",
    "XXX yyyy zzzz": "off",
    "write it in later": "off",
    "speed speed speed speed": "same word",
    "Speed, speed: SPEED!": "same word",
    "needs speed\x00 for the call": "U+0000",
    "needs speed\nfor the call": "U+000A",
}


@pytest.mark.parametrize("text", REASONS)
def test_a_sentence_is_a_reason(text: str) -> None:
    assert reason_objection(text) == ""


@pytest.mark.parametrize("text", NO_REASONS)
def test_what_says_nothing_is_no_reason_and_the_objection_says_what_to_write(text: str) -> None:
    objection = reason_objection(text)
    assert NO_REASONS[text] in objection
    assert objection.endswith(".") and "\n" not in objection


WAIVERS = [
    ("Ada Lovelace: the pilot ends in March and holds no personal data", "Ada Lovelace"),
    ("Zoë: we tested it on 2,000 rows of May", "Zoë"),
    ("李雷: 模型 只 用于 内部 测试", "李雷"),
    ("Dr. O'Neil-Ng, head of data: the ratio is 1:50, measured", "Dr. O'Neil-Ng, head of data"),
    ("  Li  :  the bank has signed for it  ", "Li"),
]  # fmt: skip
NO_WAIVERS = {
    "": "Name: reason",
    "the pilot ends in March": "Name: reason",
    ": the pilot ends in March": "before the colon",
    "A: the pilot ends in March": "before the colon",
    "42: the pilot ends in March": "before the colon",
    "me: the pilot ends in March": "nobody",
    "Admin: the pilot ends in March": "nobody",
    "The team: the pilot ends in March": "nobody",
    "data science team 2: the pilot ends in March": "nobody",
    "nobody: the pilot ends in March": "nobody",
    "TODO: the pilot ends in March": "nobody",
    "Ada:": "needed",
    "Ada: TODO": "off",
    "Ada: because": "no reason",
    "Ada: speed": "one word",
    "Ada\x1b: the pilot ends in March": "U+001B",
}


@pytest.mark.parametrize(("text", "name"), WAIVERS)
def test_a_name_and_a_reason_are_a_waiver(text: str, name: str) -> None:
    waiver = read_waiver(text)
    assert waiver is not None, waiver_objection(text)
    assert waiver.name == name
    assert waiver.reason == text.partition(":")[2].strip()


@pytest.mark.parametrize("text", NO_WAIVERS)
def test_a_waiver_without_a_person_or_a_reason_is_refused(text: str) -> None:
    assert NO_WAIVERS[text] in waiver_objection(text)
    assert read_waiver(text) is None


@pytest.mark.parametrize(("text", "owed"), [(OWED, True), ("", True), ("Ada: it is tested", False)])
def test_a_missing_reason_is_known_as_owed(text: str, owed: bool) -> None:
    assert is_owed(text) is owed
    assert not owed or reason_objection(text)


@given(st.text() | st.text(alphabet="aA :.\x00éß李\u0301\u2028-'TODO", max_size=40))
def test_any_text_gets_an_answer(text: str) -> None:
    assert reason_objection(text) == "" or reason_objection(text).strip().endswith(".")
    assert (read_waiver(text) is None) is bool(waiver_objection(text))
    is_owed(text)


words = st.text(alphabet=st.characters(categories=["L"]), min_size=1, max_size=12)


@given(name=words, reason=st.lists(words, min_size=3, max_size=9).map(" ".join))
def test_an_accepted_waiver_reads_back_as_written(name: str, reason: str) -> None:
    waiver = read_waiver(f"{name}: {reason}")
    if waiver is None:
        assert waiver_objection(f"{name}: {reason}")
    else:
        assert waiver == Waiver(name, reason)
        assert read_waiver(str(waiver)) == waiver
