"""run.py and the wheel: what a newcomer and `pipx install` get."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def run() -> ModuleType:
    """run.py as a module."""
    spec = importlib.util.spec_from_file_location("run", ROOT / "run.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("arguments", [[], ["tset"], ["demo", "extra"], ["--"], ["read"]])
def test_wrong_use_shows_how_and_is_status_2(
    run: ModuleType, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run.main(arguments) == 2
    assert "run.py demo" in capsys.readouterr().err


def test_an_old_python_is_told_so(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run, "OLDEST", (99, 0))
    assert run.main(["demo"]) == 2
    assert "needs Python 99.0" in capsys.readouterr().err


def test_the_environment_is_made_anew_when_the_lock_changes(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    calls: list[list[str]] = []
    (tmp_path / "bin").mkdir()
    (tmp_path / "lock").write_text("one")
    monkeypatch.setattr(run, "VENV", tmp_path)
    monkeypatch.setattr(run, "LOCK", tmp_path / "lock")
    monkeypatch.setattr(run, "STAMP", tmp_path / "stamp")
    monkeypatch.setattr(run, "python", lambda: tmp_path / "bin")  # exists, which is all that is asked
    monkeypatch.setattr(run, "python_version", lambda: sys.version_info[:2])
    monkeypatch.setattr(run, "check_call", calls.append)
    run.prepare()
    assert [call[3] for call in calls] == ["install", "install"]
    run.prepare()
    assert len(calls) == 2
    (tmp_path / "lock").write_text("two")
    run.prepare()
    assert len(calls) == 4


def test_every_check_runs_and_one_failure_fails_all(run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []

    def fake(module: str, *arguments: str) -> int:
        ran.append(" ".join((module, *arguments[:1])))
        return int(module == "mypy")

    monkeypatch.setattr(run, "run", fake)
    assert run.test([]) == 1
    assert ran == ["ruff check", "ruff format", "mypy --strict", "dragoman check", "dragoman score", "pytest -q"]
    monkeypatch.setattr(run, "run", lambda *_: 0)
    assert run.test([]) == 0


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's wheel, built without fetching anything."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*command, "-w", str(folder), str(ROOT)], check=True)
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_holds_packs_types_and_licence(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert any(name.startswith("dragoman/packs/zh/") and name.endswith(".tsv") for name in names)
    assert any(name.startswith("dragoman/packs/zh/") and name.endswith(".toml") for name in names)
    assert any(name.startswith("dragoman/packs/zh/publishers/") and name.endswith(".toml") for name in names)
    assert {"dragoman/py.typed", "dragoman/model.toml"} <= set(names)
    assert {"LICENSE", "NOTICE"} <= {name.rpartition("/")[2] for name in names if "licenses/" in name}
    assert not any(name.startswith(("tests/", "examples/")) for name in names)


def test_the_installed_wheel_reads_a_page(wheel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTHONPATH", raising=False)  # the tree of whoever runs the tests is not the wheel
    venv = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(venv)], check=True)
    inner = venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    install = [sys.executable, "-m", "pip", "--python", str(inner), "install", "-q", "--no-deps", "--no-index"]
    subprocess.run([*install, str(wheel)], check=True)
    # The dependencies stand in for what pip would fetch: ours are seen, but not our editable install.
    purelib = sysconfig.get_path("purelib", vars={"base": str(venv), "platbase": str(venv)})
    (Path(purelib) / "ours.pth").write_text(sysconfig.get_path("purelib") + "\n")
    where = subprocess.run(
        [inner, "-c", "import dragoman; print(dragoman.__file__)"], capture_output=True, text=True, check=True
    )
    assert Path(where.stdout.strip()).is_relative_to(venv)
    page = next(path for path in sorted((ROOT / "examples").rglob("*.txt")))
    command = venv / ("Scripts/dragoman.exe" if os.name == "nt" else "bin/dragoman")
    done = subprocess.run([command, "read", page, "--to", "documents"], capture_output=True, check=True, cwd=tmp_path)
    assert page.name.encode() in done.stdout
