"""Errors that a person can act on: one sentence saying what is wrong, where, and what to do.

The command line prints the sentence and exits; anything else that is raised is a bug.
"""


class ProjectError(Exception):
    """Something a person can put right; `str(error)` is the sentence to show."""


class DataError(ProjectError):
    """A table that cannot be read, or that does not fit the contract."""


class ContractError(ProjectError):
    """`data/contract.yaml` is missing, malformed, or contradicts itself."""


class SettingsError(ProjectError):
    """A file of `configs/` is missing, malformed, or contradicts itself."""


class ArtifactError(ProjectError):
    """What a training run left in the artifact store is gone or broken."""


class FeatureError(ProjectError):
    """A function of `core/features.py` that fails, or gives what is no feature."""


class NoChampionError(ProjectError):
    """No model is in production yet."""


class GateError(ProjectError):
    """A gate refused to go on; nothing is wrong with the program or the settings."""


class StackError(GateError):
    """A stack file that is refused: one sentence for each fault, with its line."""
