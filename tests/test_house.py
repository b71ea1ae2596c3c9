"""Rules of the house that a machine can check: where Chinese may stand, docstrings, sizes, no registry's address."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MODULES = sorted((ROOT / "src").rglob("*.py"))
CJK = re.compile("[\u2e80-\u2fff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]")
LONGEST = 450  # lines of a module; one that grows past this is two things

# In parts, so that this file does not name them itself.
REGISTRIES = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("deb", "debian", "org"),
        ("anaconda", "org"),
        ("archive", "ubuntu", "com"),
    )
]


def project_files() -> list[Path]:
    """What the repository holds, or would hold; outside of one, the files beside this one's project."""
    try:
        command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        listing = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
        files = [ROOT / name for name in listing.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        folders = ("src", "tests", "docs", "examples", "tools", "benchmarks")
        files = [path for folder in folders for path in (ROOT / folder).rglob("*")]
        files += [path for path in ROOT.iterdir() if path.is_file()]
    return [path for path in files if path.is_file() and "__pycache__" not in path.parts]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_module(path: Path) -> None:
    source = path.read_text("utf-8")
    lines = [number for number, line in enumerate(source.splitlines(), 1) if CJK.search(line)]
    assert not lines, f"{path}: words of a language belong into a pack, not into code: lines {lines}"
    assert ast.get_docstring(ast.parse(source)), f"{path}: no docstring says what the module is for"
    assert source.count("\n") <= LONGEST, f"{path}: {source.count(chr(10))} lines; is it one thing?"


def test_no_file_names_a_registry() -> None:
    hosts = [host.encode() for host in REGISTRIES]
    named = [path for path in project_files() if any(host in path.read_bytes() for host in hosts)]
    assert named == []


def test_the_lock_holds_hashes_and_no_addresses() -> None:
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    assert "://" not in lock
    assert "--index-url" not in lock
    requirements = re.split(r"^(?=[\w.-]+==)", lock, flags=re.MULTILINE)[1:]
    assert [requirement.splitlines()[0] for requirement in requirements if "--hash=sha256:" not in requirement] == []


def test_the_lock_holds_every_dependency_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wanted = project["project"]["dependencies"] + project["project"]["optional-dependencies"]["dev"]
    names = {re.match(r"[\w.-]+", line).group().lower().replace("_", "-") for line in wanted}  # type: ignore[union-attr]
    locked = set(re.findall(r"^([\w.-]+)==", (ROOT / "requirements.lock").read_text("utf-8"), re.MULTILINE))
    assert names <= locked


def test_hooks_are_local() -> None:
    config = (ROOT / ".pre-commit-config.yaml").read_text("utf-8")
    assert set(re.findall(r"repo: (\S+)", config)) == {"local"}


def test_ci_is_executable_and_runs_all_checks() -> None:
    ci = ROOT / ".ci" / "run"
    assert "run.py test" in ci.read_text("utf-8")
    assert ci.stat().st_mode & 0o111
