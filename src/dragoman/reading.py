"""Reads one article: the steps from text to reports and facts, in order. Pure: no side effects, and it never raises
for what a page holds; what cannot be read is said in the Reading's notes.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Container, Mapping, Sequence
from dataclasses import replace
from typing import Any

from dragoman import edtf
from dragoman.anchor import anchored, contradiction
from dragoman.article import Article, Item, Layout
from dragoman.calendar import add_duration
from dragoman.context import Context, Event
from dragoman.events import EventReader
from dragoman.facts import FactReader
from dragoman.fold import fold
from dragoman.identity import event_ids
from dragoman.itemtimes import resolve_times
from dragoman.layout import lay_out
from dragoman.mentions import Page, Sentence
from dragoman.merge import merge_tellings
from dragoman.model import Evidence, Fact, Participant, Reading, Report
from dragoman.pack import Pack
from dragoman.particulars import complete
from dragoman.persons import Register
from dragoman.reckoning import NEAR
from dragoman.refer import to_events
from dragoman.relevance import may_hold
from dragoman.timex import VISIT_PERIOD
from dragoman.variants import alike, unite, variants
from dragoman.who import posted_to

#: So many blocks from the top of an item are its lead.
LEAD = 3
#: So many visits of one person, and so many events before and behind one, are looked at.
NEAREST = 200
#: So many sentences behind the one that tells of a trip its further legs are told.
TRIP = 6
#: Blocks whose sentences are read. A repeat is evidence only; datelines, credits and closings say nothing of events.
READ = frozenset({"title", "heading", "body", "caption"})


def read_article(article: Article, pack: Pack) -> Reading:
    """Read an article: its reports and facts, the document line, what was not read, and notes on trouble."""
    folded = fold(article.text)
    layout = lay_out(article, pack.layout, folded)
    if not may_hold(pack, layout, folded):
        layout = _dated(layout, layout.items)
        return Reading(document_line(article, layout, pack), notes=[*article.notes, *layout.notes])
    contexts = read_items(article, pack, layout, folded, pack.reader(EventReader))
    layout = _dated(layout, [context.item for context in contexts])
    remarks = [contradiction(pack, context.item, context.sentences) for context in contexts]
    slips = contexts[0].register.behind.variants if contexts and contexts[0].register.behind else {}
    said = [f"{slip} is read as another spelling of {meant}" for slip, meant in slips.items()]
    notes = [*layout.notes, *(remark for remark in remarks if remark), *said]
    reading = Reading(document_line(article, layout, pack), notes=notes, variants=slips)
    for context in contexts:
        for refusal in context.refusals:
            reading.unread.append((context.item.name, refusal.span[0], refusal.rule, refusal.reason))
    merged = [merge_tellings(context.events, context.item.published) for context in contexts]
    ids = event_ids(merged)
    version = f"{pack.language}-{pack.version}-{pack.digest}"
    for context, events in zip(contexts, merged, strict=True):
        finish(context, events)
        for event in events:
            if background(context, event):
                reading.unread.append((context.item.name, event.spans[0][0], event.rule, "background without a day"))
                continue
            if to_attend(context, event, events):
                reading.unread.append((context.item.name, event.spans[0][0], event.rule, "the way to a gathering"))
                continue
            reading.reports.append(_report(article, context, context.item, event, ids[id(event)], version))
        reading.facts.extend(_facts(article, context, pack, version))
    return reading


def _dated(layout: Layout, items: Sequence[Item]) -> Layout:
    """The layout with the items as they are dated by now; the page has the date of its main item if it has no other."""
    published, basis = layout.published, layout.published_basis
    if items and items[0].name == "main" and (published is None or published == layout.items[0].published):
        published, basis = items[0].published, items[0].published_basis
    return replace(layout, items=tuple(items), published=published, published_basis=basis)


def read_items(article: Article, pack: Pack, layout: Layout, folded: str, reader: EventReader) -> list[Context]:
    """The items of an article with their sentences, persons and events, before the tellings of an event are merged."""
    page = Page(pack, article.text, folded, fold(article.title or ""))
    items = [(item, page.sentences(_blocks(item), item.home)) for item in layout.items]
    told = [sentence for _, sentences in items for sentence in sentences]
    slips = variants(pack.reader(alike), pack.lexicon, told)
    if slips:
        unite(told, slips)
    everyone = Register(pack.lexicon)
    everyone.variants = slips
    everyone.add(told)
    items = [(anchored(pack, item, sentences), sentences) for item, sentences in items]
    return [_item(pack, item, sentences, everyone, (folded, article.text), reader) for item, sentences in items]


def _blocks(item: Item) -> list[tuple[str, int, int]]:
    return [(block.kind, block.start, block.end) for block in item.blocks if block.kind in READ]


def _item(
    pack: Pack,
    item: Item,
    sentences: Sequence[Sentence],
    everyone: Register,
    texts: tuple[str, str],
    reader: EventReader,
) -> Context:
    """The item as it is read; `texts` are the page's, folded and as it came."""
    own = Register(pack.lexicon)
    own.add(sentences)
    own.behind = everyone
    context = Context(pack, item, sentences, own, *texts)
    resolve_times(context)
    to_events(context, reader.read(sentences, context.text), complete)
    return context


