"""Lints the rules of a pack: each is compiled by itself, so that one run tells all faults; then what no compiler sees:
triggers that cannot occur, options that name nothing, modes without a word, word sets that nobody uses.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dragoman.lint_words import Problem
from dragoman.match import Compiler, PackError, Rule, Types
from dragoman.model import model
from dragoman.pack import (
    ACTOR_KEYS,
    EVENT_KEYS,
    FACT_KEYS,
    FILE_KEYS,
    NOUN_KEYS,
    Pack,
    check_roles,
    make_rule,
    read_toml,
)
from dragoman.spelling import can_avoid, can_occur
from dragoman.status import CUE_KEYS, SIDES

#: Word sets that the engine itself uses.
_USED_BY_ENGINE = frozenset({"and", "stop"})
_MODE = re.compile(r"\(\?P<mode>([^()]*)\)")
_SET = re.compile(r"\{(?:[a-z_]+:)?@([A-Za-z_]+)\}")
#: Options of event rules whose value is a role of the kind.
_ROLE_OPTIONS = ("subject", "split")
#: Options of event rules with the values that the engine knows; another one would silently do nothing.
_VALUES = {
    "dates": {"adjacent", "clause", "end", "none", "object", "start", "verb"},
    "sides": {"before", "none", "pair", "talks"},
    "blocks": {"title", "heading", "body", "caption"},
    "only": {"headline", "arrival"},
    "needs": {"date", "date or amount", "date or name", "own date", "firm", "held", "plan"}
    | {"founded", "joint_statement", "office"},
}


def lint_rules(folder: Path) -> list[Problem]:
    """Rules that do not compile, or name types, sets, roles, modes and keys that do not exist."""
    try:
        raw = read_toml(folder / "pack.toml")
        types = Types(raw["types"]["concrete"], raw["types"]["abstract"])
        sentence = raw["sentence"]
        compiler = Compiler(types, raw["sets"], raw.get("classes", {}), sentence["ends"], sentence["clause"], "Actor")
    except (PackError, OSError, KeyError) as error:
        return [Problem("pack.toml", "", f"{type(error).__name__}: {error}")]
    problems: list[Problem] = []
    problems += _file(folder / "nouns.toml", compiler, NOUN_KEYS, None)
    problems += _phases(folder / "actors.toml", compiler)
    for path in sorted((folder / "events").glob("*.toml")):
        problems += _file(path, compiler, EVENT_KEYS, path.stem)
    for path in sorted((folder / "facts").glob("*.toml")):
        problems += _file(path, compiler, FACT_KEYS, path.stem)
    return problems


def _file(path: Path, compiler: Compiler, keys: frozenset[str], makes: str | None) -> Iterator[Problem]:
    try:
        raw = read_toml(path)
    except (PackError, OSError) as error:
        yield Problem(path.name, "", str(error).removeprefix(f"{path.name}: "))
        return
    for key in sorted(raw.keys() - FILE_KEYS):
        yield Problem(path.name, "", f"unknown key {key}")
    for row in raw.get("rule", []):
        yield from _row({**raw.get("defaults", {}), **row}, compiler, raw.get("makes", makes), path.name, keys)


def _row(
    row: dict[str, Any], compiler: Compiler, makes: str | None, source: str, keys: frozenset[str]
) -> Iterator[Problem]:
    try:
        rule = make_rule(row, compiler, makes, source, keys)
        if keys is EVENT_KEYS:
            check_roles([rule])
    except PackError as error:
        place = f"rule {row.get('name')}"
        yield Problem(source, place, str(error).removeprefix(f"{source}: {place}: "))


def _phases(path: Path, compiler: Compiler) -> Iterator[Problem]:
    try:
        raw = read_toml(path)
    except (PackError, OSError) as error:
        yield Problem(path.name, "", str(error))
        return
    for key in sorted(raw.keys() - {"characters", "phase"}):
        yield Problem(path.name, "", f"unknown key {key}")
    for phase in raw.get("phase", []):
        for key in sorted(phase.keys() - {"name", "rule"}):
            yield Problem(path.name, f"phase {phase.get('name')}", f"unknown key {key}")
        for row in phase.get("rule", []):
            yield from _row(row, compiler, None, path.name, ACTOR_KEYS)


# What a loaded pack shows -----------------------------------------------------------------------------


def lint_pack(pack: Pack) -> list[Problem]:
    """Faults that stop no loader."""
    lints = (_names, _types, _triggers, _options, _cues, _modes, _sets, _wanting)
    return [problem for lint in lints for problem in lint(pack)]


def every_rule(pack: Pack) -> list[Rule]:
    """All rules of a pack that are patterns over words and mentions."""
    return [*(rule for phase in pack.phases for rule in phase), *pack.nouns, *pack.events, *pack.facts]


def _names(pack: Pack) -> Iterator[Problem]:
    counts = Counter(rule.name for rule in every_rule(pack))
    for rule in every_rule(pack):
        if counts[rule.name] > 1:
            yield Problem(rule.source, f"rule {rule.name}", "another rule has the same name")
            counts[rule.name] = 0


def _triggers(pack: Pack) -> Iterator[Problem]:
    for rule in every_rule(pack):
        if rule.makes == "indicator":  # its triggers are looked for in the words of mentions too
            continue
        for trigger in rule.triggers:
            if not can_occur(trigger, rule.regex.pattern):
                yield Problem(rule.source, f"rule {rule.name}", f"the trigger {trigger} cannot occur in the pattern")
        if rule.triggers and can_avoid(rule.triggers, rule.regex.pattern):
            yield Problem(rule.source, f"rule {rule.name}", "the pattern can match without any of the triggers")


def _types(pack: Pack) -> Iterator[Problem]:
    for rule in [*(rule for phase in pack.phases for rule in phase), *pack.nouns]:
        if rule.makes not in pack.types.char:
            yield Problem(rule.source, f"rule {rule.name}", f"makes {rule.makes}, which is no type of pack.toml")


def _options(pack: Pack) -> Iterator[Problem]:
    cues = {cue["name"] for cue in pack.status["cue"]}
    for rule in pack.events:
        place, kind = f"rule {rule.name}", model().kinds[rule.makes]
        for option in _ROLE_OPTIONS:
            role = rule.options.get(option)
            if role is not None and role not in (*kind.roles, "name"):
                yield Problem(rule.source, place, f"{option}: {rule.makes} has no role {role}")
        status = rule.options.get("status")
        if status is not None and status not in model().statuses:
            yield Problem(rule.source, place, f"unknown status {status}")
        for option, known in _VALUES.items():
            told = rule.options.get(option, ())
            for value in (told,) if isinstance(told, str) else told:
                if value not in known:
                    yield Problem(rule.source, place, f"{option}: the engine knows no {value}")
        for cue in rule.options.get("deaf", ()):
            if cue not in cues:
                yield Problem(rule.source, place, f"deaf to the cue {cue}, which does not exist")


def _cues(pack: Pack) -> Iterator[Problem]:
    known = {*model().statuses, "ignored", "several"}
    names = Counter(cue["name"] for cue in pack.status["cue"])
    for cue in pack.status["cue"]:
        place = f"cue {cue['name']}"
        for key in sorted(cue.keys() - CUE_KEYS):
            yield Problem("status.toml", place, f"unknown key {key}")
        if cue.get("dates", "behind") != "behind":
            yield Problem("status.toml", place, f"dates: the engine knows no {cue['dates']}")
        if not cue.get("yes"):
            yield Problem("status.toml", place, "no example of what it tells (yes)")
        if not cue.get("no"):
            yield Problem("status.toml", place, "no example of what it must leave (no)")
        if cue["status"] not in known:
            yield Problem("status.toml", place, f"unknown status {cue['status']}")
        if cue["side"] not in SIDES:
            yield Problem("status.toml", place, f"unknown side {cue['side']}")
        if names[cue["name"]] > 1:
            yield Problem("status.toml", place, "another cue has the same name")
            names[cue["name"]] = 0
        for word, count in Counter(cue.get("words", ())).items():
            if count > 1:
                yield Problem("status.toml", place, f"{word} stands there twice")


def _modes(pack: Pack) -> Iterator[Problem]:
    tables = pack.refer["modes"]
    for name, table in tables.items():
        kind = model().kinds.get(name)
        if kind is None:
            yield Problem("refer.toml", f"modes.{name}", "unknown kind")
            continue
        for word, mode in table.items():
            if mode and mode not in kind.modes:  # an empty one is known to have none
                yield Problem("refer.toml", f"modes.{name}", f"{word}: {name} has no mode {mode}")
    for rule in pack.events:
        table = tables.get(rule.makes, {})
        for group in _MODE.findall(rule.pattern):
            for word in group.split("|"):
                if word.isalpha() and word not in table and "mode" not in rule.options:
                    yield Problem(rule.source, f"rule {rule.name}", f"no mode in refer.toml for {word}")


def _sets(pack: Pack) -> Iterator[Problem]:
    used = _USED_BY_ENGINE.union(*(_SET.findall(rule.pattern) for rule in every_rule(pack)))
    for name in sorted(pack.sets.keys() - used):
        yield Problem("pack.toml", f"sets.{name}", "no pattern uses this word set")
    for name, words in pack.sets.items():
        for word, count in Counter(words).items():
            if count > 1:
                yield Problem("pack.toml", f"sets.{name}", f"{word} stands there twice")


def _wanting(pack: Pack) -> Iterator[Problem]:
    facts = model().facts
    for rule in every_rule(pack):
        reports = rule in pack.events or rule.makes in facts
        if not rule.yes and (reports or rule not in pack.facts):
            yield Problem(rule.source, f"rule {rule.name}", "no example of what it reads (yes)")
        if not rule.no and reports:
            yield Problem(rule.source, f"rule {rule.name}", "no example of what it must leave (no)")
