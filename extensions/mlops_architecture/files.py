"""The content of the files that a generated project runs on: contract and settings."""

from __future__ import annotations

from functools import cached_property

from pydantic import BaseModel

from . import configuration
from .container import Container, container
from .contract import Contract, make_contract
from .design import Design
from .facts import Facts
from .phases._deployment_plan import is_served
from .schedule import is_watched


class Files:
    """What one design writes into `data/` and `configs/`."""

    def __init__(self, design: Design, package_name: str) -> None:
        self.design = design
        self.package_name = package_name

    @property
    def facts(self) -> Facts:
        """The facts that everything rests on."""
        return self.design.facts

    @cached_property
    def contract(self) -> Contract:
        """The content of `data/contract.yaml`."""
        return make_contract(self.facts, str(self.design["data_gates"]))

    @cached_property
    def project_settings(self) -> configuration.ProjectSettings:
        """The content of `configs/project.yaml`."""
        return configuration.project_settings(self.facts, self.package_name)

    @cached_property
    def training_settings(self) -> configuration.TrainingSettings:
        """The content of `configs/training.yaml`."""
        return configuration.training_settings(self.design)

    @cached_property
    def batch_inference_settings(self) -> configuration.BatchInferenceSettings:
        """The content of `configs/batch_inference.yaml`."""
        return configuration.batch_inference_settings(self.design)

    @cached_property
    def drift_settings(self) -> configuration.DriftSettings:
        """The content of `configs/drift_detection.yaml`."""
        return configuration.DriftSettings(window_rows=int(self.design["monitoring_window_rows"]))

    @property
    def serving_settings(self) -> configuration.ServingSettings:
        """What the service reads."""
        return configuration.serving_settings(self.design)

    @property
    def rollout_settings(self) -> configuration.RolloutSettings:
        """What a roll-out goes by."""
        return configuration.rollout_settings(self.design)

    @cached_property
    def container(self) -> Container:
        """What the image of the service and `deploy/` are filled with."""
        candidates = tuple(self.training_settings.candidates)
        return container(self.design, self.package_name, candidates)

    @cached_property
    def monitoring_settings(self) -> configuration.MonitoringSettings:
        """The content of `configs/monitoring.yaml`."""
        return configuration.monitoring_settings(self.design)

    @cached_property
    def retraining_settings(self) -> configuration.RetrainingSettings:
        """The content of `configs/retraining.yaml`."""
        return configuration.retraining_settings(self.design)

    @cached_property
    def configs(self) -> dict[str, BaseModel]:
        """The content of `configs/` by the names of its files, save for `project.yaml`."""
        always: dict[str, BaseModel] = {
            "training": self.training_settings,
            "batch_inference": self.batch_inference_settings,
        }
        if is_served(self.design.decisions):
            always |= {"serving": self.serving_settings, "rollout": self.rollout_settings}
        if not is_watched(self.design.decisions):
            return always
        return always | {
            "drift_detection": self.drift_settings,
            "monitoring": self.monitoring_settings,
            "retraining": self.retraining_settings,
        }
