"""When and where a draft was: by the time told at it, the days of a visit told before, what came right after."""

from __future__ import annotations

import re
from dataclasses import replace

from dragoman import edtf
from dragoman.actors import Locality
from dragoman.calendar import Resolved, add_duration, founding_year
from dragoman.context import Context, Event
from dragoman.events import ANNOUNCED, Draft
from dragoman.nouns import Noun
from dragoman.timex import VISIT_PERIOD, TimeMention

#: So many characters at most lie between a date and the "during the visit" that it dates.
REACH = 30
#: Kinds of event that may take days.
LASTING = frozenset({"visit", "conference", "exercise"})
#: Such events take at most so many days.
LONGEST = 31
#: So many characters behind a day may tell that it is the last, or that a visit began on it.
ENDING, BEGUN = 6, 16


def when(context: Context, draft: Draft) -> tuple[str | None, str | None, bool, str | None]:
    """Start and end of a draft, whether a day is told at it, and the anaphor if the days are another event's."""
    time = draft.time
    year = _anniversary(context, draft)
    if year is not None:
        return year, year, True, None
    if time is None:
        if _during_visit(context, draft):
            visit = visit_before(context, draft)
            if visit is not None:
                return visit.start, visit.end, True, VISIT_PERIOD
            if _goes_on(context, draft):
                return None, None, False, VISIT_PERIOD
        before = event_before(context, draft) if draft.kind != "visit" else None
        if before is None:
            return None, None, False, None
        open_visit = before.anaphor == VISIT_PERIOD and before.end is None  # its last day may be told yet
        return before.start, before.end, before.dated, VISIT_PERIOD if open_visit else "after"
    if draft.rule.options.get("dates") in ("adjacent", "clause", "object"):
        time = next(
            (t for t in reversed(draft.others) if _own(context, draft, t)),
            draft.time if _roughly(context, draft) else None,
        )
    elif draft.rule.options.get("dates") == "end":  # a day told between the rule's words is that of what ends
        inside = [t for t in context.sentences[draft.sentence].times if draft.span[0] < t.start < draft.span[1]]
        time = next((t for t in reversed(inside) if t.kind == "date"), time)
    value = context.resolved.get(time.start) if time is not None else None
    time, value = _of_gathering(context, draft, time, value)
    if value is None or time is None:
        return None, None, False, None
    if value.anaphor == VISIT_PERIOD:
        dated = _told_of_visit(context, draft, time)
        if draft.kind == "visit":  # "on his visit to X" dates nothing by itself, nor does a day in it
            whole = dated is not None and (dated.start != dated.end or len(dated.start or "") < 10)
            return (dated.start, dated.end, True, None) if dated and whole else (None, None, False, VISIT_PERIOD)
        if dated is not None:
            return dated.start, dated.end, True, None
        visit = visit_before(context, draft, _named_in(context, draft, time))
        if visit is None:
            return None, None, False, VISIT_PERIOD
        here = visit.sentence == draft.sentence and visit.start is not None and len(visit.start) == 10
        return visit.start, visit.end or (visit.start if here else None), True, VISIT_PERIOD
    if not draft.time_near or (draft.kind == "conference" and on_the_way(context, draft)):
        return None, None, False, None
    if value.anaphor and 0 <= time.start - draft.span[1] <= 1:
        return None, None, False, None  # "on the day of their call": the day of something else by this event's
    start, end = value.start, value.end
    if draft.kind in ("meeting", "call", "conference") and _begins_visit(context, time):
        return start, None, start is not None, VISIT_PERIOD
    if draft.status in ("planned", "proposed") and _of_agreeing(context, draft, time, value):
        return None, None, False, None
    if draft.kind == "visit" and (_another_verb(context, draft) or _later_or_said_of(context, draft, time)):
        return None, None, False, None
    if draft.kind in ("visit", "meeting") and _this_year(context, draft, start):
        return None, None, False, None
    words = context.text_of(time.start, time.end)
    if value.anaphor and context.text_of(max(0, time.start - 3), time.start).endswith(_days_of(context)):
        return None, None, False, None  # the day of something that is no event of the record
    if value.anaphor and any(word in words for word in context.pack.refer["going"]["same_day"]):
        told = context.recent(draft.sentence)
        last = next((e for e in told if e.start and len(e.start) == 10 and e.start == e.end), None)
        if last is not None:
            start, end = last.start, last.start
    take = draft.rule.options.get("dates")
    if take == "none" and (start is None or len(start) == 10):
        return None, None, False, None
    if draft.kind == "visit" and start and len(start) == 10 and _while_there(context, draft):
        return None, None, False, None
    if take == "end":
        start = None
    elif draft.kind == "visit" and start and start == end and len(start) == 10:
        end = None
    if draft.duration is not None and start and draft.kind == "visit" and end in (None, start):
        length = context.resolved.get(draft.duration.start)
        if length is not None and length.duration_days:
            end = add_duration(start, length.duration_days)
    if take is None and draft.kind in LASTING and start and len(start) == 10 and end in (None, start):
        end = _last_day(context, draft, time, start) or end
    return start, end, start is not None or end is not None, value.anaphor