def background(context: Context, event: Event) -> bool:
    """Whether an event is only mentioned in passing: a visit or meeting of no day, told once, far behind the lead
    (codebook, principle 5: background counts if its date or identity is given)."""
    if event.kind not in ("visit", "meeting") or event.status != "held" or event.tellings > 1:
        return False
    if event.name and (event.kernel or event.kind == "visit" or any(p.kind == "person" for p in event.parties)):
        return False
    if event.start or event.end or event.timed or event.anaphor or context.item.name != "main":
        return False
    return context.sentences[event.sentence].paragraph >= LEAD


def to_attend(context: Context, event: Event, events: Sequence[Event]) -> bool:
    """Whether an arrival is only the way to a gathering, because nothing in the item calls it a visit (codebook)."""
    if event.kind != "visit" or event.only != "arrival":
        return False
    people = {p.name for p in event.parties if p.role == "visitor"}
    there = [e for e in events if e.kind == "conference" and e.place_country == event.place_country]
    homes = {p.country for p in event.parties if p.role == "visitor" and p.country}
    if not any(people & {p.name for p in e.parties} or homes & {p.country for p in e.parties} for e in there):
        return False
    words, ways = context.pack.refer["going"]["visits"], context.pack.refer["going"]["on_the_way"]
    for span in event.spans:
        told = context.text_of(*span)  # behind "arrived": what stands before it calls another journey a visit
        behind = told[max(told.rfind(way) for way in ways) + 1 :]
        if any(word in behind for word in words):
            return False
    return True


def finish(context: Context, events: Sequence[Event]) -> None:
    """What only the whole item tells: the days of a meeting within a dated visit."""
    visits = [e for e in events if e.kind == "visit" and e.status in ("held", "planned")]
    _lengthen(context, visits)
    by_visitor: dict[str, list[int]] = {}
    for number, visit in enumerate(visits):
        for name in {party.name for party in visit.parties if party.role == "visitor"}:
            by_visitor.setdefault(name, []).append(number)
    _legs(visits, by_visitor, {e.sentence for e in events if e.status == "planned"})
    by_start = {visit.start: visit for visit in reversed(visits)}
    for index, event in enumerate(events):
        theirs = [visits[n] for n in sorted({n for p in event.parties for n in by_visitor.get(p.name, ())[-NEAREST:]})]
        if event.anaphor == VISIT_PERIOD and event.start and event.end is None and event.start in by_start:
            event.end = by_start[event.start].end
        published = context.item.published
        if event.status == "held" and event.start and published and "X" not in event.start + published:
            known = min(len(event.start), len(published))  # a month tells nothing of the days in it
            event.status = "planned" if event.start[:known] > published[:known] else "held"
        if event.kind == "visit" and event.status == "planned" and _years_before(event.end or event.start, published):
            event.status = "held"  # what was prepared then
        if event.kind in ("meeting", "conference") and event.place_country is None:
            event.place_country = _where_visited(event, theirs)
        if event.occasion and event.start is None and event.end is None:
            _with_talks(context, event, events[max(0, index - NEAREST) : index + NEAREST])
        if event.kind == "conference" and event.place_country is None:
            event.place_country = _where_posted(context, event)
        if event.kind in ("meeting", "conference") and event.place_country is None:
            event.place_country = _same_day(event, events[max(0, index - NEAREST) : index + NEAREST])
        if event.kind != "meeting" or event.status not in ("held", "planned"):
            continue
        for visit in theirs:
            if _within(event, visit) and not _long_ago(event, visit, published):
                if event.start is None and event.end is None and visit.status == event.status:
                    event.start, event.end = visit.start, visit.end
                if visit.status == event.status:
                    event.place_country = event.place_country or visit.place_country
                break


