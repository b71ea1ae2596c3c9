"""Pages that are copies of one another, to the letter or nearly: shingles and minhash.

A copy tells nothing that its original does not tell: what two copies report is one voice, not two. `sketch` is small
and can be kept; `Pages` finds for each new page the earlier one that it copies, among those that share a band.
"""

from __future__ import annotations

import hashlib
import re
from array import array
from dataclasses import dataclass, field
from typing import NamedTuple
from zlib import crc32

from dragoman.fold import fold

#: Characters of a shingle; bins of a sketch, in so many bands of so many rows.
SHINGLE, BANDS, ROWS = 6, 24, 4
#: From this share of common shingles (as the sketches estimate it) a page is nearly another one.
NEAR = 0.7
#: A page with fewer letters is compared to the letter only.
SHORT = 80
_EMPTY = (1 << 32) - 1
_UNSEEN = re.compile(r"[\W_]+")


class Sketch(NamedTuple):
    """What is kept of a page: a hash of its letters, and the smallest hashes of its shingles (none if it is short)."""

    exact: str
    least: array[int]


class Copy(NamedTuple):
    """The page that another copies: `exact`, or nearly, by the share of shingles in common."""

    page: str
    exact: bool
    share: float


def sketch(text: str) -> Sketch:
    """The sketch of a page's text: spaces, marks, traditional characters and width make no difference.

    Each shingle falls by its hash into one of the bins of the sketch, which keeps the smallest (one permutation
    hashing, Li, Owen and Zhang 2012); an empty bin takes what the next one has (Shrivastava and Li 2014).
    """
    letters = _UNSEEN.sub("", fold(text)).lower()
    plain = letters.encode("utf-32-le", "surrogatepass")
    exact = hashlib.blake2b(plain, digest_size=8).hexdigest()
    if len(letters) < SHORT:
        return Sketch(exact, array("L"))
    bins, size = BANDS * ROWS, 4 * SHINGLE
    least = [_EMPTY] * bins
    for at in range(0, len(plain) - size + 1, 4):
        value, place = divmod(crc32(plain[at : at + size]), bins)
        if value < least[place]:
            least[place] = value
    full = [place for place in range(bins) if least[place] != _EMPTY]
    for place in range(bins):
        if least[place] == _EMPTY:
            least[place] = least[next((other for other in full if other > place), full[0])]
    return Sketch(exact, array("L", least))


def share(one: Sketch, other: Sketch) -> float:
    """How many of their shingles two pages have in common, from 0 to 1, as their sketches tell (within about 0.1)."""
    if one.exact == other.exact:
        return 1.0
    if not one.least or not other.least:
        return 0.0
    return sum(a == b for a, b in zip(one.least, other.least, strict=True)) / len(one.least)


@dataclass(slots=True)
class Pages:
    """The sketches of pages so far, by their ids."""

    sketches: dict[str, Sketch] = field(default_factory=dict)
    _exact: dict[str, str] = field(default_factory=dict)
    _bands: dict[tuple[int, bytes], list[str]] = field(default_factory=dict)

    def add(self, page: str, text: str) -> Copy | None:
        """Keep a page; the earlier page that it copies, if there is one."""
        made = sketch(text)
        found = self.find(made)
        if found is None:  # a copy is found through its original
            self.sketches[page] = made
            self._exact[made.exact] = page
            for band in _bands(made):
                self._bands.setdefault(band, []).append(page)
        return found

    def find(self, made: Sketch) -> Copy | None:
        """The page that one with this sketch copies, the nearest first."""
        if made.exact in self._exact:
            return Copy(self._exact[made.exact], True, 1.0)
        near = dict.fromkeys(page for band in _bands(made) for page in self._bands.get(band, ()))
        best = max(near, key=lambda page: share(made, self.sketches[page]), default=None)
        likeness = share(made, self.sketches[best]) if best is not None else 0.0
        return Copy(best, False, round(likeness, 2)) if best is not None and likeness >= NEAR else None


def _bands(made: Sketch) -> list[tuple[int, bytes]]:
    return [(n, made.least[n * ROWS : (n + 1) * ROWS].tobytes()) for n in range(BANDS if made.least else 0)]