def _of_gathering(
    context: Context, draft: Draft, time: TimeMention | None, value: Resolved | None
) -> tuple[TimeMention | None, Resolved | None]:
    """The time of a draft; if that is the year in a gathering's name, the day of that year told before it."""
    noun = draft.nouns.get("name")
    if noun is None or time is None or value is None or time.end != noun.start or len(value.start or "") != 4:
        return time, value
    for other in reversed(context.sentences[draft.sentence].times):
        told = context.resolved.get(other.start)
        if other.end <= time.start and told and told.start and len(told.start) == 10 and told.start[:4] == value.start:
            return (other, told) if draft.status == "held" else (time, value)
    return time, value


def _begins_visit(context: Context, time: TimeMention) -> bool:
    """Whether a time is the first day of the visit on which something happened: "on the trip begun on the 3rd"."""
    going = context.pack.refer["going"]
    behind = context.text_of(time.end, time.end + BEGUN)
    return behind.startswith(tuple(going["begun"])) and any(word in behind for word in going["visits"])


def _last_day(context: Context, draft: Draft, time: TimeMention, start: str) -> str | None:
    """The day told next in the sentence, if it is said to be that of the end: "arrives on the 3rd and leaves on the
    5th"."""
    rules = context.pack.refer["going"]
    later = next((t for t in context.sentences[draft.sentence].times if t.start >= time.end), None)
    value = context.resolved.get(later.start) if later is not None else None
    if later is None or value is None or later.kind != "date" or value.start != value.end or value.start is None:
        return None
    first, last = edtf.parse(start), edtf.parse(value.start)
    if first is None or last is None or not (first.earliest and last.earliest and last.day):
        return None
    behind = context.text_of(later.end, later.end + ENDING)
    if context.text_of(later.start - ENDING, later.start).rstrip(rules["on"]).endswith(tuple(rules["once"])):
        return None  # it was to end then, and did not
    ends = behind.startswith(tuple(rules["ends"])) and 0 < (last.earliest - first.earliest).days <= LONGEST
    return value.start if ends else None


def _of_agreeing(context: Context, draft: Draft, time: TimeMention, value: Resolved) -> bool:
    """Whether a day in a clause before a plan lies in the past: it is that of agreeing on the plan."""
    if draft.kind not in ("visit", "meeting", "conference", "call"):
        return False  # of others there is one on the day on which it is announced
    published = edtf.parse(context.item.published)
    if published is None or published.earliest is None or value.latest is None or value.latest >= published.earliest:
        return False
    return context.pack.clause.search(context.text_of(time.end, draft.core[0])) is not None


def _told_of_visit(context: Context, draft: Draft, period: TimeMention) -> Resolved | None:
    """The date right in front of "while X visits Y": of what was done then, and, unless it is one day, of the visit."""
    before = [t for t in draft.others if t.kind in ("date", "range") and t.end <= period.start]
    if not before or period.start - before[-1].end > REACH:
        return None
    between = context.text_of(before[-1].end, period.start)
    if any(word in between for word in context.pack.refer["subject"]["behind_saying"]):
        return None
    value = context.resolved.get(before[-1].start)
    return value if value is not None and value.start else None