def _years_before(day: str | None, published: str | None) -> bool:
    """Whether a day is of a year before that of publication, and not of the last months of the one before."""
    if day is None or published is None or "X" in day + published:
        return False
    return int(day[:4]) < int(published[:4]) - 1


def _with_talks(context: Context, occasion: Event, events: Sequence[Event]) -> None:
    """Give a gathering of no day the day and country of the talks that were held beside it, by the sentence that says
    so, whoever tells when they were."""
    where = {bisect_right(context.sentences, start, key=lambda s: s.start) for start, _ in occasion.spans}
    for talks in events:
        if talks is occasion or talks.kind not in ("meeting", "conference") or talks.occasion or not talks.start:
            continue
        beside = any(bisect_right(context.sentences, start, key=lambda s: s.start) in where for start, _ in talks.spans)
        if beside and talks.status == occasion.status and occasion.place_country in (None, talks.place_country):
            occasion.start, occasion.end, occasion.dated = talks.start, talks.end, True
            occasion.place_country = talks.place_country
            return


def _lengthen(context: Context, visits: Sequence[Event]) -> None:
    """Give a visit its last day where a sentence tells how long "the visit" takes that was told before."""
    for number, sentence in enumerate(context.sentences):
        told = [context.resolved.get(time.start) for time in sentence.times]
        days = next((value.duration_days for value in told if value and value.duration_days), None)
        if days is None or not any(value and value.anaphor == VISIT_PERIOD for value in told):
            continue
        nearest = visits[: bisect_right(visits, number, key=lambda visit: visit.sentence)][-NEAREST:]
        before = [v for v in nearest if v.start and len(v.start) == 10 and v.end is None]
        if before and before[-1].start:
            before[-1].end = add_duration(before[-1].start, days)


def _legs(visits: Sequence[Event], by_visitor: Mapping[str, Sequence[int]], planned: Container[int]) -> None:
    """Give "while in Y", where plans for that time are told, the days of the trip whose first leg was to X."""
    for number, leg in enumerate(visits):
        if leg.anaphor != VISIT_PERIOD or leg.start or leg.end or leg.sentence not in planned:
            continue
        theirs = {n for p in leg.parties if p.role == "visitor" for n in by_visitor[p.name][-NEAREST:] if n < number}
        trip = [v for v in (visits[n] for n in sorted(theirs)) if leg.sentence - v.sentence <= TRIP]
        if trip and trip[-1].status == "planned" and trip[-1].place_country != leg.place_country:
            leg.status, leg.start, leg.end, leg.dated = "planned", trip[-1].start, trip[-1].end, trip[-1].dated


def _same_day(event: Event, events: Sequence[Event]) -> str | None:
    """The country where a person of the event is told to be on its day: nobody is in two at once."""
    people = {p.name for p in event.parties if p.kind == "person"}
    day = event.start if event.start == event.end else None
    countries = {
        other.place_country
        for other in events
        if other is not event and other.kind in ("meeting", "conference") and other.place_country
        if day is not None and len(day) == 10 and (other.start, other.end, other.status) == (day, day, event.status)
        if people & {p.name for p in other.parties if p.kind == "person"}
    }
    return countries.pop() if len(countries) == 1 else None


