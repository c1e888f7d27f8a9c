"""`problem_statement.md` → what it states; and what was captured → `problem_statement.md`.

People write freely. What can be understood is taken, what could not is named, and
nothing is guessed: a field that is None or empty was not understood.
"""

from __future__ import annotations

import codecs
import datetime
import os
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from .facts import ProblemType
from .statement.acting import read_acting
from .statement.data import read_data, read_use
from .statement.markdown import outline
from .statement.problem import read_problem
from .statement.prose import read_prose
from .statement.reading import MOST_REMARKS, Reading
from .statement.risk import read_risk
from .statement.writer import write_problem_statement

__all__ = [
    "Ladder",
    "ProblemStatement",
    "StatementError",
    "Success",
    "parse_problem_statement",
    "read_problem_statement",
    "read_text",
    "write_problem_statement",
]

LARGEST_FILE = 1_000_000
"""Bytes; a problem statement is a page or two."""


class StatementError(ValueError):
    """A problem statement that cannot be read; the message says what to do."""


class Ladder(BaseModel):
    """The metric ladder, as stated."""

    model_config = ConfigDict(frozen=True)

    business: str = ""
    product: str = ""
    model: str = ""
    data: str = ""


class Success(BaseModel):
    """The checkable part of the success criteria; a rate lies in [0, 1]."""

    model_config = ConfigDict(frozen=True)

    metric: str = ""
    value: float | None = None
    date: datetime.date | None = None


