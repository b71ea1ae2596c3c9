"""Bytes to text: byte order mark, declared encoding, UTF-8, and else GB18030 or Big5 by what the bytes look like."""

from __future__ import annotations

import codecs
import re

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_META = re.compile(
    rb"""<(?:meta|\?xml)[^>]{0,300}?(?:charset|encoding)\s{0,3}=\s{0,3}["']?\s{0,3}([\w-]{3,20})""", re.IGNORECASE
)
#: Pages that declare the smaller set use characters of the larger one.
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "big5": "big5hkscs", "x-gbk": "gb18030"}
_SAMPLE = 16_384
#: With fewer broken places than this part of its high bytes a text is UTF-8 with some damage.
_DAMAGE = 0.02


def declared_in(data: bytes) -> str | None:
    """The encoding that an HTML page's own head declares."""
    match = _META.search(data[:4096])
    return match[1].decode("ascii") if match else None


def decode(data: bytes, declared: str | None = None) -> tuple[str, tuple[str, ...]]:
    """The text, and notes on what had to be done to it. Never fails."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _lenient(data[len(mark) :], encoding)
    for candidate in (_known(declared), "utf-8"):
        if candidate:
            try:
                return data.decode(candidate), ()
            except UnicodeError:
                continue
    guess = _guess(data)
    text, notes = _lenient(data, guess)
    return text, (f"read as {guess}", *notes) if guess != "utf-8" else notes


def cut(data: bytes, limit: int) -> bytes:
    """At most so many bytes, without a UTF-8 character that the limit would split."""
    if len(data) <= limit:
        return data
    while limit and data[limit] & 0xC0 == 0x80:
        limit -= 1
    return data[:limit]


def _known(encoding: str | None) -> str | None:
    if not encoding:
        return None
    name = encoding.strip().lower()
    try:
        return codecs.lookup(_WIDER.get(name, name)).name
    except LookupError:
        return None


def _lenient(data: bytes, encoding: str) -> tuple[str, tuple[str, ...]]:
    text = data.decode(encoding, errors="replace")
    broken = text.count("\ufffd")
    return text, (f"{broken:,} broken places replaced",) if broken else ()


def _guess(data: bytes) -> str:
    """UTF-8 with damage, GB18030 or Big5: whichever the high bytes fit best."""
    sample = data[:_SAMPLE]
    high = sum(byte >= 0x80 for byte in sample)
    if not high:
        return "utf-8"
    # A character that the sample's end cuts counts as one broken place: allow for it.
    if sample.decode("utf-8", errors="replace").count("\ufffd") <= 1 + _DAMAGE * high:
        return "utf-8"
    mainland = taiwan = pairs = position = 0
    while position < len(sample) - 1:
        lead, trail = sample[position], sample[position + 1]
        if lead < 0x81:
            position += 1
            continue
        pairs += 1
        # Common characters of GB2312 have both bytes high; those of Big5 end at lead C6, with low second bytes too.
        mainland += 0xA1 <= lead <= 0xD7 and trail >= 0xA1
        taiwan += 0xA1 <= lead <= 0xC6 and (0x40 <= trail <= 0x7E or trail >= 0xA1)
        position += 2
    return "gb18030" if mainland >= taiwan else "big5hkscs"
