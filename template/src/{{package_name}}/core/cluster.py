"""The Spark of a run: tables are opened there, and rows are scored there where that is decided."""

from __future__ import annotations

import os
import shutil
import socket
import sys
from typing import Any

from .csv_file import explain
from .errors import DataError

PATIENCE = 5.0
"""Seconds to wait for an answer; Spark itself would try for a minute."""


def spark_session(host: str | None = None, port: int | None = None) -> Any:
    """The Spark that this run uses already; else its own cluster at `host`.

    Without one, the cluster that Spark's settings name (`spark-defaults.conf`), else this machine.
    Times are in UTC. Raises DataError if there is none.
    """
    from pyspark.sql import SparkSession

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    if not (shutil.which("java") or "JAVA_HOME" in os.environ):
        raise DataError(
            "Spark needs Java, and there is none: install Java 17 or 21 (on Debian "
            "`apt-get install default-jre-headless`), or set JAVA_HOME."
        )
    builder = SparkSession.builder.config("spark.ui.enabled", "false")
    builder = builder.config("spark.log.level", "ERROR")
    if host is not None:
        _refuse_silent(host, port or 7077)
        builder = builder.master(f"spark://{host}:{port or 7077}")
    try:
        session = builder.getOrCreate()
    except Exception as problem:  # Java's, Spark's or the network's
        raise DataError(f"Spark cannot be started: {explain(problem)}") from None
    session.conf.set("spark.sql.session.timeZone", "UTC")
    session.conf.set("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS")
    return session


def _refuse_silent(host: str, port: int) -> None:
    try:
        socket.create_connection((host, port), PATIENCE).close()
    except OSError as problem:
        raise DataError(
            f"no Spark answers at {host}:{port} ({problem.strerror or problem}): start it, or "
            "correct the address."
        ) from None
