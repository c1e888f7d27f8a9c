"""`stack`: what the files in stacks/ say, checked, registered at ZenML, and compared with it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from ..core.errors import SettingsError, StackError
from ..core.files import alone
from .running import results, running

if TYPE_CHECKING:
    from ..stacks import Change

stack = typer.Typer(no_args_is_help=True, help="Check stack files, and move runs to a stack.")
File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A stack file.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only show what would change.")]


@stack.command()
def validate(
    files: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, help="Stack files.")],
) -> None:
    """Check stack files offline against ZenML's own classes; exit code 3 where one is refused.

    What runs there are told is checked too: `configs/runs/` and `configs/environments/`.
    """
    fit: list[str] = []
    refused: list[str] = []
    with running("stack", zenml=False) as project:
        from .. import run_settings_check, sections
        from ..stack_check import check

        refused += sections.refusals(project)
        for path in files:
            try:
                checked = check(project, path)
                run_settings_check.check(project, checked)
            except (SettingsError, StackError) as problem:
                refused.append(str(problem))
                continue
            file = checked.file
            owed = sorted({each.name for each in file.unset})
            owed += sorted({f"secret {each.name}" for each in file.secrets})
            later = f"; apply will ask for {', '.join(owed)}" if owed else ""
            fit.append(f"{file.shown} fits: {len(file.components)} components{later}.")
    for line in fit:
        results().print(line, markup=False)
    if refused:
        print("\n".join(refused), file=sys.stderr)
        raise typer.Exit(3)


@stack.command()
def apply(file: File, dry_run: DryRun = False) -> None:
    """Register the components and the stack of a file, and let runs use it.

    A second apply changes nothing. A slot that left the file leaves the stack. What this project
    did not make is never changed or deleted.
    """
    with running("stack", stack=False) as project, alone(project.locks / "stack"):
        from .. import stacks
        from ..stack_check import check

        checked = check(project, file)
        changes = stacks.apply(project, checked, dry_run)
        instead = stacks.selected_instead(project, checked)
    name, shown = checked.file.name, checked.file.shown
    _show(changes)
    if not changes:
        used = f"but {instead}" if instead else "and runs use it"
        results().print(f"Nothing to change: {name} is what {shown} says, {used}.")
    elif dry_run:
        results().print("Nothing was changed.")
    elif instead:
        results().print(f"{name} is what {shown} says now, but {instead}.")
    else:
        results().print(f"Runs use {name} from now on.")


@stack.command()
def status(file: File) -> None:
    """Show what differs between a file and what is registered; exit code 3 where anything does."""
    with running("stack", stack=False) as project:
        from .. import stacks
        from ..stack_check import check

        checked = check(project, file)
        changes = stacks.compare(project, checked)
    if changes:
        _show(changes)
        raise typer.Exit(3)
    results().print(f"{checked.file.name} is what {checked.file.shown} says, and runs use it.")


def _show(changes: list[Change]) -> None:
    for change in changes:
        results().print(Text(f"{change.sign} {change.what}"), soft_wrap=True)
        for detail in change.details:
            results().print(Text(f"    {detail}"), soft_wrap=True)
