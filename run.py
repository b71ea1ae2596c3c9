#!/usr/bin/env python3
"""Sets Dragoman up in .venv beside this file and runs it there; needs Python 3.11 or later and nothing else.

Use:
    python3 run.py demo               read the examples that the project ships and show what was found
    python3 run.py test               everything that CI checks
    python3 run.py -- read FILE ...   any other command of dragoman
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements.lock"
STAMP = VENV / "dragoman.stamp"
OLDEST = (3, 11)


def main(arguments):
    if sys.version_info < OLDEST:
        return fail("Dragoman needs Python {}.{} or later; this is {}".format(*OLDEST, sys.version.split()[0]))
    if arguments[:1] == ["demo"] and len(arguments) == 1:
        action = demo
    elif arguments[:1] == ["test"]:
        action = test
    elif arguments[:1] == ["--"] and len(arguments) > 1:
        action = passthrough
    else:
        print(__doc__.strip(), file=sys.stderr)
        return 0 if arguments in (["-h"], ["--help"]) else 2
    try:
        prepare()
    except subprocess.CalledProcessError as error:
        return fail(
            "setting up .venv failed at: {}\n"
            "The lines above say why. On Debian and Ubuntu `venv` is a package of its own, python3-venv; "
            "pip needs to reach a package index, or one named by its own settings.".format(
                " ".join(str(part) for part in error.cmd)
            )
        )
    return action(arguments[1:])


def fail(message):
    print("run.py: " + message, file=sys.stderr)
    return 2


# --- the environment ---------------------------------------------------------------------------------------------


def wanted_stamp():
    """What .venv must have been made from: the lock, the project file and this Python."""
    digest = hashlib.sha256()
    for part in (LOCK.read_bytes(), (ROOT / "pyproject.toml").read_bytes(), sys.version.encode()):
        digest.update(part)
    return digest.hexdigest()


def python():
    """The interpreter inside .venv."""
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def prepare():
    """Make .venv, or bring it up to date, unless its stamp says that it is as the lock wants it."""
    stamp = wanted_stamp()
    if python().exists() and STAMP.exists() and STAMP.read_text().strip() == stamp:
        return
    print("Setting up .venv from requirements.lock (once; half a minute or so) ...", file=sys.stderr)
    if not python().exists() or python_version() != sys.version_info[:2]:
        check_call([sys.executable, "-m", "venv", "--clear", str(VENV)])
    pip = [str(python()), "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
    check_call([*pip, "--require-hashes", "-r", str(LOCK)])
    # The lock holds the build backend too, so that nothing unhashed is fetched to build the project itself.
    check_call([*pip, "--no-deps", "--no-build-isolation", "-e", str(ROOT)])
    STAMP.write_text(stamp + "\n")


def python_version():
    """Version of the Python in .venv; None if it does not start (made by a Python that is gone)."""
    code = "import sys; print(*sys.version_info[:2])"
    try:
        out = subprocess.run([str(python()), "-c", code], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
    return tuple(int(number) for number in out.split())


def check_call(command):
    subprocess.run(command, check=True, cwd=ROOT, stdout=sys.stderr)


# --- what to run in it -------------------------------------------------------------------------------------------


def run(module, *arguments):
    """Run a module of .venv in the project's folder; its exit status."""
    environment = dict(os.environ, PYTHONUTF8="1")
    sys.stdout.flush()
    return subprocess.run([str(python()), "-m", module, *arguments], cwd=ROOT, env=environment).returncode


def demo(_arguments):
    return run("dragoman", "demo", "examples")


def test(arguments):
    """All checks, each of them even if an earlier one fails; further arguments go to pytest."""
    checks = [
        ("lint", ["ruff", "check", "."]),
        ("format", ["ruff", "format", "--check", "."]),
        ("types", ["mypy", "--strict", "src/dragoman"]),
        ("pack and its examples", ["dragoman", "check"]),
        ("score against the floors", ["dragoman", "score", "examples", "--floors", "floors.json"]),
        ("tests", ["pytest", "-q", *arguments]),
    ]
    failed = []
    for name, command in checks:
        print("--- {}: {}".format(name, " ".join(command)))
        if run(*command) != 0:
            failed.append(name)
    if failed:
        print("run.py test: failed: " + ", ".join(failed), file=sys.stderr)
        return 1
    print("run.py test: all checks hold")
    return 0


def passthrough(arguments):
    environment = dict(os.environ, PYTHONUTF8="1")
    return subprocess.run([str(python()), "-m", "dragoman", *arguments], env=environment).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
