"""Finds time expressions in a text by the rules of a pack; says what they say, not yet which day that is.

Nothing here knows a language. The pack's `time.toml` names the words and patterns; this module turns
what a pattern caught into a `Point` (a day, month, year or other period, as far as the text tells it), an
`Interval`, an `Amount` or a name, and leaves the calendar to `dragoman.calendar`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from dragoman.regex import Pattern, Regex
from dragoman.timepattern import ANY, Memo, PatternError, Slot, compile_pattern

#: The value of an anaphor that means the days of a visit told elsewhere.
VISIT_PERIOD = "visit_period"
KINDS = frozenset({"date", "range", "anaphor", "vague", "duration", "clock", "anniversary"})
MONTH_PARTS = {"early": (1, 10), "mid": (11, 20), "late": (21, 31)}
UNITS = frozenset({"day", "week", "month", "year"})
_READS = frozenset({"number", "digits", "two_digits"})
_RULE_KEYS = frozenset({"name", "kind", "pattern", "set", "yes", "no", "todo"})
_SECTIONS = frozenset({"numerals", "part", "slot", "rule", "direction"})
#: Fields that a slot may fill beside those of a Point.
_OTHER = frozenset({"count", "unit", "edge", "sign", "approximate", "name", "era", "more", "half"})


class TimeRuleError(ValueError):
    """A mistake in time.toml; the message names the rule and the reason."""


@dataclass(frozen=True, slots=True)
class Point:
    """A day or period as the text gives it; a shift counts from the anchor, `same` refers to what stands before."""

    year: int | None = None
    year_shift: int | None = None
    month: int | None = None
    month_shift: int | None = None
    day: int | None = None
    day_shift: int | None = None
    week_shift: int | None = None
    weekday: int | None = None
    part: str | None = None
    decade: int | None = None
    century: int | None = None
    century_shift: int | None = None
    same: str | None = None
    feast: str | None = None
    lunar_month: int | None = None
    lunar_day: int | None = None
    approximate: bool = False
    base: str | None = None


@dataclass(frozen=True, slots=True)
class Interval:
    """From one point to another; None where it is open."""

    start: Point | None
    end: Point | None


@dataclass(frozen=True, slots=True)
class Amount:
    """So many days, weeks, months or years."""

    count: int
    unit: str
    approximate: bool = False


@dataclass(slots=True, unsafe_hash=True)
class TimeMention:
    """A time expression where it stands: code point offsets, kind, and its value before resolution."""

    start: int
    end: int
    kind: str  # date, range, anaphor, vague, duration, clock, anniversary
    value: Point | Interval | Amount | str | None
    rule: str


#: The kind of an expression and its value.
Said = tuple[str, Point | Interval | Amount | str | None]
#: What so many different expressions say is kept: news repeat a few hundred of them.
KEPT = 10_000
_UNREAD: Any = object()
_POINT_FIELDS = frozenset(item.name for item in fields(Point))


@dataclass(frozen=True, slots=True)
class _Rule:
    name: str
    kind: str
    constants: dict[str, Any]
    pattern: Pattern
    slots: tuple[Slot, ...]
    prefixes: frozenset[str]


class Numerals:
    """Numbers as a language writes them: a digit each, or with units (ten, hundred, thousand)."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        self.digits: dict[str, int] = dict(table.get("digits", {}))
        self.units: dict[str, int] = dict(table.get("units", {}))
        self.special: dict[str, int] = dict(table.get("special", {}))
        self.characters = frozenset(self.digits) | frozenset(self.units)

    def read(self, text: str) -> int:
        """The value of a numeral."""
        if text in self.special:
            return self.special[text]
        if text.isascii():
            return int(text)
        if all(char in self.digits for char in text):
            return self.read_digits(text)
        total = current = 0
        for char in text:
            if char in self.units:
                total += (current or 1) * self.units[char]
                current = 0
            else:
                current = self.digits[char] if not char.isascii() else current * 10 + int(char)
        return total + current

    def read_digits(self, text: str) -> int:
        """The value of digits written one after another."""
        return int("".join(str(self.digits.get(char, char)) for char in text))