def _own(context: Context, draft: Draft, time: TimeMention) -> bool:
    """Whether a time is the draft's own where its rule is particular about it: in or right in front of the relative
    clause, or behind the object."""
    objects = [m.start for m in draft.roles.get("visitor", [])]
    if draft.rule.options["dates"] == "object":
        return bool(objects) and time.start > max(objects)
    between = context.text_of(time.end, draft.span[0])
    if time.end <= draft.span[0] and draft.rule.options["dates"] == "clause":
        venues = [m for m in context.sentences[draft.sentence].mentions if m.type == "Venue" and m.start >= time.end]
        if venues and venues[-1].end <= draft.span[0]:
            between = context.text_of(time.end, venues[0].start) + context.text_of(venues[-1].end, draft.span[0])
        value = context.resolved.get(time.start)
        return (value is not None and None not in (value.start, value.end) and time.kind == "range") or len(
            between.strip(",")
        ) <= 3
    if time.end <= draft.span[0]:
        governed = any(word in between for word in context.pack.refer["subject"]["governed_by"])
        return len(between) <= 2 and not governed and not context.pack.clause.search(between)
    if draft.rule.options["dates"] == "clause":
        return draft.span[0] <= time.start < draft.span[1]
    return bool(objects) and draft.span[0] <= time.start < min(objects)


def _roughly(context: Context, draft: Draft) -> bool:
    """Whether a year or month is told in front of a relative clause: of all that the sentence tells ("in 2019 X met Y,
    who visited Z")."""
    time = draft.time
    if time is None or draft.rule.options["dates"] != "adjacent" or not draft.time_near or time.end > draft.span[0]:
        return False
    value = context.resolved.get(time.start)
    return value is not None and value.start is not None and value.start == value.end and len(value.start) < 10


def _while_there(context: Context, draft: Draft) -> bool:
    """Whether the draft only says on what visit something else was done ("on the 14th, while visiting X, he said")."""
    core = draft.span[0] + context.text_of(*draft.span).rfind(draft.texts.get("core", ""))
    inside = tuple(context.pack.refer["subject"]["within"])
    if not context.text_of(max(0, core - 2), core).endswith(inside):
        return False
    behind = context.text_of(draft.span[1], draft.span[1] + 3)
    return behind.startswith(tuple(context.pack.refer["after"]["while_there"]))


def _another_verb(context: Context, draft: Draft) -> bool:
    """Whether so much stands between the time and who goes, in one clause, that the time is that of another verb ("on
    the 6th crowds protested against X's visit")."""
    if draft.time is None or draft.time.end > draft.span[0]:
        return False
    between = context.text_of(draft.time.end, draft.span[0])
    subject = context.pack.refer["subject"]
    if between.endswith((*subject["about"], *subject["fronts"])):
        return True  # the day on which somebody speaks about X's visit
    apart = context.pack.clause.search(between) or "\n" in between
    return not apart and sum(char.isalpha() for char in between) >= 6


def _later_or_said_of(context: Context, draft: Draft, time: TimeMention) -> bool:
    """Whether a visit is told behind "then" or in a clause that says what the visit told before is."""
    core = draft.span[0] + max(0, context.text_of(*draft.span).rfind(draft.texts.get("core", "")))
    between, since = context.text_of(time.end, core), context.pack.refer["since"]
    if any(word in between[-6:] for word in since["this"]) and context.pack.clause.search(between):
        return True
    if any(word in between for word in since["trip"]):
        return False  # a leg without days of its own has those of the trip
    return any(word in between for word in since["later"]) or re.search(since["this_is"], between) is not None


def _this_year(context: Context, draft: Draft, start: str | None) -> bool:
    """Whether no more than the year of publication is told, and in a clause of its own: it dates something else."""
    if draft.time is None or start is None or context.item.published is None or start != context.item.published[:4]:
        return False
    return "," in context.text_of(draft.time.end, draft.core[0])


def on_the_way(context: Context, draft: Draft) -> bool:
    """Whether the time told is that of setting out or arriving, and the gathering is what somebody goes to."""
    if draft.time is None or not draft.time.end <= draft.span[1]:
        return False
    between = context.text_of(draft.time.end, draft.core[0])
    return any(word in between for word in context.pack.refer["going"]["on_the_way"])


