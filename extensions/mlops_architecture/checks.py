"""Small named checks in one form: what a check reads, when it fires, and what it then says.

A check is a function. The names of its parameters say what it reads; its docstring is the
message, in which `{name}` stands for what was read:

    @contradiction
    def rate_without_labels(labels: str, positive_rate: float) -> bool:
        '''labels is {labels}, and positive_rate is {positive_rate}. Which holds?'''
        return labels == "none" and positive_rate > 0

What stands before `*` must have been given by somebody for the check to count; what stands
after it is read as it is, defaults included.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple


class Check(NamedTuple):
    """A function's name, parameters, test and message."""

    name: str
    given: tuple[str, ...]
    read: tuple[str, ...]
    test: Callable[..., bool]
    template: str

    @property
    def inputs(self) -> tuple[str, ...]:
        """Everything that the check reads."""
        return self.given + self.read

    def fires(self, values: Mapping[str, Any]) -> bool:
        """Whether the check objects to these values of its inputs."""
        return self.test(**{name: values[name] for name in self.inputs})

    def message(self, shown: Mapping[str, str]) -> str:
        """The message, with each input as it is to be shown."""
        return self.template.format_map(shown)


def check_of(function: Callable[..., bool]) -> Check:
    """The check that `function` is."""
    parameters = inspect.signature(function).parameters.values()
    return Check(
        name=function.__name__,
        given=tuple(each.name for each in parameters if each.kind is not each.KEYWORD_ONLY),
        read=tuple(each.name for each in parameters if each.kind is each.KEYWORD_ONLY),
        test=function,
        template=" ".join((function.__doc__ or "").split()),
    )