class TimeFinder:
    """The time rules of a pack, checked and compiled."""

    def __init__(self, rules: dict[str, Any], lazy: bool = False) -> None:
        unknown = set(rules) - _SECTIONS
        if unknown:
            raise TimeRuleError(f"unknown sections: {sorted(unknown)}")
        self.numerals = Numerals(rules.get("numerals", {}))
        self._lazy = lazy
        self._memo: Memo = {}
        self._said: dict[tuple[str, tuple[str | None, ...]], Said | None] = {}
        self._values: dict[str, dict[str, Any]] = {}
        self._reads: dict[str, str] = {}
        slots = {name: self._slot(name, entry) for name, entry in rules.get("slot", {}).items()}
        parts: dict[str, str] = rules.get("part", {})
        self.rules = [self._rule(entry, slots, parts) for entry in rules.get("rule", [])]
        if len({rule.name for rule in self.rules}) < len(self.rules):
            raise TimeRuleError("two rules have the same name")
        self._starters = self._dispatch()
        self._trigger = re.compile(self._trigger_source() or "(?!)")

    def find(self, text: str, offset: int = 0) -> list[TimeMention]:
        """All mentions in order, none overlapping another; `text` is folded, and `offset` is where it stands."""
        found: list[TimeMention] = []
        search, starters = self._trigger.search, self._starters
        at = 0
        while (hit := search(text, at)) is not None:
            at = hit.start()
            mention = None
            if not (at and self._inside_number(text, at)):
                for rule in starters[hit[0]]:
                    match = rule.pattern.match(text, at)
                    if match is not None:
                        mention = self._mention(match, rule, offset)
                        if mention is not None:
                            found.append(mention)
                            break
            at = mention.end - offset if mention else at + 1
        return found

    def _inside_number(self, text: str, at: int) -> bool:
        """Whether a number has begun before this place: 3 in 13 or in 2.3 begins nothing."""
        here, before = text[at], text[at - 1]
        if "0" <= here <= "9":
            return "0" <= before <= "9" or (before == "." and at > 1 and "0" <= text[at - 2] <= "9")
        characters = self.numerals.characters
        return here in characters and before in characters

    # -- values -----------------------------------------------------------------------------------

    def _mention(self, match: re.Match[str], rule: _Rule, offset: int) -> TimeMention | None:
        caught = match.groups()
        known = self._said.get((rule.name, caught), _UNREAD)
        if known is _UNREAD:
            if len(self._said) >= KEPT:
                self._said.clear()
            known = self._said[rule.name, caught] = self._says(rule, caught)
        if known is None:
            return None
        return TimeMention(offset + match.start(), offset + match.end(), known[0], known[1], rule.name)

    def _says(self, rule: _Rule, caught: Sequence[str | None]) -> Said | None:
        """Kind and value of what the slots of a rule have caught; None if together they say nothing."""
        first: dict[str, Any] = dict(rule.constants)
        second: dict[str, Any] = {}
        for slot, text in zip(rule.slots, caught, strict=True):
            if not text:
                continue
            read = self._read(slot, text)
            target = second if slot.second else first
            if isinstance(read, dict):
                target.update(read)
            else:
                target[slot.field] = read
        try:
            return _value(rule.kind, first, second)
        except ValueError:
            return None

    def _read(self, slot: Slot, text: str) -> Any:
        words = self._values.get(slot.name)
        if words is not None:
            return words[text]
        how = self._reads[slot.name]
        if how == "number":
            return self.numerals.read(text)
        number = self.numerals.read_digits(text)
        if how == "two_digits":
            return 1900 + number if number >= 50 else 2000 + number
        return number

    # -- loading ----------------------------------------------------------------------------------

    def _slot(self, name: str, entry: Mapping[str, Any]) -> Slot:
        target = entry.get("field", name)
        if target not in _POINT_FIELDS | _OTHER:
            raise TimeRuleError(f"slot {name}: there is no field {target!r}")
        if "words" in entry:
            self._values[name] = dict(entry["words"])
            longest = sorted(entry["words"], key=len, reverse=True)
            source = "|".join(map(re.escape, longest))
        else:
            how = entry.get("reads", "number")
            if how not in _READS:
                raise TimeRuleError(f"slot {name}: reads = {how!r} is none of {sorted(_READS)}")
            self._reads[name] = how
            source = entry["pattern"]
        return Slot(name, target, source)

    def _rule(self, entry: Mapping[str, Any], slots: Mapping[str, Slot], parts: Mapping[str, str]) -> _Rule:
        name = entry.get("name", "?")
        if set(entry) - _RULE_KEYS:
            raise TimeRuleError(f"rule {name}: unknown keys {sorted(set(entry) - _RULE_KEYS)}")
        if entry.get("kind") not in KINDS:
            raise TimeRuleError(f"rule {name}: kind {entry.get('kind')!r} is none of {sorted(KINDS)}")
        if not entry.get("yes"):
            raise TimeRuleError(f"rule {name}: no example in `yes`")
        constants = dict(entry.get("set", {}))
        if set(constants) - (_POINT_FIELDS | _OTHER):
            raise TimeRuleError(f"rule {name}: unknown fields in `set`: {sorted(constants)}")
        try:
            compiled = compile_pattern(entry["pattern"], slots, parts, self._memo)
            pattern = Regex(compiled.source) if self._lazy else re.compile(compiled.source)
        except (PatternError, re.error, ValueError) as error:
            raise TimeRuleError(f"rule {name}: {error}") from error
        if any(not item or item[0] == ANY for item in compiled.prefixes):
            raise TimeRuleError(f"rule {name}: the pattern can begin with anything")
        return _Rule(name, entry["kind"], constants, pattern, tuple(compiled.slots), compiled.prefixes)

    def _dispatch(self) -> dict[str, tuple[_Rule, ...]]:
        """For each pair of characters (or one, if anything may follow) the rules that can begin with it."""
        wide = {p[0] for rule in self.rules for p in rule.prefixes if p[1:] in ("", ANY)}
        starters: dict[str, list[_Rule]] = {}
        for rule in self.rules:
            keys = {p[0] if p[0] in wide else p for p in rule.prefixes}
            for key in keys:
                starters.setdefault(key, []).append(rule)
        return {key: tuple(found) for key, found in starters.items()}

    def _trigger_source(self) -> str:
        """A pattern for what a rule can begin with, cheap to search for."""
        pairs: dict[str, str] = {}
        for key in sorted(self._starters):
            pairs[key[0]] = pairs.get(key[0], "") + re.escape(key[1:])
        return "|".join(re.escape(char) + (f"[{more}]" if more else "") for char, more in pairs.items())


