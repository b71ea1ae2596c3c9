"""The times of an item, resolved in text order, and which of what it says stands in somebody's quoted words."""

from __future__ import annotations

from dragoman.calendar import Chronology, Resolved, add_duration
from dragoman.context import Context
from dragoman.timex import Point, TimeMention


def resolve_times(context: Context) -> None:
    """Resolve all times of an item in text order, each with those before it."""
    published = context.item.published
    chronology = Chronology(published)
    told: str | None = None  # the last single day that the page itself tells, if it lies just before its publication
    last: TimeMention | None = None
    for number, sentence in enumerate(context.sentences):
        for time in sentence.times:
            towards = context.pack.direction.of(sentence.folded, time.start - sentence.start, time.end - sentence.start)
            spoken = in_speech(context, number, time.start)
            chronology.anchor = told if spoken and told else published
            value = chronology.resolve(time, towards)
            if value is not None and last is not None:
                value = _same_year(context, last, time, value)
            context.resolved[time.start], last = value, time
            if value is not None and time.kind == "date" and not spoken and value.start == value.end:
                told = value.start if _just_before(value.start, published) else told


def _same_year(context: Context, last: TimeMention, time: TimeMention, value: Resolved) -> Resolved:
    """A month told right behind a dated one ("last year in May and August") is of its year."""
    one, two, before = last.value, time.value, context.resolved.get(last.start)
    if not isinstance(one, Point) or not isinstance(two, Point) or before is None or not before.start:
        return value
    told = one.year is not None or one.year_shift is not None
    bare = two.month is not None and two.year is None and two.year_shift is None
    beside = context.text_of(last.end, time.start) in context.pack.sets["and"]
    if not (told and bare and beside) or not value.start or value.start != value.end:
        return value
    day = before.start[:4] + value.start[4:]
    return value._replace(start=day, end=day) if day >= before.start else value


def _just_before(day: str | None, published: str | None) -> bool:
    """Whether a day is that of publication or one of the two before: what is said on it calls it today."""
    if day is None or published is None or len(day) != 10 or len(published) != 10:
        return False
    return any(add_duration(day, length) == published for length in (1, 2, 3))


def in_speech(context: Context, number: int, position: int) -> bool:
    """Whether what stands at a position of a sentence is what somebody is quoted as saying, in its paragraph."""
    paragraph = context.sentences[number].paragraph
    if paragraph not in context.speech:
        context.speech[paragraph] = _speech(context, number)
    return context.speech[paragraph] <= position


def _speech(context: Context, number: int) -> int:
    """Where in the paragraph of a sentence somebody's words begin; where it ends if none are quoted."""
    sentences, first, last = context.sentences, number, number
    while first and sentences[first - 1].paragraph == sentences[number].paragraph:
        first -= 1
    while last + 1 < len(sentences) and sentences[last + 1].paragraph == sentences[number].paragraph:
        last += 1
    begin, end = sentences[first].start, sentences[last].end
    text = context.text_of(begin, end)
    words = [word + mark for word in context.pack.refer["subject"]["behind_saying"] for mark in ",:"]
    return min([end + 1, *(begin + at + len(word) for word in words if (at := text.find(word)) >= 0)])
