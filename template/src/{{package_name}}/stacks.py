"""Stacks in ZenML: what a checked file would change there, and the change itself."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from zenml.client import Client
from zenml.enums import StackComponentType, StoreType

from . import stack_packages
from .core.errors import StackError
from .core.stack_text import Fault
from .project import ENVIRONMENT, Project
from .stack_check import Checked

MADE_BY = "made_by"
"""The label of what `apply` registers; nothing without it is changed or deleted."""


class Change(NamedTuple):
    """One thing that the file says and ZenML does not; `sign` is +, ~ or -."""

    sign: str
    what: str
    details: tuple[str, ...] = ()


class Registered(NamedTuple):
    """What ZenML holds of a file: its components by slot, the stack, and what the stack has."""

    components: Mapping[str, Any]
    stack: Any | None
    filled: Mapping[str, list[Any]]


def compare(project: Project, checked: Checked) -> list[Change]:
    """What the file says and ZenML does not hold. Raises StackError where names are taken."""
    if faults := list(_unset(checked)):
        raise checked.file.refusal(faults)
    changes = list(_changes(project, checked, _registered(project, checked)))
    if other := selected_instead(project, checked):
        changes.append(Change("~", other))
    return changes


def selected_instead(project: Project, checked: Checked) -> str:
    """Why runs use another stack than that of the file, once it is applied; empty where none is."""
    environment = project.environment
    if environment.stack in (None, checked.file.name):
        return ""
    return f"runs use {environment.stack} while {ENVIRONMENT} is {environment.name}"


def apply(project: Project, checked: Checked, dry_run: bool) -> list[Change]:
    """Makes ZenML hold what the file says, and runs use it; what was changed, or would be.

    An apply that was cut short is completed by the next. Raises StackError before it changes
    anything.
    """
    _refuse_unusable(checked)
    before = _registered(project, checked)
    changes = list(_changes(project, checked, before))
    if changes and not dry_run:
        _carry_out(project, checked, before)
    return changes


def _carry_out(project: Project, checked: Checked, before: Registered) -> None:
    client, name = Client(), checked.file.name
    ours = {MADE_BY: project.settings.name}
    ids = {}
    for slot, component in checked.file.components.items():
        kind, wanted, found = StackComponentType(slot), checked.kept(slot), before.components[slot]
        try:
            if found is None:
                found = client.create_stack_component(name, component.flavor, kind, wanted, ours)
            elif found.configuration != wanted:
                dropped = dict.fromkeys(found.configuration.keys() - wanted.keys())
                client.update_stack_component(found.id, kind, configuration=dropped | wanted)
        except Exception as problem:  # some flavours ask their service, such as Slack
            raise checked.file.refusal([_unregistered(checked, slot, problem)]) from problem
        ids[kind] = found.id
    if before.stack is None:
        client.create_stack(name, ids, labels=ours)
    else:
        emptied: dict[StackComponentType, Any] = {
            StackComponentType(slot): [] for slot in before.filled.keys() - checked.file.components
        }
        client.update_stack(before.stack.id, component_updates=emptied | ids)
    client.activate_stack(name)
    for kind, component in _dropped(project, checked, before):
        client.delete_stack_component(component.id, kind)


def _unregistered(checked: Checked, slot: str, problem: Exception) -> Fault:
    reason = " ".join(str(problem).split())
    return Fault(
        checked.file.line("components", slot),
        f"ZenML does not take the {checked.file.components[slot].flavor} {slot} ({reason}): "
        "correct it, or wait for its service, then apply again.",
    )


def _registered(project: Project, checked: Checked) -> Registered:
    """Raises StackError where a name of the file is taken by something that is not ours."""
    client, file = Client(), checked.file
    faults = []
    components = {}
    for slot, component in file.components.items():
        kind = StackComponentType(slot)
        found = _found(client.get_stack_component, kind, file.name)
        components[slot] = found
        if found is not None and found.flavor_name != component.flavor:
            faults.append(
                Fault(
                    file.line("components", slot, "flavor"),
                    f"the {slot} {file.name} is a {found.flavor_name}, and ZenML changes no flavor "
                    "in place: give the stack another name.",
                )
            )
        elif found is not None and not _is_ours(project, found):
            faults.append(_taken(checked, f"the {slot} {file.name}"))
    stack = _found(client.get_stack, file.name)
    if stack is not None and not _is_ours(project, stack):
        faults.append(_taken(checked, f"the stack {file.name}"))
    if faults:
        raise file.refusal(faults)
    filled = {kind.value: many for kind, many in stack.components.items()} if stack else {}
    return Registered(components, stack, filled)


def _found(get: Any, *name: Any) -> Any | None:
    try:
        return get(*name, allow_name_prefix_match=False)
    except KeyError:
        return None


def _is_ours(project: Project, entity: Any) -> bool:
    return (entity.labels or {}).get(MADE_BY) == project.settings.name


def _taken(checked: Checked, what: str) -> Fault:
    return Fault(
        checked.file.line("name"),
        f"{what} is there and was not made by this project: give the stack another name.",
    )


def _changes(project: Project, checked: Checked, before: Registered) -> Iterator[Change]:
    name, components = checked.file.name, checked.file.components
    for slot, component in components.items():
        found, wanted = before.components[slot], checked.kept(slot)
        if found is None:
            yield Change("+", f"{slot} {name} ({component.flavor})", tuple(_settings({}, wanted)))
        elif found.configuration != wanted:
            settings = tuple(_settings(found.configuration, wanted))
            yield Change("~", f"{slot} {name} ({component.flavor})", settings)
    if before.stack is None:
        yield Change("+", f"stack {name}")
    else:
        held = {
            slot
            for slot, found in before.components.items()
            if found is None or [each.id for each in before.filled.get(slot, [])] != [found.id]
        }
        moved = tuple(f"{slot}: {name}" for slot in components if slot in held)
        gone = tuple(f"{slot}: taken out" for slot in before.filled if slot not in components)
        if moved or gone:
            yield Change("~", f"stack {name}", moved + gone)
    for kind, component in _dropped(project, checked, before):
        yield Change("-", f"{kind.value} {component.name} ({component.flavor_name})")
    if name not in (project.environment.stack, Client().active_stack_model.name):
        yield Change("~", f"runs of this project use {name}")


def _dropped(
    project: Project, checked: Checked, before: Registered
) -> Iterator[tuple[StackComponentType, Any]]:
    """Components of ours whose slot is no longer in the file."""
    for kind in StackComponentType:
        if kind.value not in checked.file.components:
            found = _found(Client().get_stack_component, kind, checked.file.name)
            if found is not None and _is_ours(project, found):
                yield kind, found


def _settings(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    for key in [*after, *(key for key in before if key not in after)]:
        if before.get(key) != after.get(key):
            was = f"{before[key]} → " if key in before else ""
            yield f"{key}: {was}{after.get(key, 'not set')}"


def _refuse_unusable(checked: Checked) -> None:
    """Raises StackError where runs on the stack would fail from the start."""
    file = checked.file
    faults = [*_unset(checked), *_without_secret(checked), *stack_packages.missing(checked)]
    if faults:
        raise file.refusal(faults)
    distant = [slot for slot, made in checked.configurations.items() if made.is_remote]
    if distant and Client().zen_store.type == StoreType.SQL:
        raise StackError(
            f"{file.shown}, line {file.line('components', distant[0])}: the {distant[0]} runs "
            "elsewhere and does not reach ZenML's database on this machine: deploy a ZenML server, "
            "and set ZENML_STORE_URL and ZENML_STORE_API_KEY."
        )


def _unset(checked: Checked) -> Iterator[Fault]:
    for each in checked.file.unset:
        yield Fault(each.line, f"{each.name} is not set: export it, or write the value here.")


def _without_secret(checked: Checked) -> Iterator[Fault]:
    store = os.environ.get("ZENML_CONFIG_PATH", "")
    place = "" if "ZENML_STORE_URL" in os.environ else f"ZENML_CONFIG_PATH={store} "
    held: dict[str, set[str]] = {}
    missing: dict[str, dict[str, int]] = {}
    for each in checked.file.secrets:
        if each.name not in held:
            try:
                secret = Client().get_secret(
                    each.name, allow_partial_name_match=False, allow_partial_id_match=False
                )
                held[each.name] = {"", *secret.values}
            except KeyError:
                held[each.name] = set()
        if each.key not in held[each.name]:
            missing.setdefault(each.name, {})[each.key] = each.line
    for name, lines in missing.items():
        verb = "update" if held[name] else "create"
        lacks = f"has no {' and no '.join(filter(None, lines))}" if any(lines) else "is not there"
        yield Fault(
            min(lines.values()),
            f"the secret {name} {lacks}: {place}uv run zenml secret {verb} {name} -i",
        )
