"""Gzip with damage in it: what comes before is unpacked, and the next member behind the damage can be looked for.

The standard library's reader stops at the first damage. A web archive is one member a record, and one bad record must
not cost those behind it.
"""

from __future__ import annotations

import zlib
from typing import Any

MAGIC = b"\x1f\x8b\x08"
_PORTION = 1 << 16
_LEAST = 1 << 10  # so many bytes of a member tell how it begins
_GZIP = 16 + zlib.MAX_WBITS  # with the header and the checksum of gzip


class Damage(Exception):
    """The packed bytes are no gzip from here on, or end before their time."""


class Unpacker:
    """Unpacks the members of a gzip file one after the other."""

    def __init__(self, raw: Any) -> None:
        self._raw = raw
        self._packed = b""  # read and not yet unpacked
        self._recent = b""  # what was unpacked last of this member: if it was cut short, it has swallowed the next head
        self._member: Any = None

    def read1(self, size: int) -> bytes:
        """The next bytes, at most `size`; empty at the end. Raises Damage."""
        while True:
            if self._member is None:
                self._packed = self._packed.lstrip(b"\0")  # a file may be padded
                if self._packed:
                    self._member = zlib.decompressobj(_GZIP)
            part = self._unpack(size) if self._member else b""
            if part:
                return part
            if not self._packed and not self._fill():
                if self._member:
                    raise Damage("gzip ends early")
                return b""

    def skip_to(self, start: bytes) -> bool:
        """Go on at the next member that begins with these bytes; False if there is none."""
        waiting, at, ended = self._recent + self._packed, 0, False  # the first byte is the damaged member's own
        self._packed, self._recent, self._member = b"", b"", None
        while True:
            at = waiting.find(MAGIC, at + 1)
            if at >= 0 and (ended or len(waiting) - at >= _LEAST):
                if _begins(waiting[at:], start):
                    self._packed = waiting[at:]
                    return True
            elif ended:
                return False
            else:
                more: bytes = self._raw.read1(_PORTION)
                ended = not more
                waiting, at = waiting[at if at >= 0 else -len(MAGIC) :] + more, -1

    def _unpack(self, size: int) -> bytes:
        packed = self._packed
        try:
            part: bytes = self._member.decompress(packed, size)
        except zlib.error as error:
            raise Damage(f"gzip is damaged ({error})") from error
        if self._member.eof:
            self._packed, self._recent, self._member = self._member.unused_data, b"", None
        else:
            self._packed = self._member.unconsumed_tail
            self._recent = (self._recent + packed[: len(packed) - len(self._packed)])[-_PORTION:]
        return part

    def _fill(self) -> bool:
        portion: bytes = self._raw.read1(_PORTION)
        self._packed += portion
        return bool(portion)


def _begins(packed: bytes, start: bytes) -> bool:
    """Whether the bytes are the head of a member that holds something with this start."""
    try:
        return zlib.decompressobj(_GZIP).decompress(packed, len(start)) == start
    except zlib.error:
        return False
