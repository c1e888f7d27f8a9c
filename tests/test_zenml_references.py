"""What the references say of ZenML, held to the installed package."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click
import pytest
from mlops_architecture import zenml_stack

if TYPE_CHECKING:
    from zenml_classes import Installed, Named

REFERENCES = Path(__file__).parents[1] / "references"
TOOLING = REFERENCES / "tooling" / "zenml"
SLOT_WORDS = {
    "registry": "container_registry",
    "builder": "image_builder",
    "tracker": "experiment_tracker",
}
"""How the guide calls the slots that a validator may demand."""
FREE_OPTIONS = {"secret create"}
"""Commands that take any option: the keys are the person's own."""
REMOTE_STORE = "artifact_store.config.is_local"
EVERY_COMPONENT = "stack.all_components"


class Row(NamedTuple):
    """One flavour of the component guide: its type and the cells of its row by heading."""

    named: Named
    cells: Mapping[str, str]

    def keys(self, *headings: str) -> set[str]:
        return set(re.findall(r"`([^`]+)`", " ".join(self.cells.get(h, "") for h in headings)))


class Command(NamedTuple):
    """One `zenml …` of a reference, as written."""

    reference: str
    text: str


def tables(path: Path) -> Iterator[tuple[str, list[list[str]]]]:
    """The heading above each table of a reference, and the cells of its lines."""
    for part in re.split(r"^##+ ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        for table in re.findall(r"(?:^\|.*\n)+", part, flags=re.MULTILINE):
            lines = [line.strip("|").split("|") for line in table.splitlines()]
            cells = [[cell.strip() for cell in line] for line in lines]
            yield part.splitlines()[0], [cells[0], *cells[2:]]


def guide() -> list[Row]:
    """The rows of the component guide that name one flavour each."""
    return [
        Row((_type(heading), line[0].strip("`")), dict(zip(lines[0], line, strict=True)))
        for heading, lines in tables(TOOLING / "component-guide.md")
        if lines[0][0] == "flavour"
        for line in lines[1:]
    ]


def slot_tables() -> Iterator[tuple[str, Named]]:
    """Each flavour that a table of both references names in the line of a slot."""
    for path in TOOLING.glob("*.md"):
        for _, lines in tables(path):
            for line in lines[1:] if lines[0][0] == "slot" else ():
                for name in re.findall(r"`([^`]+)`", " ".join(line[1:])):
                    yield path.name, (_type(line[0]), name)


def commands() -> list[Command]:
    """Every `zenml …` of every reference, in a block or in a sentence."""
    found = []
    for path in sorted(REFERENCES.rglob("*.md")):
        text = path.read_text(encoding="utf-8")
        blocks = re.findall(r"^```\w*\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)
        prose = re.sub(r"^```\w*\n.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
        lines = "\n".join(blocks).replace("\\\n", " ").splitlines()
        quoted = re.findall(r"`(zenml\s[^`]+)`", prose)
        written = [line for line in lines if line.startswith("zenml ")] + quoted
        found += [Command(path.name, " ".join(text.split())) for text in written]
    return found


def _type(heading: str) -> str:
    return heading.lower().replace(" ", "_")


@pytest.fixture(scope="session")
def flavours(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[Named, Installed]]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("ZENML_CONFIG_PATH", str(tmp_path_factory.mktemp("zenml")))
        environment.setenv("ZENML_ANALYTICS_OPT_IN", "false")
        pytest.importorskip("zenml")
        from zenml_classes import installed

        yield installed()


@pytest.fixture(scope="session")
def cli(flavours: dict[Named, Installed]) -> click.Group:
    import zenml.cli

    return zenml.cli.cli


class TestComponentGuide:
    def test_names_every_flavour_once_in_the_table_of_its_slot(
        self, flavours: dict[Named, Installed]
    ) -> None:
        assert sorted(row.named for row in guide()) == sorted(flavours)

    def test_leaves_no_cell_empty(self) -> None:
        empty = [row.named for row in guide() if not all(row.cells.values())]
        assert empty == []

    def test_says_who_can_schedule(self, flavours: dict[Named, Installed]) -> None:
        said = {r.named: r.cells["schedules"].split(";")[0] for r in guide() if "schedules" in r[1]}
        is_so = {
            named: "yes" if flavour.says("is_schedulable") else "no"
            for named, flavour in flavours.items()
            if named[0] == "orchestrator"
        }
        assert said == is_so

    def test_says_which_slots_each_flavour_demands(self, flavours: dict[Named, Installed]) -> None:
        said = {
            row.named: {slot for word, slot in SLOT_WORDS.items() if word in row.cells["needs"]}
            for row in guide()
        }
        assert said == {named: flavour.required_slots for named, flavour in flavours.items()}

    def test_says_what_needs_a_deployed_server(self, flavours: dict[Named, Installed]) -> None:
        said = {row.named for row in guide() if "server" in row.cells["needs"]}
        assert said == {
            named
            for named, flavour in flavours.items()
            if named[0] in {"orchestrator", "step_operator"} and flavour.says("is_remote")
        }

    def test_says_which_step_operators_refuse_a_local_store(
        self, flavours: dict[Named, Installed]
    ) -> None:
        said = {row.named for row in guide() if "remote store" in row.cells["needs"]}
        assert said == {
            named
            for named, flavour in flavours.items()
            if named[0] == "step_operator" and flavour.refuses(REMOTE_STORE)
        }

    def test_says_which_integration_ships_each_flavour(
        self, flavours: dict[Named, Installed]
    ) -> None:
        said = {row.named: row.cells["needs"].split(";")[0] for row in guide()}
        assert said == {
            named: f"integration {flavour.integration}" if flavour.integration else "core"
            for named, flavour in flavours.items()
        }

    def test_names_only_keys_that_the_configuration_has(
        self, flavours: dict[Named, Installed]
    ) -> None:
        named = {name for _, name in flavours}
        for row in guide():
            keys = flavours[row.named].keys
            assert row.keys("needs", "schedules") <= keys, row.named
            assert row.keys("choose it when", "against it") <= keys | named, row.named

    def test_names_every_key_without_a_default(self, flavours: dict[Named, Installed]) -> None:
        for row in guide():
            assert flavours[row.named].required_keys <= row.keys("needs"), row.named


def test_tables_of_slots_name_flavours_of_that_slot(flavours: dict[Named, Installed]) -> None:
    named = list(slot_tables())
    assert {path for path, _ in named} == {"component-guide.md", "deployment-architectures.md"}
    assert [entry for entry in named if entry[1] not in flavours] == []


class TestStackRules:
    """The table that the rules decide by is the installed package's."""

    @pytest.mark.parametrize("row", zenml_stack.FLAVOURS, ids=lambda row: f"{row.slot}-{row.value}")
    def test_flavour_is_as_zenml_has_it(
        self, row: zenml_stack.Flavour, flavours: dict[Named, Installed]
    ) -> None:
        flavour = flavours[row.slot, row.flavour]
        assert row.integration == flavour.integration
        assert row.schedulable == flavour.says("is_schedulable")
        images = {"container_registry", "image_builder"}
        assert set(row.needs) == flavour.required_slots & images
        assert row.remote == (row.slot == "orchestrator" and flavour.refuses(EVERY_COMPONENT))

    def test_slots_are_component_types(self, flavours: dict[Named, Installed]) -> None:
        assert {slot.type for slot in zenml_stack.SLOTS} <= {kind for kind, _ in flavours}


def resolved(words: list[str], group: click.Group) -> tuple[click.Command, str, list[str]]:
    """The command that the first words name, its path, and the words that follow."""
    command: click.Command = group
    for i, word in enumerate(words):
        if not isinstance(command, click.Group):
            return command, " ".join(words[:i]), words[i:]
        found = command.get_command(click.Context(command), word)
        assert found is not None, f"zenml has no command {' '.join(words[: i + 1])}"
        command = found
    return command, " ".join(words), []


class TestCommands:
    def test_some_are_written(self) -> None:
        assert len(commands()) > 20

    @pytest.mark.parametrize("written", commands(), ids=lambda command: command.text[:60])
    def test_exists_with_its_options(
        self, written: Command, cli: click.Group, flavours: dict[Named, Installed]
    ) -> None:
        command, path, rest = resolved(shlex.split(written.text)[1:], cli)
        assert not isinstance(command, click.Group), f"{written.text} is no command yet"
        given = {word.partition("=")[0]: word.partition("=")[2] for word in rest if word[0] == "-"}
        known = {name for param in command.params for name in (*param.opts, *param.secondary_opts)}
        beyond = {option.removeprefix("--") for option in given if option not in known}
        if path.endswith(" register") and "--flavor" in given:
            flavour = flavours[path.split()[0].replace("-", "_"), given["--flavor"]]
            assert flavour.required_keys <= beyond <= flavour.keys
        elif path not in FREE_OPTIONS:
            assert beyond == set()

    @pytest.mark.parametrize("written", commands(), ids=lambda command: command.text[:60])
    def test_has_the_arguments_that_it_demands(self, written: Command, cli: click.Group) -> None:
        command, path, rest = resolved(shlex.split(written.text)[1:], cli)
        demanded = [p for p in command.params if isinstance(p, click.Argument) and p.required]
        assert len([word for word in rest if word[0] != "-"]) >= len(demanded), path

    def test_connectors_reach_what_components_ask_for(
        self, flavours: dict[Named, Installed]
    ) -> None:
        asked: set[Any] = set()
        for flavour in flavours.values():
            if requirement := flavour.flavour.service_connector_requirements:
                asked.add(requirement.resource_type)
        for written in commands():
            assert set(re.findall(r"--resource-type[= ](\S+)", written.text)) <= asked
