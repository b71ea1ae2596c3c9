"""Dates of page metadata as EDTF: a day or a month, in the publisher's own time zone."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime

_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)(?:\D{1,3})(\d{1,2})(?:\D{1,3})(\d{1,2})(?!\d)")
_COMPACT = re.compile(r"(?<!\d)((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?:\d{4,6})?(?!\d)")
_BACKWARDS = re.compile(r"(?<!\d)(\d{1,2})[/.-](\d{1,2})[/.-]((?:19|20)\d\d)(?!\d)")
_MONTH = re.compile(r"^\s*((?:19|20)\d\d)\D{1,2}(0?[1-9]|1[0-2])\D?\s*$")
_EPOCH = re.compile(r"^\s*(\d{10})(\d{3})?\s*$")
_UTC = re.compile(r"T(\d\d):(\d\d)(?::\d\d)?(?:\.\d+)?(?:Z|\+00:?00)\s*$")


def edtf(text: str | None, utc_offset: int = 8) -> str | None:
    """The day or month that a piece of metadata names, or None.

    A time in UTC is turned into the publisher's day; a time with another zone keeps its own.
    """
    if not text:
        return None
    text = text.strip()[:200]
    epoch = _EPOCH.match(text)
    if epoch:
        return (datetime.fromtimestamp(int(epoch[1]), UTC) + timedelta(hours=utc_offset)).date().isoformat()
    for pattern in (_DAY, _COMPACT):
        match = pattern.search(text)
        day = match and _day(match[1], match[2], match[3])
        if day:
            clock = _UTC.search(text)
            shifted = clock and int(clock[1]) + utc_offset >= 24
            return (day + timedelta(days=1) if shifted else day).isoformat()
    month = _MONTH.match(text)
    if month:
        return f"{month[1]}-{int(month[2]):02d}"
    backwards = _BACKWARDS.search(text)
    if backwards:
        day = _day(backwards[3], backwards[2], backwards[1])
        return day.isoformat() if day else None
    return _mail_date(text, utc_offset)


def _mail_date(text: str, utc_offset: int) -> str | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    if moment.utcoffset() == timedelta(0):
        moment += timedelta(hours=utc_offset)
    return moment.date().isoformat()


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