def _value(kind: str, first: dict[str, Any], second: dict[str, Any]) -> Said:
    """What the caught fields say; ValueError if together they say nothing."""
    edge = first.pop("edge", None) or second.pop("edge", None)
    name = first.pop("name", None)
    approximate = bool(first.get("approximate"))
    if kind in ("anaphor", "vague"):
        return kind, name
    if kind == "clock":
        return kind, None
    if "count" in first:
        count = first.pop("count")
        unit = first.pop("unit", "year")
        sign = first.pop("sign", 0)
        more = bool(first.pop("more", None))
        if unit not in UNITS:
            raise ValueError(unit)
        if kind in ("duration", "anniversary"):
            return kind, Amount(count, unit, more)
        if more:
            return "vague", "past" if sign < 0 else "future"
        if kind == "range":
            edge_point = _point({f"{unit}_shift": sign * count})
            here = _point({f"{unit}_shift": 0})
            return kind, Interval(here, edge_point) if sign > 0 else Interval(edge_point, here)
        first[f"{unit}_shift"] = sign * count
    if "era" in first:
        first["year"] = first.pop("era") + first["year"]
    if second:
        if edge == "approximate":
            first["approximate"] = second["approximate"] = True
        return "range", Interval(_point(first), _point(_completed(first, second)))
    point = _point(first)
    if edge == "since":
        return "range", Interval(point, None)
    if edge == "until":
        return "range", Interval(None, point)
    if edge == "approximate" and not approximate:
        point = _point({**first, "approximate": True})
    return kind, point


def _point(values: dict[str, Any]) -> Point:
    return Point(**values)


#: What the second half of a range takes over from the first, unless it says something at least as coarse.
_ORDER = ("century", "decade", "year", "month", "day")


def _completed(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    """The second half of a range with the year and month of the first where it has none of its own."""
    inherited: dict[str, Any] = dict(second)
    said = {key.removesuffix("_shift") for key in second}
    if "weekday" in second and "week_shift" in first and "week_shift" not in second:
        over = second["weekday"] < first.get("weekday", 0)  # Saturday to Tuesday: of the week after
        return inherited | {"week_shift": first["week_shift"] + over}
    if said & {"weekday", "week", "feast"} or "day_shift" in second:
        return inherited
    coarsest = min((_ORDER.index(key) for key in said if key in _ORDER), default=len(_ORDER))
    if "part" in second:
        finest = "day" if second["part"] in MONTH_PARTS else "month"
        coarsest = min(coarsest, _ORDER.index(finest))
    for position, key in enumerate(_ORDER):
        if position < coarsest:
            for name in (key, f"{key}_shift"):
                if name in first and name not in second:
                    inherited[name] = first[name]
    if "same" in first and "year" not in said and "same" not in second:
        inherited["same"] = first["same"]
    if "month" in first and "month" not in said and second.get("day", 31) < first.get("day", 0):
        inherited["month"] = first["month"] % 12 + 1  # from the 28th of a month to the 3rd of the next
        if inherited["month"] == 1 and "year" in inherited:
            inherited["year"] += 1
    return inherited


def failures(rules: dict[str, Any]) -> list[str]:
    """What the examples of the rules say and the rules do not do; empty if all is well."""
    finder = TimeFinder(rules)
    wrong: list[str] = []
    for entry in rules.get("rule", []):
        name = entry["name"]
        for example in entry.get("yes", []):
            before, _, rest = example.partition("[")
            wanted, _, after = rest.partition("]")
            text = before + wanted + after
            found = [(text[m.start : m.end], m.rule) for m in finder.find(text)]
            if (wanted, name) not in found:
                wrong.append(f"{name}: {example} gives {found}")
        for example in entry.get("no", []):
            found = [(example[m.start : m.end], m.rule) for m in finder.find(example)]
            if any(rule == name for _, rule in found):
                wrong.append(f"{name}: {example} gives {found}")
    return wrong
