"""The year of an item that no metadata and no dateline tells, from what its text gives away for certain.

What tells it: a whole date elsewhere in the text on the very day of the dateline; the year in the headline; the number
of a meeting that recurs; an anniversary by count of what began in a known year; a day of the month with its weekday;
and the years in which everybody named with a post held it. All that a text tells must agree, and what leaves more than
one year tells nothing: a wrong year is worse than none.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from dragoman import edtf
from dragoman.actors import Actor
from dragoman.article import Item
from dragoman.chronicle import OPEN as STILL
from dragoman.fold import fold
from dragoman.mentions import Sentence
from dragoman.pack import Pack
from dragoman.timex import Amount, Interval, Point, TimeMention

OPEN = "XXXX"
#: Ranks of posts that one person at a time holds, so that the lexicon's years of office say when somebody had them.
RANKS = frozenset(
    {"monarch", "head_of_state", "head_of_government", "foreign_minister", "defence_minister", "speaker"}
    | {"minister", "vice_minister", "deputy_head", "party_leader", "military", "envoy", "ambassador"}
)
#: Types of mention of which somebody is who acts in the news.
ACTING = frozenset({"Person", "Office", "Body", "Organisation", "Organ", "Gathering", "Pair", "Collective"})
#: What gives a date that is not the text's own.
GIVEN = frozenset({"metadata", "url"})
#: A day so much later than that of publication may be due to time zones.
LATE = 2
#: Years of which pages are read: what is not among them is no year of a page.
YEARS = range(1949, 2101)
#: So many characters may stand between a year and the word for what began in it, and tell of an anniversary behind it.
BETWEEN, AFTER = 6, 8
#: So many characters in front of an anniversary may say whether it is this year's.
NEAR = 20
#: So many years at a time are a round number.
ROUND = 5
#: So many holders of posts must agree where the page has no day at all.
ENOUGH = 3
#: The first sentences of an item, which tell what it is about.
LEAD = 3

Years = frozenset[int]
#: So many years since a beginning, and whether as a jubilee (else as whole years that have passed).
Since = tuple[int, bool]


def anchored(pack: Pack, item: Item, sentences: Sequence[Sentence]) -> Item:
    """The item with the year that its text tells, or as it is if it has one already or nothing tells it."""
    rules = pack.refer["anchor"]
    if item.published_basis == "text" and _historic(pack, item, sentences, rules):
        item = replace(item, published=None, published_basis=None)
    if item.published is not None and not item.published.startswith(OPEN):
        return item
    told = _told(pack, item, sentences)
    terms = _terms(pack, sentences, rules)
    fitting = _fitting(terms, sentences)
    weekday = _weekdays(sentences, rules)
    if told:
        years = frozenset.intersection(*(years for _, years in told), *([fitting] if terms else []), weekday)
        basis = told[0][0]
    elif terms and (len(terms) >= (2 if item.published else ENOUGH) or weekday < frozenset(YEARS)):
        years, basis = fitting & weekday, "posts"
    else:
        return item
    if len(years) != 1:
        return item
    year = f"{min(years):04d}"
    published = year + item.published[len(OPEN) :] if item.published else year
    return replace(item, published=published, published_basis=basis)


def _told(pack: Pack, item: Item, sentences: Sequence[Sentence]) -> list[tuple[str, Years]]:
    """What tells the year by itself, with the years that it leaves, the surest first."""
    rules = pack.refer["anchor"]
    found = (
        ("text", _same_day(item, sentences)),
        ("title", _titled(item, rules)),
        ("edition", _numbered(pack, item, sentences, rules)),
        ("anniversary", _anniversaries(pack, sentences, rules)),
    )
    return [(basis, years) for basis, years in found if years]


def contradiction(pack: Pack, item: Item, sentences: Sequence[Sentence]) -> str | None:
    """The remark on an item whose date is not its own text's, if what the text tells of its year is another one."""
    given = edtf.parse(item.published) if item.published_basis in GIVEN else None
    if item.published is None or given is None or given.year is None:
        return None
    for basis, years in _told(pack, item, sentences):
        if basis != "text" and not any(given.year - 1 <= other <= given.year + 1 for other in years):
            other = "/".join(f"{other}" for other in sorted(years))
            return f"the {item.published_basis} gives {item.published}, the {basis} in the text tells {other}"
    ahead = _ahead(pack, given, sentences)
    return f"the {item.published_basis} gives {item.published}, the text tells {ahead} as past" if ahead else None


