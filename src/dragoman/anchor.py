"""The year of an item that no metadata and no dateline tells, from what its text gives away for certain.

Three things tell it: a whole date elsewhere in the text on the very day of the dateline; an anniversary by count
whose first year the text tells; and the years in which everybody named with a post held it. What leaves more
than one year tells nothing: a wrong year is worse than none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from dragoman.actors import Actor
from dragoman.article import Item
from dragoman.mentions import Sentence
from dragoman.pack import Pack
from dragoman.timex import Amount, Interval, Point, TimeMention

OPEN = "XXXX"
#: Ranks of offices whose holders the lexicon lists with their years.
RANKS = frozenset({"monarch", "head_of_state", "head_of_government", "foreign_minister", "defence_minister", "speaker"})
#: So many characters may stand between a year and the word for what began in it, and tell of an anniversary behind it.
BETWEEN, AFTER = 6, 8
#: So many holders of posts must agree where the page has no day at all.
ENOUGH = 3


def anchored(pack: Pack, item: Item, sentences: Sequence[Sentence]) -> Item:
    """The item with the year that its text tells, or as it is if it has one already or nothing tells it."""
    if item.published is not None and not item.published.startswith(OPEN):
        return item
    rules: Mapping[str, Sequence[str]] = pack.refer["anchor"]
    for basis, years in (
        ("text", _same_day(item, sentences)),
        ("anniversary", _anniversaries(sentences, rules)),
        ("posts", _posts(pack, item, sentences, rules)),
    ):
        if len(years) == 1:
            year = f"{years.pop():04d}"
            published = year + item.published[len(OPEN) :] if item.published else year
            return replace(item, published=published, published_basis=basis)
        if years:  # evidence that disagrees: what is weaker cannot settle it
            return item
    return item


def _points(sentence: Sentence) -> Iterator[Point]:
    for time in sentence.times:
        if isinstance(time.value, Point):
            yield time.value
        elif isinstance(time.value, Interval):
            yield from (point for point in (time.value.start, time.value.end) if point is not None)


def _same_day(item: Item, sentences: Sequence[Sentence]) -> set[int]:
    """The year of whole dates on the dateline's month and day, unless the text looks back on them as an anniversary or
    a later year is told."""
    if item.published is None or any(t.kind == "anniversary" for s in sentences for t in s.times):
        return set()
    points = [point for sentence in sentences for point in _points(sentence) if point.year is not None]
    found = {
        p.year for p in points if p.year and p.month and p.day and item.published[5:] == f"{p.month:02d}-{p.day:02d}"
    }
    latest = max((p.year for p in points if p.year), default=0)
    return found if found == {latest} else set()


def _anniversaries(sentences: Sequence[Sentence], rules: Mapping[str, Sequence[str]]) -> set[int]:
    """The years in which the anniversaries of the text fall, by the one first year told for each word."""
    found: set[int] = set()
    for word in rules["founding"]:
        told = [sentence for sentence in sentences if word in sentence.folded]
        first = {year for sentence in told for year in _founded(sentence, word, rules["jubilee"])}
        counts = {count for sentence in told for count in _counts(sentence, word, rules)}
        if len(first) == 1 and len(counts) == 1:
            found.add(first.pop() + counts.pop())
    return found


def _founded(sentence: Sentence, word: str, jubilee: Sequence[str]) -> Iterator[int]:
    """The years told right in front of the word for a beginning, unless they are those of its anniversary."""
    for time in sentence.times:
        if isinstance(time.value, Point) and time.value.year and not time.value.approximate:
            between, found, _ = sentence.folded[time.end - sentence.start :].partition(word)
            if found and len(between) <= BETWEEN and not any(cue in between for cue in jubilee):
                yield time.value.year


def _counts(sentence: Sentence, word: str, rules: Mapping[str, Sequence[str]]) -> Iterator[int]:
    """How many years it is since the beginning, said of the present: not of next year, not of what is coming."""
    for time in sentence.times:
        count = _count(time)
        if count is None:
            continue
        at = time.start - sentence.start
        near = sentence.folded[max(0, at - 20) : time.end - sentence.start + AFTER]
        of_now = any(cue in near for cue in rules["now"]) and not any(cue in near for cue in rules["not_now"])
        if of_now and word in sentence.folded[max(0, at - len(word) - 2) : time.end - sentence.start]:
            yield count


def _count(time: TimeMention) -> int | None:
    """So many years, of an anniversary or up to now."""
    value = time.value
    if time.kind == "anniversary" and isinstance(value, Amount):
        return value.count if value.unit == "year" and not value.approximate else None
    if isinstance(value, Interval) and value.start and value.end and value.end.year_shift == 0:
        return -value.start.year_shift if value.start.year_shift and not value.start.approximate else None
    return None


def _posts(pack: Pack, item: Item, sentences: Sequence[Sentence], rules: Mapping[str, Sequence[str]]) -> set[int]:
    """The years in which all persons named with a post held it, by the lexicon's years of office; at most two are
    looked for, and none if somebody's years are open."""
    terms = {}
    for sentence in sentences:
        if any(point.year is not None for point in _points(sentence)):
            continue  # told of a year of its own: history, or a plan
        for mention in sentence.mentions:
            actor = mention.value
            if mention.type == "Person" and isinstance(actor, Actor):
                term = _term(pack, actor, rules["not_in_office"])
                if term is not None:
                    terms[actor.name] = term
    if len(terms) < (2 if item.published else ENOUGH):
        return set()
    first = max(start for start, _ in terms.values())
    last = min(end for _, end in terms.values())
    first = max([first, *_past_years(sentences)])
    return {first} if first == last else set()


def _past_years(sentences: Iterable[Sentence]) -> Iterator[int]:
    """Years of whole dates: the page is not older than what it tells of the past. Those that end a sentence's plan are
    later than the last year of an office and then leave no year at all."""
    for sentence in sentences:
        yield from (p.year for p in _points(sentence) if p.year and p.month and p.day)


def _term(pack: Pack, actor: Actor, not_in_office: Sequence[str]) -> tuple[int, int] | None:
    """The years in which somebody held the post with which the page names him; None if that is not sure."""
    if actor.name is None or actor.post is None or actor.former or actor.rank not in RANKS:
        return None
    row = pack.lexicon.row("person", actor.name)
    if row is None or not row["from"] or not row["to"] or row["code"] != (actor.country or row["code"]):
        return None
    if any(word in actor.post for word in not_in_office):
        return None
    held = row["post"].split("\u3001")
    return (int(row["from"]), int(row["to"])) if any(post in actor.post for post in held) else None
