"""Numbers and sums of money in a folded text: plain values with their unit, by the tables of numbers.toml."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from dragoman.match import Mention


class NumberRules:
    """Digits, multipliers and units of a language, compiled."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self.digits: Mapping[str, int] = raw["digits"]
        self.small: Mapping[str, int] = raw["small"]
        self.large: Mapping[str, int] = raw["large"]
        self.currencies: Mapping[str, str] = raw["currencies"]
        self.units: Mapping[str, str] = raw["units"]
        numerals = "".join([*self.digits, *self.small])
        large = "".join(self.large)
        small = "".join(self.small)
        money = _either(self.currencies)
        units = _either(self.units)
        number = rf"(?:\d{{1,3}}(?:,\d{{3}}){{1,4}}|\d{{1,15}})(?:\.\d{{1,4}})?[{small}]?[{large}]{{0,2}}"
        words = rf"[{numerals}]{{1,9}}(?:[{large}][{numerals}]{{0,9}}){{0,2}}[{large}]?"
        self.factors: Mapping[str, int] = raw["times"]["words"]
        self.increase: Sequence[str] = raw["times"]["increase"]
        self.numeral = re.compile(rf"\d{{1,9}}|[{numerals}]{{1,5}}")
        self.regex = re.compile(
            rf"(?<![{numerals}{large}{raw['vague']}\d.])(?P<before>{_either(raw['approximate'])})?(?P<number>{number}|{words})(?P<about>{_either(raw['more'])})?"
            rf"(?:(?P<money>{money})|(?P<unit>{units}))"
        )

    def value(self, text: str) -> Decimal | None:
        """The number that `text` writes, in digits or numerals, or None if it is none."""
        total = Decimal(1)
        body = text.replace(",", "")
        while body and body[-1] in self.large:
            total *= self.large[body[-1]]
            body = body[:-1]
        if body and body[-1] in self.small and body[:1].isdigit() and body[:-1].replace(".", "").isdigit():
            total *= self.small[body[-1]]
            body = body[:-1]
        if not body:
            return None
        try:
            return Decimal(body) * total
        except InvalidOperation:
            read = self._words(body)
            return None if read is None else Decimal(read) * total

    def times(self, text: str) -> int | None:
        """By what an amount is multiplied ("doubled": 2), read from the words of [times] and a number among them."""
        for word, factor in self.factors.items():
            if word in text:
                return factor
        found = self.numeral.search(text)
        value = self.value(found.group()) if found else None
        if value is None:
            return None
        grows = found is not None and text[: found.start()].endswith(tuple(self.increase))
        return int(value) + (1 if grows else 0)

    def _words(self, text: str) -> int | None:
        total = section = digit = 0
        for char in text:
            if char in self.digits:
                digit = self.digits[char]
            elif char in self.small:
                section += (digit or 1) * self.small[char]
                digit = 0
            elif char in self.large:
                total += (section + digit) * self.large[char]
                section = digit = 0
            else:
                return None
        return total + section + digit


def find_numbers(rules: NumberRules, folded: str, start: int, end: int) -> list[Mention]:
    """Sums of money and counted things in `folded[start:end]`, as Money and Number mentions (value, unit)."""
    out = []
    for found in rules.regex.finditer(folded, start, end):
        value = rules.value(found["number"])
        if value is None:
            continue
        if not found["money"] and value < 10 and rules.units[found["unit"]] == "people":
            continue  # "two people" are somebody, no figure
        plain = int(value) if value == value.to_integral_value() else float(value)
        if found["money"]:
            out.append(Mention(found.start(), found.end(), "Money", (plain, rules.currencies[found["money"]])))
        else:
            out.append(Mention(found.start(), found.end(), "Number", (plain, rules.units[found["unit"]])))
    return out


def _either(words: Any) -> str:
    return "(?:" + "|".join(re.escape(w) for w in sorted(words, key=lambda w: (-len(w), w))) + ")"
