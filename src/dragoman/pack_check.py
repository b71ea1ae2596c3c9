"""`dragoman check`: what is wrong with a pack. Lints its words and rules, and runs the examples of rules and cues."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from dragoman.examples import ExampleRunner
from dragoman.lint_rules import lint_pack, lint_rules
from dragoman.lint_words import Problem, lint_words
from dragoman.match import PackError
from dragoman.pack import Pack, load_folder, read_toml
from dragoman.timex import failures

__all__ = ["Problem", "check"]


def check(pack_dir: Path) -> list[Problem]:
    """All problems of the pack in a folder: of its words, of its rules, of its examples."""
    if not (pack_dir / "pack.toml").is_file():
        return [Problem(pack_dir.name, "", "no pack: there is no pack.toml in it")]
    problems = [*lint_words(pack_dir / "lexicon"), *lint_rules(pack_dir)]
    try:
        pack = load_folder(pack_dir)
    except (PackError, OSError, ValueError, re.error) as error:
        told = str(error)
        if not any(str(problem) == told for problem in problems):
            problems.append(Problem(pack_dir.name, "", told))
        return problems
    except KeyError as error:
        return [*problems, Problem(pack_dir.name, "", f"the key {error} is missing")]
    return [*problems, *lint_pack(pack), *_examples(pack)]


def _examples(pack: Pack) -> Iterator[Problem]:
    for fault in failures(read_toml(pack.folder / "time.toml")):
        name, _, reason = fault.partition(": ")
        yield Problem("time.toml", f"rule {name}", reason)
    runner = ExampleRunner(pack)
    for number, phase in enumerate(pack.phases):
        for rule in phase:
            for fault in runner.faults(rule, number):
                yield Problem(rule.source, f"rule {rule.name}", fault)
    for rule in pack.nouns:
        for fault in runner.faults(rule, len(pack.phases)):
            yield Problem(rule.source, f"rule {rule.name}", fault)
    for rule in [*pack.events, *pack.facts]:
        for fault in runner.faults(rule):
            yield Problem(rule.source, f"rule {rule.name}", fault)
    for cue in pack.status["cue"]:
        for fault in runner.cue_faults(cue):
            yield Problem("status.toml", f"cue {cue['name']}", fault)
