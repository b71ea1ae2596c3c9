"""Every command in README.md and docs/ is run, and the documents name every verb of the command line.

A fenced block marked `console` holds lines that begin with `$ `; they are run in order, in one copy of the project's
examples, where `dragoman` is the one under test. What stands below a command must stand in its output, line by line in
this order; `...` stands for lines that are not shown. A block marked `pycon` is run as a doctest.
"""

from __future__ import annotations

import doctest
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dragoman.cli import app
from dragoman.model import Report, model

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
SESSION = re.compile(r"^```pycon\n(.*?)^```", re.MULTILINE | re.DOTALL)
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!\w+:)([^)#\s]+)")
# These are run as checks of their own, or would run the tests within the tests.
NOT_HERE = (
    "git ",
    "pipx ",
    "pre-commit ",
    "make ",
    "python3 run.py test",
    "python3 run.py demo",
    "python3 run.py --",
    "cd ",
)

RAN: set[str] = set()


def shown(page: Path) -> list[tuple[str, list[str]]]:
    """The commands of all console blocks of a page, in order, each with the lines that stand below it."""
    out: list[tuple[str, list[str]]] = []
    for line in "".join(BLOCK.findall(page.read_text("utf-8"))).splitlines():
        if line.startswith("$ "):
            out.append((line[2:], []))
        elif line.strip() != "...":
            out[-1][1].append(line)
    return out


def commands(page: Path) -> list[str]:
    return [command for command, _ in shown(page)]


@pytest.fixture
def workplace(tmp_path: Path) -> Path:
    """A folder with what the commands of the documents use."""
    for name in ("examples", "benchmarks", "tools", "src"):
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "floors.json", tmp_path)
    return tmp_path


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_runs(page: Path, workplace: Path) -> None:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = os.environ | {"PATH": path, "PYTHONUTF8": "1"}
    for command, lines in shown(page):
        if command.startswith(NOT_HERE) or command in RAN:
            continue
        if ">" not in command and ".record" not in command:  # what writes no file need not run again for another page
            RAN.add(command)
        done = subprocess.run(command, shell=True, cwd=workplace, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, f"{page.name}: $ {command}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
        printed = iter(done.stdout.splitlines())
        assert [line for line in lines if line not in printed] == [], f"{page.name}: $ {command}\n{done.stdout[:2000]}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_session_gives_what_it_shows(page: Path) -> None:
    for session in SESSION.findall(page.read_text("utf-8")):
        test = doctest.DocTestParser().get_doctest(session, {}, page.name, str(page), 0)
        assert test.examples
        assert doctest.DocTestRunner().run(test).failed == 0


def test_readme_shows_what_is_printed_and_how_to_read_from_python() -> None:
    readme = ROOT / "README.md"
    assert any(lines for _, lines in shown(readme))
    assert "dragoman.read(" in "".join(SESSION.findall(readme.read_text("utf-8")))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_to_files(page: Path) -> None:
    prose = FENCED.sub("", page.read_text("utf-8"))
    broken = [link for link in LINK.findall(prose) if not (page.parent / link).exists()]
    assert broken == []


def test_the_documents_name_every_verb() -> None:
    text = "\n".join(page.read_text("utf-8") for page in PAGES)
    verbs = [command.name or command.callback.__name__ for command in app.registered_commands if command.callback]
    assert [verb for verb in verbs if f"dragoman {verb}" not in text] == []


def test_readme_gives_the_two_commands_of_a_newcomer() -> None:
    assert {"python3 run.py demo", "python3 run.py test"} <= set(commands(ROOT / "README.md"))


def test_the_architecture_names_every_module_and_every_part_of_a_pack() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    package = ROOT / "src" / "dragoman"
    modules = {path.relative_to(package).as_posix() for path in package.rglob("*.py")} - {"sources/__init__.py"}
    parts = {path.name + ("/" if path.is_dir() else "") for path in (package / "packs" / "zh").iterdir()}
    assert sorted(name for name in modules | parts if f"`{name}`" not in text) == []
    known = {name.rpartition("/")[2] for name in modules | {"tools/train_names.py"}}
    assert sorted(name for name in re.findall(r"`([\w/]+\.py)`", text) if name.rpartition("/")[2] not in known) == []


def test_the_codebook_names_all_of_the_model() -> None:
    book = (ROOT / "docs" / "codebook.md").read_text("utf-8")
    known = model()

    def cells(name: str) -> list[set[str]]:
        (row,) = re.findall(rf"^\| {name} \|.*$", book, re.MULTILINE)
        return [set(re.findall(r"\w+", cell)) for cell in row.split("|")[1:-1]]

    for kind in known.kinds.values():
        *_, roles, modes = cells(kind.name)
        assert (roles, modes) == (set(kind.roles), set(kind.modes)), kind.name
    for fact in known.facts.values():
        _, fields, about = cells(fact.name)
        assert fields == set(fact.fields), fact.name
        assert set(fact.names) <= about, fact.name
    assert set(re.findall(r"`(\w+)`", re.findall(r"^\| `status` \|.*$", book, re.MULTILINE)[0])) == {
        "status",
        *known.statuses,
    }
    (parties,) = re.findall(r"^\| `participants` \|.*$", book, re.MULTILINE)
    assert [name for name in known.participant_kinds if name not in parties] == []
    assert [field for field in Report.__dataclass_fields__ if f"`{field}`" not in book] == []