def _ahead(pack: Pack, published: edtf.Partial, sentences: Sequence[Sentence]) -> date | None:
    """A day after that of publication of which the lead tells as of one that is over."""
    given = _day(published)
    for sentence in sentences[:LEAD] if given else ():
        for time in sentence.times:
            day = _day(time.value) if isinstance(time.value, Point) else None
            if not (given and day and (day - given).days > LATE and sentence.block == "body"):
                continue
            towards = pack.direction.of(sentence.folded, time.start - sentence.start, time.end - sentence.start)
            if towards != "future" and not any(word in sentence.folded for word in pack.refer["anchor"]["planned"]):
                return day
    return None


def _day(point: Point | edtf.Partial | None) -> date | None:
    try:
        return date(point.year, point.month, point.day) if point and point.year and point.month and point.day else None
    except ValueError:
        return None


def _historic(pack: Pack, item: Item, sentences: Sequence[Sentence], rules: Mapping[str, Any]) -> bool:
    """Whether the whole date with which an item opens is no day of news: its sentence tells of a beginning, or of
    nobody, or the date is not of the years in which those named with a post held it."""
    for sentence in sentences[:LEAD]:
        if any(point.day and str(point.year) == (item.published or "")[:4] for point in _points(sentence)):
            begun = any(word in sentence.folded for word in [*rules["founding"], *rules["begun"]])
            jubilee = any(time.kind == "anniversary" for time in sentence.times)
            told = any(mention.type in ACTING for mention in sentence.mentions)
            fits = int((item.published or "")[:4]) in _fitting(_terms(pack, sentences, rules), sentences)
            return not (told and fits) or (begun and not jubilee)
    return False


def _points(sentence: Sentence) -> Iterator[Point]:
    for time in sentence.times:
        if isinstance(time.value, Point):
            yield time.value
        elif isinstance(time.value, Interval):
            yield from (point for point in (time.value.start, time.value.end) if point is not None)


def _same_day(item: Item, sentences: Sequence[Sentence]) -> Years:
    """The year of whole dates on the dateline's month and day, unless the text looks back on them as an anniversary or
    a later year is told."""
    if item.published is None or any(t.kind == "anniversary" for s in sentences for t in s.times):
        return frozenset()
    points = [point for sentence in sentences for point in _points(sentence) if point.year is not None]
    found = {
        p.year for p in points if p.year and p.month and p.day and item.published[5:] == f"{p.month:02d}-{p.day:02d}"
    }
    latest = max((p.year for p in points if p.year), default=0)
    return frozenset(found) if found == {latest} else frozenset()


def _titled(item: Item, rules: Mapping[str, Any]) -> Years:
    """The one year in the headline, unless it is that of a plan or of history."""
    found = {int(match["year"]) for match in _matches(rules["titled"], fold(item.title or ""))}
    return frozenset(found) if len(found) == 1 else frozenset()


def _numbered(pack: Pack, item: Item, sentences: Sequence[Sentence], rules: Mapping[str, Any]) -> Years:
    """The year of the recurring meeting of which the headline or the lead tells, by its number; sentences that tell a
    year of their own are of that year."""
    lead = [sentence.folded for sentence in sentences[:LEAD] if not any(point.year for point in _points(sentence))]
    told: list[Years] = []
    for text in (fold(item.title or ""), *lead):
        if any(cue in text for cue in (*rules["years_off"], *rules["not_now"])):
            continue
        found = _matches(rules["edition"], text)
        told.extend(
            pack.chronicle.numbered(text, found, [pack.times.numerals.read(match["number"]) for match in found])
        )
    return frozenset.intersection(*told) if told else frozenset()


