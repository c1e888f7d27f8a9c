"""2B, data: ingestion, versioning, engine, storage, gates, privacy and retention."""

from __future__ import annotations

from ..decision import Decisions, Option, Proposal
from ..facts import Facts
from . import _data_care, _data_machine, _data_source
from ._data_duties import GateRow, Retention, erasure_path, gate_rows, owes_erasure, retention

__all__ = [
    "OPTIONS",
    "GateRow",
    "Retention",
    "erasure_path",
    "gate_rows",
    "owes_erasure",
    "propose",
    "retention",
]

OPTIONS: dict[str, tuple[Option, ...]] = {
    "data_ingestion": _data_source.INGESTION,
    "data_versioning": _data_source.VERSIONING,
    "data_engine": _data_machine.ENGINE,
    "data_storage": _data_machine.STORAGE,
    "data_gates": _data_care.GATES,
    "data_privacy": _data_care.PRIVACY,
    "data_retention_months": _data_care.RETENTION_MONTHS,
}


def propose(facts: Facts, earlier: Decisions) -> tuple[Proposal, ...]:
    """Proposals of phase 2B."""
    return (
        _data_source.ingestion(facts),
        _data_source.versioning(facts),
        _data_machine.engine(facts),
        _data_machine.storage(facts),
        _data_care.gates(facts),
        _data_care.privacy(facts),
        _data_care.retention_months(facts),
    )