class ProblemStatement(BaseModel):
    """What a problem statement states. Shares lie in [0, 1], costs are in one currency."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    # problem
    title: str | None = None
    formulation: str | None = None
    consumer: str | None = None
    decision_time: str | None = None
    business_outcome: str | None = None
    use_case: str | None = None
    problem_type: ProblemType | None = None
    out_of_scope: str = ""
    """text, image, audio, forecasting, ranking, clustering, …; empty when in scope."""
    target: str | None = None
    target_definition: str | None = None
    positive_class: str | None = None
    primary_metric: str | None = None
    """One of `METRICS`, or `unsure` when a recommendation is asked for."""
    guardrails: tuple[str, ...] = ()
    baseline_kind: Literal["none", "manual", "rules", "model"] | None = None
    baseline_value: float | None = None
    ladder: Ladder = Ladder()
    success_criteria: str | None = None
    success: Success | None = None
    # data
    rows: int | None = None
    n_features: int | None = None
    n_numeric: int | None = None
    n_categorical: int | None = None
    labels: Literal["available", "partial", "proxy", "none"] | None = None
    label_delay_days: float | None = None
    positive_rate: float | None = None
    missing_share: float | None = None
    known_issues: str | None = None
    data_cadence: Literal["once", "monthly", "weekly", "daily", "hourly", "continuous"] | None = (
        None
    )
    event_time: str | None = None
    entity_key: str | None = None
    identifiers: tuple[str, ...] = ()
    # use
    latency_class: Literal["batch", "near_rt", "realtime"] | None = None
    latency_ms: int | None = None
    consumption: Literal["batch", "realtime", "both", "unsure"] | None = None
    staleness_ok_hours: float | None = None
    capacity: int | None = None
    capacity_period: Literal["hour", "day", "week", "month", "quarter", "year"] | None = None
    cost_false_positive: float | None = None
    cost_false_negative: float | None = None
    save_rate: float | None = None
    # risk
    interpretability: Literal["none", "global", "per_decision"] | None = None
    regulations: tuple[str, ...] = ()
    """gdpr, hipaa, pci, ecoa, eu_ai_act, sr26_2, sox; or `none` when that is said."""
    personal_data: (
        Literal["none", "pseudonymous", "direct", "special_or_phi", "cardholder"] | None
    ) = None
    framework: Literal["zenml", "other"] | None = None
    existing_tools: tuple[str, ...] = ()

    approximate: tuple[str, ...] = ()
    """Fields whose number was stated as about, at least, up to, or as a class ratio."""
    not_understood: tuple[str, ...] = ()
    """One sentence for each text that could not be read, naming its section."""

    @property
    def found(self) -> tuple[str, ...]:
        """The names of the fields that were understood."""
        own = {"approximate", "not_understood"}
        return tuple(
            name
            for name, field in type(self).model_fields.items()
            if name not in own and getattr(self, name) != field.default
        )


def read_problem_statement(path: str | os.PathLike[str]) -> ProblemStatement:
    """What the file at `path` states; raises `StatementError` as `read_text` does."""
    return parse_problem_statement(read_text(path))


def read_text(path: str | os.PathLike[str]) -> str:
    """The text of the problem statement at `path`.

    Raises `StatementError` when there is no such file or it holds no text: missing, a
    folder, empty, binary, or larger than `LARGEST_FILE` bytes.
    """
    shown = os.fspath(path)
    content = _content(shown)
    if len(content) > LARGEST_FILE:
        raise StatementError(
            f"{shown} is larger than {LARGEST_FILE // 1_000_000} MB, more than a statement holds; "
            "give a page or two of Markdown (the data file has a question of its own)."
        )
    text = _decoded(content)
    if text is None:
        raise StatementError(f"{shown} is no text file; save the problem statement as Markdown.")
    if not text.strip():
        raise StatementError(f"{shown} is empty; write the problem statement or give no path.")
    return text


def parse_problem_statement(text: str) -> ProblemStatement:
    """What `text` states; any text is accepted, and what makes no sense is named."""
    reading = Reading(outline(text))
    for read in (read_problem, read_data, read_use, read_risk, read_acting, read_prose):
        read(reading)
    remarks = list(reading.remarks)
    remarks += [
        f"“{name[:80]}” is no heading or label that is known here; its text was only searched for "
        "numbers."
        for name in reading.outline.unknown
    ]
    if not reading.values:
        remarks.append("Nothing in the text could be read as part of a problem statement.")
    if reading.cut_short:
        remarks.append(f"Of its prose only {len(reading.sentences):,} sentences were searched.")
    if len(remarks) > MOST_REMARKS:
        rest = len(remarks) - MOST_REMARKS
        remarks = [*remarks[:MOST_REMARKS], f"And {rest:,} more that could not be read."]
    return ProblemStatement(
        **reading.values,
        approximate=tuple(reading.approximate),
        not_understood=tuple(remarks),
    )


def _content(shown: str) -> bytes:
    """At most one byte more than `LARGEST_FILE` of the file at the path `shown`."""
    file = Path(os.path.expanduser(shown))
    try:
        if file.is_file():
            with file.open("rb") as stream:
                return stream.read(LARGEST_FILE + 1)
        is_folder, exists = file.is_dir(), file.exists()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise StatementError(
            f"The problem statement at {shown!r} cannot be opened: {reason}."
        ) from None
    if is_folder:
        raise StatementError(f"{shown} is a folder; name the problem_statement.md inside it.")
    if exists:
        raise StatementError(f"{shown} is not a regular file; give a Markdown file.")
    raise StatementError(
        f"There is no problem statement at {shown}; check the path, or leave it out and answer "
        "the questions instead."
    )


def _decoded(content: bytes) -> str | None:
    """The text of a file in UTF-8, UTF-16 or a Western 8-bit encoding; None if binary."""
    if content.startswith((b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"PAR1")):
        return None
    encodings = ["utf-8-sig", "cp1252", "latin-1"]
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    elif content and content[1::2].count(0) > 0.4 * len(content):
        encodings = ["utf-16-le"]
    elif content and content[0::2].count(0) > 0.4 * len(content):
        encodings = ["utf-16-be"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        controls = sum(char < " " and char not in "\t\n\r\f\v" for char in text)
        return None if "\0" in text or controls > 0.05 * len(text) else text
    return None