def _matches(pattern: str, text: str) -> list[re.Match[str]]:
    return list(re.finditer(pattern, text))


def _anniversaries(pack: Pack, sentences: Sequence[Sentence], rules: Mapping[str, Any]) -> Years:
    """The years in which the anniversaries of the text fall, by the one first year told or known for each."""
    counting = [sentence for sentence in sentences if any(_count(time) for time in sentence.times)]
    found: list[Years] = []
    for word in rules["founding"] if counting else ():
        told = [sentence for sentence in counting if word in sentence.folded]
        counts = _counts(told, sentences, word, rules)
        if counts:
            first = {year for sentence in sentences for year in _founded(sentence, word, rules["jubilee"])}
            if not first and word in rules["relations"]:
                first = _established(pack, sentences, told)
            if len(first) == 1:
                found.append(_fall(min(first), counts))
    for word, year in pack.chronicle.beginnings if counting else ():
        told = [sentence for sentence in counting if word in sentence.folded]
        counts = _counts(told, sentences, word, rules)
        if counts:
            found.append(_fall(year, counts))
    return frozenset.intersection(*found) if found else frozenset()


def _fall(first: int, counts: set[Since]) -> Years:
    """The years so long behind the first one: of a jubilee that year alone, of whole years gone by the next one too."""
    return frozenset.intersection(
        *(frozenset(range(first + count, first + count + (1 if jubilee else 2))) for count, jubilee in counts)
    )


def _established(pack: Pack, sentences: Sequence[Sentence], told: Sequence[Sentence]) -> set[int]:
    """The year of relations of the two states that the sentences of a jubilee name, else the two told most."""
    pairs = {
        frozenset(str(member.country) for member in mention.value.members)
        for sentence in told
        for mention in sentence.mentions
        if isinstance(mention.value, Actor) and len(mention.value.members) == 2
    }
    if not pairs:
        codes = Counter(
            code
            for sentence in sentences
            for mention in sentence.mentions
            if mention.type in ("Country", "Person", "Body", "Office")
            if (code := pack.builder.country_of(mention))
        ).most_common(3)
        clear = len(codes) == 2 or (len(codes) == 3 and codes[1][1] >= 2 * codes[2][1])
        pairs = {frozenset(code for code, _ in codes[:2])} if clear else set()
    years = {pack.chronicle.established(*pair) for pair in pairs if len(pair) == 2}
    return {year for year in years if year} if None not in years else set()


def _founded(sentence: Sentence, word: str, jubilee: Sequence[str]) -> Iterator[int]:
    """The years told right in front of the word for a beginning, unless they are those of its anniversary."""
    for time in sentence.times:
        if isinstance(time.value, Point) and time.value.year and not time.value.approximate:
            between, found, _ = sentence.folded[time.end - sentence.start :].partition(word)
            if found and len(between) <= BETWEEN and not any(cue in between for cue in jubilee):
                yield time.value.year


def _counts(told: Sequence[Sentence], sentences: Sequence[Sentence], word: str, rules: Mapping[str, Any]) -> set[Since]:
    """How many years it is since the beginning of which some sentences tell: with "this year", by one more or less with
    "next year" or "last year", or said in the lead; not what is told as coming or past without its year."""
    certain: set[Since] = set()
    likely: set[Since] = set()
    other: set[Since] = set()
    for sentence in told:
        for time in sentence.times:
            count, at = _count(time), time.start - sentence.start
            about = tuple(rules["about"])
            if count is None or sentence.folded[:at].endswith(about) or sentence.folded.startswith(about, at):
                continue  # no exact number
            if word not in sentence.folded[max(0, at - len(word) - 2) : time.end - sentence.start]:
                continue
            before = sentence.folded[max(0, at - NEAR) : at]
            near = before + sentence.folded[at : time.end - sentence.start + AFTER]
            cue = max((cue for cue in rules["years_off"] if cue in before), key=before.rfind, default=None)
            lead = sentence in sentences[:LEAD]
            if cue:
                certain.add((count[0] - rules["years_off"][cue], count[1]))
                other.add(count)
            elif any(cue in near for cue in rules["not_now"]):
                other.add(count)
            elif any(cue in near for cue in rules["now"]) or (lead and any(cue in near for cue in rules["feast"])):
                likely.add(count)
    return certain or likely - other