def _where_posted(context: Context, event: Event) -> str | None:
    """The country to which somebody is posted who gives or attends a gathering."""
    posted = (posted_to(context, p.post or p.name) for p in event.parties if p.country)
    return next((code for code in posted if code), None)


def _where_visited(event: Event, visits: Sequence[Event]) -> str | None:
    """The country of the visit in whose sentence or days somebody is told to take part in an event."""
    people = {p.name for p in event.parties if p.kind == "person"}
    codes = {p.country for p in event.parties}
    for visit in sorted(visits, key=lambda visit: visit.place_country not in codes):
        near = event.sentence == visit.sentence or event.anaphor == VISIT_PERIOD
        visitors = {p.name for p in visit.parties if p.role == "visitor"}
        ahead = event.anaphor == VISIT_PERIOD and event.status == "planned"  # the visit has begun, this comes yet
        if near and people & visitors and (event.status == visit.status or ahead):
            return visit.place_country
    return None


def _within(event: Event, visit: Event) -> bool:
    """Whether a meeting can have been on a visit: a visitor meets somebody of the country visited, in its days."""
    visitors = {p.name for p in visit.parties if p.role == "visitor"}
    if event.place_country not in (None, visit.place_country) or not visitors & {p.name for p in event.parties}:
        return False
    if visit.place_country not in {p.country for p in event.parties}:
        return False
    if event.start is None:
        return True
    first, last = visit.start or visit.end or event.start, visit.end or visit.start or event.start
    return first[: len(event.start)] <= event.start and (
        visit.end is None or event.start <= last or last.startswith(event.start)
    )


def _long_ago(event: Event, visit: Event, published: str | None) -> bool:
    """Whether a meeting lies too far back for a visit of which no day is told: that is of these days."""
    met, today = edtf.parse(event.start), edtf.parse(published)
    if visit.start or visit.end or event.status != "held" or met is None or today is None:
        return False
    return met.latest is not None and today.latest is not None and (today.latest - met.latest).days > NEAR


def _report(article: Article, context: Context, item: Item, event: Event, identity: str, version: str) -> Report:
    evidence = [Evidence(start, end, article.text[start:end]) for start, end in sorted(set(event.spans)) if end > start]
    return Report(
        article.id,
        item.name,
        identity,
        event.kind,
        event.mode,
        event.status,
        event.name and context.own(event.name),
        event.start,
        event.end,
        event.place,
        event.place_country,
        [Participant(context.own(p.name), p.role, p.kind, p.country, p.post) for p in event.parties],
        event.amount,
        event.currency,
        confidence(event),
        evidence,
        event.post,
        event.rule,
        version,
    )


def confidence(event: Event) -> float:
    """How far the reading leans on inference, between 0 and 1: each inferred part takes a share off; being told
    again gives half of what is missing back. The shares are explained in docs/confidence.md."""
    value = 0.97
    if event.carried:
        value *= 0.85
    if not event.dated:
        value *= 0.93
    if any(p.country is None for p in event.parties):
        value *= 0.85
    if any(not p.sure for p in event.parties):
        value *= 0.93
    if event.status == "proposed":
        value *= 0.9
    for _ in range(min(event.tellings - 1, 2)):
        value += (1 - value) / 2
    return round(value, 3)


def _facts(article: Article, context: Context, pack: Pack, version: str) -> list[Fact]:
    out = []
    for name, fields, spans, rule in pack.reader(FactReader).read(context):
        evidence = [Evidence(a, b, article.text[a:b]) for a, b in spans]
        out.append(Fact(article.id, context.item.name, name, fields, evidence, rule, version))
    return out


def document_line(article: Article, layout: Layout, pack: Pack) -> dict[str, Any]:
    """The codebook's `documents` line."""
    return {
        "document": article.id,
        "url": article.url,
        "title": layout.title or article.title,
        "published": layout.published,
        "published_basis": layout.published_basis,
        "agency": layout.agency or article.agency,
        "language": pack.language,
        "text": article.text,
        "items": [
            {"item": i.name, "title": i.title, "published": i.published, "start": i.start, "end": i.end}
            for i in layout.items
        ],
    }
