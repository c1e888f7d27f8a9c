"""What hangs on the target, the event time and the entity of a table."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection
from typing import Any

from . import limits
from ._column_sql import value_sql
from ._profile_guesses import guess_problem_type
from .facts import ColumnProfile, DataProfile

_SAMPLE_ROWS = 100_000
_MOST_CLASSES = 50


def complete(connection: Any, profile: DataProfile, keys: tuple[str, str, str, str]) -> DataProfile:
    """The profile with classes, leak suspicion, times and entities, where they are named."""
    target, problem_type, event_time, entity_key = keys
    known: dict[str, Any] = {}
    if target in profile.by_name:
        known |= _target(connection, profile, target, problem_type)
    if event_time in profile.by_name:
        columns = known.get("columns", profile.columns)
        known |= _times(connection, profile, columns, event_time, entity_key)
    if entity_key in profile.by_name:
        known |= {"entity_key": entity_key, "entities": profile.by_name[entity_key].distinct}
    return DataProfile(**{**dict(profile), **known})


def _target(
    connection: Any, profile: DataProfile, target: str, problem_type: str
) -> dict[str, Any]:
    column = profile.by_name[target]
    kind = problem_type or guess_problem_type(column)
    known: dict[str, Any] = {"target": target}
    if kind == "regression":
        if column.type in {"integer", "number"}:
            known |= {"target_minimum": column.minimum, "target_maximum": column.maximum}
            known |= _sizes(connection, value_sql(_position(profile, target), column.type))
            known["columns"] = _suspects(connection, profile, target, "")
        return known
    classes = _classes(connection, profile, column)
    known |= {"classes": tuple(classes), "class_shares": tuple(classes.values())}
    if kind == "binary" and len(classes) == 2:
        known["columns"] = _suspects(connection, profile, target, next(iter(classes)))
    return known


def _sizes(connection: Any, value: str) -> dict[str, float]:
    """The least and the median absolute value, which tell what a percentage error weighs."""
    least, median = connection.execute(
        f"SELECT min(abs({value})), median(abs({value})) FROM t"
    ).fetchone()
    return {"target_least_size": least, "target_median_size": median}


def _classes(connection: Any, profile: DataProfile, column: ColumnProfile) -> dict[str, float]:
    """Label → share of the rows that have one; whole numbers without a decimal point."""
    value = value_sql(_position(profile, column.name), column.type)
    if column.type in {"integer", "number"}:
        value = f"CASE WHEN {value} = floor({value}) THEN ({value})::BIGINT::VARCHAR " \
                f"ELSE ({value})::VARCHAR END"  # fmt: skip
    found = connection.execute(
        f"SELECT {value} AS v, count(*) AS n FROM t WHERE v IS NOT NULL GROUP BY v "
        f"ORDER BY v LIMIT {_MOST_CLASSES + 1}"
    ).fetchall()
    total = sum(count for _, count in found)
    return {label: count / total for label, count in found}


def _position(profile: DataProfile, name: str) -> int:
    return [column.name for column in profile.columns].index(name)


def _suspects(
    connection: Any, profile: DataProfile, target: str, positive: str
) -> tuple[ColumnProfile, ...]:
    """Each column with how well it alone tells the target: AUC, or R² of a number.

    Which of two classes is `positive` makes no difference to it.
    """
    column = profile.by_name[target]
    value = value_sql(_position(profile, target), column.type)
    if positive and column.type in {"integer", "number"}:
        truth = f"(({value}) = {float(positive)})::INT"
    elif positive:
        escaped = positive.replace("'", "''")
        truth = f"(({value}) = '{escaped}')::INT"
    else:
        truth = value
    listed = ", ".join(
        f"{value_sql(i, other.type, other.format)} AS v{i}"
        for i, other in enumerate(profile.columns)
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE s AS SELECT {truth} AS y, {listed} FROM t "
        f"USING SAMPLE reservoir({_SAMPLE_ROWS} ROWS) REPEATABLE (7)"
    )
    return tuple(
        _told(connection, i, other, bool(positive)) if _is_tested(other, target) else other
        for i, other in enumerate(profile.columns)
    )


def _is_tested(column: ColumnProfile, target: str) -> bool:
    text = column.type in {"string", "boolean"}
    few = column.distinct <= limits.D2_GROUPED_LEVELS
    return column.name != target and not column.constant and not column.identifier and (
        few if text else True
    )  # fmt: skip


def _told(connection: Any, i: int, column: ColumnProfile, binary: bool) -> ColumnProfile:
    text = column.type in {"string", "boolean"}
    value = f"v{i}" if column.type != "datetime" else f"epoch(v{i})"
    if not binary:
        return column.model_copy(update={"target_r2": _r2(connection, value, text)})
    order = "avg(y)" if text else "any_value(v)"
    found = connection.execute(
        f"WITH g AS (SELECT {value} AS v, sum(y) AS p, count(y) - sum(y) AS q, "
        f"{order.replace('any_value(v)', f'any_value({value})')} AS o "
        f"FROM s WHERE y IS NOT NULL AND {value} IS NOT NULL GROUP BY 1), "
        "r AS (SELECT p, q, sum(q) OVER (ORDER BY o ROWS UNBOUNDED PRECEDING) - q / 2 AS below "
        "FROM g) SELECT sum(p * below) / nullif(sum(p) * sum(q), 0) FROM r"
    ).fetchone()[0]
    return column if found is None else column.model_copy(
        update={"target_auc": round(max(found, 1 - found), 4)}
    )  # fmt: skip


def _r2(connection: Any, value: str, text: bool) -> float | None:
    if not text:
        found = connection.execute(f"SELECT regr_r2(y, {value}) FROM s").fetchone()[0]
    else:
        found = connection.execute(
            f"WITH g AS (SELECT avg(y) AS m, count(y) AS n FROM s WHERE {value} IS NOT NULL "
            "GROUP BY " + value + ") SELECT (sum(n * m * m) - power(sum(n * m), 2) / sum(n)) / "
            f"nullif((SELECT var_pop(y) * count(y) FROM s WHERE {value} IS NOT NULL), 0) FROM g"
        ).fetchone()[0]
    return None if found is None else round(float(found), 4)


def _times(
    connection: Any,
    profile: DataProfile,
    columns: tuple[ColumnProfile, ...],
    event_time: str,
    entity_key: str,
) -> dict[str, Any]:
    """First and last event, the median step of one entity in seconds, and times that follow."""
    column = profile.by_name[event_time]
    if column.type != "datetime":
        return {}
    time = value_sql(_position(profile, event_time), "datetime", column.format)
    by = f"PARTITION BY c{_position(profile, entity_key)}" if entity_key in profile.by_name else ""
    step = connection.execute(
        f"SELECT median(d) FROM (SELECT epoch({time}) - epoch(lag({time}) OVER "
        f"({by} ORDER BY {time})) AS d FROM t) WHERE d > 0"
    ).fetchone()[0]
    keys = f"hash(c{_position(profile, event_time)}"
    keys += f", c{_position(profile, entity_key)})" if by else ")"
    distances = {
        each.name: f"epoch({value_sql(i, each.type, each.format)}) - epoch({time})"
        for i, each in enumerate(columns)
        if each.type == "datetime" and each.name != event_time
    }
    distinct, *followed = connection.execute(
        f"SELECT count(DISTINCT {keys})"
        + "".join(f", if(min({d}) < 0, 0, avg(({d} > 0)::INT))" for d in distances.values())
        + " FROM t"
    ).fetchone()
    shares = {name: share or 0.0 for name, share in zip(distances, followed, strict=True)}
    return {
        "columns": tuple(
            each.model_copy(update={"after_event": round(shares.get(each.name, 0.0), 4)})
            for each in columns
        ),
        "event_time": event_time,
        "duplicate_keys": round(1 - distinct / profile.rows, 6) if by else 0.0,
        "first_event": str(column.minimum),
        "last_event": str(column.maximum),
        "seconds_between_events": step,
    }


def check_key(profile: DataProfile, name: str, column: str) -> str:
    """Why `column` cannot be the event time or the entity, or an empty string."""
    if not column:
        return ""
    if column not in profile.by_name:
        names = [each.name for each in profile.columns]
        close = difflib.get_close_matches(column, names, n=3) or names[:3]
        return (
            f"{profile.source} has no column {column!r}: name one of its columns as {name}, for "
            f"example {', '.join(map(repr, close))}, or leave it empty."
        )
    if name == "event_time" and profile.by_name[column].type != "datetime":
        return (
            f"The column {column!r} in {profile.source} holds no times that can be read: write "
            "them as 2024-09-30 or 2024-09-30 17:45."
        )
    return ""


def named_columns(given: Any, columns: Collection[str]) -> tuple[str, ...]:
    """The columns that an answer lists, with semicolons or commas between, or as YAML lists them.

    A name that is one of `columns` as a whole is that column, whatever it holds.
    """
    if not isinstance(given, str):
        return tuple(name.strip() for name in given if name.strip())
    text = given.strip()
    if text not in columns and text.startswith("[") and text.endswith("]"):
        text = text[1:-1]
    parts, found = re.split("([;,])", text), []
    while parts:
        names = {n: "".join(parts[:n]).strip() for n in range(len(parts), 0, -2)}
        bare = {n: name.strip("'\"") for n, name in names.items()}
        known = (n for n in names if names[n] in columns or bare[n] in columns)
        n = next(known, 1)
        found.append(names[n] if names[n] in columns else bare[n])
        parts = parts[n + 1 :]
    return tuple(name for name in found if name)


def check_columns(profile: DataProfile, name: str, given: Any) -> str:
    """Why `given` does not list columns of the table as the answer `name`, or an empty string."""
    columns = profile.by_name
    lacking = [each for each in named_columns(given, columns) if each not in columns]
    if not lacking:
        return ""
    close = difflib.get_close_matches(lacking[0], columns, n=3) or list(columns)[:3]
    return (
        f"{profile.source} has no column {lacking[0]!r}: list its columns as {name}, for example "
        f"{', '.join(map(repr, close))}, or leave it empty."
    )


def check_class(profile: DataProfile | None, problem_type: str, given: str) -> str:
    """Why `given` cannot be the positive class, or an empty string."""
    classes = profile.classes if profile and problem_type == "binary" else ()
    if given in (classes or ("",)):
        return ""
    if not classes:
        return "positive_class is one of two classes of a table: without them leave it out."
    return f"positive_class is one of {', '.join(map(repr, classes))}, not {given!r}."


def check_target(profile: DataProfile, target: str, problem_type: str = "") -> str:
    """Why `target` cannot be learned from this table, in a sentence, or an empty string."""
    if target not in profile.by_name:
        names = [column.name for column in profile.columns]
        close = difflib.get_close_matches(target, names, n=3) or names[-3:]
        return (
            f"{profile.source} has no column {target!r}: name one of its {len(names)} columns "
            f"as the target (-d target=…), for example {', '.join(map(repr, close))}."
        )
    column = profile.by_name[target]
    present = profile.rows - column.missing
    where = f"The target {target!r} in {profile.source}"
    if present == 0:
        return f"{where} has no value in any row: choose another column."
    if column.distinct == 1:
        return f"{where} has one value only: there is nothing to predict; choose another column."
    if column.type == "datetime":
        return f"{where} is a date: predict a number or a class instead."
    many = column.distinct > min(_MOST_CLASSES, present / 2)
    if column.strays and (many or problem_type == "regression"):
        shown = ", ".join(map(repr, column.strays))
        return (
            f"{where} holds numbers written as text, or other values among them, such as {shown}: "
            "save plain numbers, and leave blank what is unknown."
        )
    if column.identifier or (column.type == "string" and column.distinct > present / 2):
        return f"{where} is unique for (nearly) each row: it is an identifier, not an outcome."
    return _kind_objection(column, where, problem_type)


def _kind_objection(column: ColumnProfile, where: str, problem_type: str) -> str:
    numeric = column.type in {"integer", "number"}
    if problem_type == "regression" and not numeric:
        return f"{where} holds text: regression needs numbers; choose binary or multiclass."
    if problem_type == "binary" and column.distinct != 2:
        return f"{where} has {column.distinct:,} values: binary needs two."
    if problem_type == "multiclass" and column.distinct < 3:
        return f"{where} has two values: that is binary."
    if problem_type != "regression" and column.distinct > _MOST_CLASSES and not numeric:
        return f"{where} has {column.distinct:,} classes, more than {_MOST_CLASSES}: group them."
    if problem_type == "multiclass" and column.distinct > _MOST_CLASSES:
        return f"{where} has {column.distinct:,} values: choose regression."
    return ""