def _anniversary(context: Context, draft: Draft) -> str | None:
    """The year of a visit or meeting whose anniversary is told right behind it."""
    if draft.kind not in ("visit", "meeting") or context.item.published is None:
        return None
    for time in context.sentences[draft.sentence].times:
        if time.kind == "anniversary" and 0 <= time.start - draft.span[1] <= 1:
            return founding_year(time, context.item.published[:4])
    return None


def _days_of(context: Context) -> tuple[str, ...]:
    return tuple(context.pack.refer["going"]["day_of"])


def _during_visit(context: Context, draft: Draft) -> bool:
    """Whether the sentence says, before the draft, that it is about the time of a visit."""
    sentence = context.sentences[draft.sentence]
    head = sentence.folded[: draft.span[0] - sentence.start + 2]
    after = context.pack.refer["after"]
    opens = head.lstrip().startswith(tuple(after["during_opens"]))
    during = opens or any(word in head for word in after["during"])
    return draft.kind != "visit" and (during or _goes_on(context, draft))


def _goes_on(context: Context, draft: Draft) -> bool:
    """Whether the sentence goes on ("he will also") with what the one before it, in its paragraph, tells of a visit."""
    sentence = context.sentences[draft.sentence]
    before = context.sentences[draft.sentence - 1] if draft.sentence else None
    if before is None or before.paragraph != sentence.paragraph or draft.kind not in ("meeting", "conference"):
        return False
    head = sentence.folded[: draft.span[1] - sentence.start]
    if not any(word in head for word in context.pack.refer["after"]["also"]):
        return False
    return any((told := context.resolved.get(time.start)) and told.anaphor == VISIT_PERIOD for time in before.times)


def event_before(context: Context, draft: Draft) -> Event | None:
    """The event told last, if the draft's sentence says that it came right before or after it. A measure that is
    announced after talks is not taken then."""
    if draft.status == "planned" and draft.kind in ANNOUNCED:
        return None
    sentence = context.sentences[draft.sentence]
    head = sentence.folded[: draft.span[0] - sentence.start + 14]
    if any(word in head for word in context.pack.refer["after"]["words"]):
        for event in context.recent(draft.sentence):
            if event.kind in ("meeting", "conference", "call", "agreement"):
                return event
    return None


def _named_in(context: Context, draft: Draft, time: TimeMention) -> str | None:
    """The country that the words for the time of a visit name ("while in X")."""
    for mention in context.sentences[draft.sentence].mentions:
        if time.start - 1 <= mention.start < time.end and mention.type in ("Country", "Pair"):
            return context.pack.builder.country_of(mention)
    return None


def visit_before(context: Context, draft: Draft, country: str | None = None) -> Event | None:
    """The dated visit told last, if a country is given to there; with the first or last day that another telling of it
    gives."""
    found: Event | None = None
    for event in context.recent(draft.sentence):
        if event.kind != "visit" or not (event.start or event.end) or country not in (None, event.place_country):
            continue
        if found is None:
            found = event
        elif event.place_country == found.place_country and _visitors(event) == _visitors(found):
            start, end = found.start or event.start, found.end or event.end
            if not (start and end and start > end):
                found = replace(found, start=start, end=end)
    return found


def _visitors(visit: Event) -> set[str]:
    return {party.name for party in visit.parties if party.role == "visitor"}


def where(context: Context, draft: Draft, kind: str) -> Locality | None:
    """Where the text says; else where the event before took place, if this one came right behind it."""
    if kind in ("message", "call"):
        return None  # at a distance
    if kind == "visit" and draft.place is not None and draft.place.text.endswith(tuple(context.pack.sets["hall"])):
        return Locality("", draft.place.country)  # where a visitor is received is not where he goes
    if draft.place is not None or kind == "visit":
        return draft.place
    noun = draft.nouns.get("name")
    if noun is not None and isinstance(noun.value, Noun) and noun.value.place is not None:
        return noun.value.place
    before = event_before(context, draft) if draft.time is None else None
    if before is not None and before.place_country:
        return Locality(before.place or "", before.place_country)
    return None