def _count(time: TimeMention) -> Since | None:
    """So many years, of an anniversary (or a round number, which is one), or whole years up to now."""
    value = time.value
    if time.kind == "anniversary" and isinstance(value, Amount):
        return (value.count, True) if value.unit == "year" and not value.approximate else None
    if isinstance(value, Interval) and value.start and value.end and value.end.year_shift == 0:
        count = -(value.start.year_shift or 0)
        return (count, count % ROUND == 0) if count and not value.start.approximate else None
    return None


def _weekdays(sentences: Sequence[Sentence], rules: Mapping[str, Any]) -> Years:
    """The years in which the days that the text tells with their weekday fall on it; all if it tells none."""
    years = set(YEARS)
    for sentence in sentences:
        for match in _matches(rules["weekday"], sentence.folded):
            month, day = int(match["month"]), int(match["day"])
            weekday = rules["weekdays"].index(match["weekday"]) % 7
            years &= {year for year in YEARS if _weekday(year, month, day) == weekday}
    return frozenset(years)


def _weekday(year: int, month: int, day: int) -> int | None:
    found = _day(Point(year=year, month=month, day=day))
    return found.weekday() if found else None


def _terms(pack: Pack, sentences: Sequence[Sentence], rules: Mapping[str, Any]) -> dict[str, Years]:
    """The years in which each person named with a post held it, as far as they are known."""
    terms: dict[str, Years] = {}
    for sentence in sentences:
        if any(point.year is not None for point in _points(sentence)):
            continue  # told of a year of its own: history, or a plan
        for mention in sentence.mentions:
            actor = mention.value
            if mention.type == "Person" and isinstance(actor, Actor) and actor.name and actor.post:
                years = _term(pack, actor, rules)
                if years:
                    terms[actor.name] = terms.get(actor.name, frozenset(YEARS)) & years
    return terms


def _fitting(terms: Mapping[str, Years], sentences: Sequence[Sentence]) -> Years:
    """The years that fit everybody's terms and lie not before the last whole date told."""
    told = max((p.year for s in sentences for p in _points(s) if p.year and p.month and p.day), default=0)
    return frozenset.intersection(frozenset(year for year in YEARS if year >= told), *terms.values())


def _term(pack: Pack, actor: Actor, rules: Mapping[str, Any]) -> Years:
    """The years in which somebody held all the posts with which the page names him; none if that is not sure."""
    row = pack.lexicon.row("person", actor.name or "")
    name = row["name"] if row else actor.name or ""
    country = actor.country or (row["code"] if row else None)
    if actor.former or any(word in (actor.post or "") for word in rules["not_held"]):
        return frozenset()
    years = frozenset(YEARS)
    for post in re.split(rules["joint"], actor.post or ""):
        deputy = [word for word in rules["deputy"] if word in post]
        held = [
            t for t in pack.chronicle.held(name, country, post) if all(any(d in p for p in t.posts) for d in deputy)
        ]
        if held:
            years &= frozenset(year for term in held for year in YEARS if term.first <= year <= term.last)
        elif row and row["from"] and row["code"] == country and not deputy and _has(row["post"], post, actor.rank):
            last = int(row["to"] or STILL)
            years &= frozenset(year for year in YEARS if int(row["from"]) <= year <= last)
    return years if years < frozenset(YEARS) else frozenset()


def _has(posts: str, post: str, rank: str | None) -> bool:
    """Whether one of the posts that the lexicon gives a person, and the years of, is the one told."""
    return rank in RANKS and any(word in post for word in posts.split("\u3001"))
