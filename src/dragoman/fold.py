"""Folding for matching: traditional to simplified, full to half width, variant dots; one character to one character.

Folding never changes the length, so every offset into the folded text is an offset into the text itself.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

#: Punctuation whose full-width and half-width forms, or typographic variants, are one to the rules.
_PUNCTUATION = {
    "\u3000": " ",
    "\u00a0": " ",
    "\t": " ",
    "\u2022": "\u00b7",
    "\u2027": "\u00b7",
    "\u30fb": "\u00b7",
    "\u2219": "\u00b7",
    "\u22c5": "\u00b7",
    "\uff65": "\u00b7",
    "\u2013": "\u2014",
    "\u2015": "\u2014",
    "\u2500": "\u2014",
    "\u300c": "\u201c",
    "\u300d": "\u201d",
    "\u300e": "\u2018",
    "\u300f": "\u2019",
    "\ufe4f": "_",
    "\u3008": "\u300a",
    "\u3009": "\u300b",
}


@lru_cache(maxsize=1)
def _table() -> dict[int, str]:
    table = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    table.update({ord(char): folded for char, folded in _PUNCTUATION.items()})
    source = files("dragoman").joinpath("packs/zh/lexicon/fold.tsv").read_text(encoding="utf-8")
    for line in source.splitlines()[1:]:
        if line and not line.startswith("#"):
            char, folded = line.split("\t")[:2]
            table[ord(char)] = folded
    return table


def fold(text: str) -> str:
    """Return `text` folded for matching, of the same length.

    Commas, brackets, colons, question and exclamation marks become half width; the Chinese full stop and the
    enumeration comma stay, since they have no half-width twin of the same meaning.
    """
    return text.translate(_table())
