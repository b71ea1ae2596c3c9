"""From a sentence's mentions to drafts of events: the rules whose trigger occurs, the subject that a rule leaves out,
and the status, time and place that the grammar around the trigger gives.

A draft still names actors as the sentence does; refer.py says who they are.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from dragoman.actors import Locality
from dragoman.match import Match, Mention, Rule, Squeezed
from dragoman.mentions import Sentence
from dragoman.nouns import Noun
from dragoman.pack import Pack
from dragoman.subject import SubjectFinder
from dragoman.timex import Point, TimeMention

#: To announce one of these is to do it: a day told with "announced" is the event's own, and not only that of the news.
ANNOUNCED = frozenset({"relations", "appointment", "sanction", "aid", "protest"})
#: Of these, kinds of which one that is only announced is for another day.
LATER = frozenset({"relations", "appointment"})
#: Kinds of which somebody who is not told in the sentence is not denied.
TALKS = frozenset({"meeting", "call", "conference"})


@dataclass(slots=True)
class Draft:
    """One rule's reading of one event in one sentence, before anybody is identified and anything dated."""

    kind: str
    rule: Rule
    mode: str | None
    status: str
    roles: dict[str, list[Mention]]
    texts: dict[str, str]
    nouns: dict[str, Mention]
    span: tuple[int, int]
    core: tuple[int, int]  # the words that tell the event
    sentence: int
    time: TimeMention | None
    time_near: bool
    duration: TimeMention | None
    place: Locality | None
    carried: bool = False
    cue: str | None = None
    others: list[TimeMention] = field(default_factory=list)


@dataclass(slots=True)
class Cue:
    """A word that tells the status, where it must stand and how far it reaches; whether only a time told behind it is
    the event's, since one before it is that of announcing; and whether, right behind the subject, it holds for all that
    the subject is said to do; the kinds of event for which it holds, if not for all."""

    status: str
    regex: re.Pattern[str]
    side: str
    within: int
    name: str
    dates_behind: bool
    carries: bool
    kinds: frozenset[str]


class EventReader:
    """Applies the event rules of a pack to sentences."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.cues = [
            Cue(
                row["status"],
                self._cue(row),
                row["side"],
                row["within"],
                row["name"],
                row.get("dates") == "behind",
                row.get("carries", False),
                frozenset(row.get("kinds", ())),
            )
            for row in pack.status["cue"]
        ]
        self.subjects = SubjectFinder(pack)
        self.people = self.subjects.people
        self.saying = self.subjects.saying
        self.clause = self.subjects.clause
        self.announcing = frozenset(pack.refer["instrument"]["announcing"])
        going = "|".join(map(re.escape, sorted(pack.refer["going"]["words"], key=len, reverse=True)))
        self.going = re.compile(f"(?:{going})[{pack.types.characters('Country')}{pack.types.characters('Place')}]")
        come = "|".join(map(re.escape, sorted(pack.refer["going"]["come"], key=len, reverse=True)))
        stays = "".join(pack.refer["going"]["elsewhere"])
        self.come = re.compile(f"(?<![{stays}])(?:{come})[{pack.types.characters('Country')}]")
        self.not_yet = tuple(pack.refer["going"]["not_yet"])
        self.spread = re.compile("|".join(map(re.escape, pack.refer["since"]["spread"])))
        self.earlier = re.compile(pack.refer["since"]["earlier"])
        self.judging = re.compile("|".join(map(re.escape, pack.refer["subject"]["judging"])))
        self.since = re.compile("|".join(map(re.escape, pack.refer["since"]["words"])))
        self.alias = pack.refer["modes"]
        self.relative = pack.refer["instrument"]["of"]
        self.held = tuple(pack.refer["gathering"]["held"])  # the relative clause is the event's, not the subject's

    def _cue(self, row: Mapping[str, Any]) -> re.Pattern[str]:
        words = [re.escape(word) for word in row["words"]]
        if "pattern" in row:
            words.append(self.pack.compiler.compile(row["pattern"], f"status.toml: cue {row['name']}")[0].pattern)
        return re.compile("|".join(words))

    def read(self, sentences: Sequence[Sentence], folded: str) -> list[Draft]:
        """All drafts of an item's sentences, in text order."""
        out: list[Draft] = []
        topic: list[Mention] = []
        for number, sentence in enumerate(sentences):
            drafts = self._sentence(sentence.squeezed, sentence, number, topic, folded)
            out.extend(drafts)
            leading = self.subjects.leading(sentence.squeezed)
            if leading:
                topic = leading
        return out

    def _sentence(
        self, squeezed: Squeezed, sentence: Sentence, number: int, topic: list[Mention], folded: str
    ) -> list[Draft]:
        found: list[tuple[Match, Rule]] = []
        for rule in self.pack.events.candidates(squeezed):
            if "blocks" in rule.options and sentence.block not in rule.options["blocks"]:
                continue
            found.extend((match, rule) for match in rule.matches(squeezed, self.pack.types))
        out: list[Draft] = []
        taken: dict[str, list[tuple[int, int]]] = {}
        for match, rule in found:
            core = match.texts.get("core", (match.start, match.end))
            clash = taken.setdefault(rule.makes, [])
            if any(core[0] < b and a < core[1] for a, b in clash):
                self._stopped(match, squeezed, number, "another rule of the kind has read these words")
                continue
            drafts = self._drafts(match, rule, squeezed, sentence, number, topic, folded)
            if drafts:
                self._made(match, squeezed, number, drafts)
                clash.append(core)
                out.extend(drafts)
        return out

    def _drafts(
        self,
        match: Match,
        rule: Rule,
        squeezed: Squeezed,
        sentence: Sentence,
        number: int,
        topic: list[Mention],
        folded: str,
    ) -> list[Draft]:
        roles = {role: list(found) for role, found in match.roles.items()}
        nouns: dict[str, Mention] = {}
        further: list[Mention] = []
        for role in list(roles):
            if role in ("name", "via"):
                nouns[role], *further = roles.pop(role)
        places = roles.pop("where", [])
        texts = {
            role: folded[slice(*squeezed.span(*where))] for role, where in match.texts.items() if role not in roles
        }
        core = match.texts.get("core", (match.start, match.end))
        carried = False
        subject = rule.options.get("subject")
        before = match.start
        if subject:
            who, before, carried = self.subjects.find(squeezed, match.start, topic, "who" in rule.options)
            objects = roles.get(subject, [])
            if carried and len(who) > 1:
                who = self._apart(who, objects)
            if who:
                roles[subject] = [*who, *(m for m in objects if m not in who)]
            elif not objects and "subjectless" not in rule.options:
                return self._stopped(match, squeezed, number, f"no subject for {subject}")
        status, cue, told = self._status(squeezed.text, before, core, rule)
        several = status == "several"
        if status == "denied" and (carried or (subject and subject not in roles)) and rule.makes in TALKS:
            return self._stopped(match, squeezed, number, "denied of nobody in the sentence")
        if status == "ignored":
            return self._stopped(match, squeezed, number, f"ignored by the cue {cue}")
        a, b = squeezed.span(match.start, match.end)
        start = min([a, *(m.start for found in roles.values() if not carried for m in found)])
        dated = sentence
        if rule.options.get("dates") == "verb":
            verb = squeezed.span(*core)[1]
            dated = replace(sentence, times=[t for t in sentence.times if not verb <= t.start < b])
        time, near, duration, others = self._time(
            dated,
            start,
            a,
            b,
            (rule.makes in ANNOUNCED and (status != "planned" or rule.makes not in LATER))
            or rule.options.get("status") == "cancelled",
            squeezed.span(told, told)[0] if told is not None else 0,
            [*nouns.values(), *further],
        )
        if time is not None and rule.makes in TALKS:
            near = near and not self._judged(time, sentence, start, a, status)
        beside = self._beside(time, others, sentence)
        if several and not beside:
            return self._stopped(match, squeezed, number, f"ignored by the cue {cue}")
        place = self._place(sentence, squeezed, match, places, a, b)
        draft = Draft(
            rule.makes,
            rule,
            self._mode(rule, texts),
            "held" if several else status,
            roles,
            texts,
            nouns,
            (start, b),
            squeezed.span(*core),
            number,
            time,
            near,
            duration,
            place,
            carried,
            cue,
            others,
        )
        out = self._distributed(draft, match)
        long = all(isinstance(t.value, Point) and t.value.day is None for t in [time, *beside] if t)
        if beside and (several or (long and rule.makes in ("visit", "exercise"))):
            out = [replace(one, time=each) for each in [*beside, time] for one in out]
            goers = roles.get("visitor", [])
            if len(goers) == len(beside) + 1 and not several:  # to each his own
                out = [replace(one, roles={**roles, "visitor": [who]}) for one, who in zip(out, goers, strict=True)]
        return [*out, *(replace(one, nouns={**nouns, "name": noun}) for noun in further for one in out)]

    def _stopped(self, match: Match, squeezed: Squeezed, number: int, reason: str) -> list[Draft]:
        """A reading that makes no draft, and why; for whoever listens (trace.py)."""
        return []

    def _made(self, match: Match, squeezed: Squeezed, number: int, drafts: list[Draft]) -> None:
        """A reading that made drafts; for whoever listens (trace.py)."""

    def _mode(self, rule: Rule, texts: Mapping[str, str]) -> str | None:
        said = texts.get("mode")
        if said is not None:
            table: Mapping[str, str] = self.alias.get(rule.makes, {})
            return table.get("".join(said.split())) or rule.options.get("mode")
        mode: str | None = rule.options.get("mode")
        return mode

    def _distributed(self, draft: Draft, match: Match) -> list[Draft]:
        """One draft for each mention of the role that the rule splits on, if the text says so ("separately"): each
        object with the subjects, or, where there is one object, each subject with it."""
        role = draft.rule.options.get("split")
        if not role or ("each" in draft.rule.slots and not draft.texts.get("each")):
            return [draft]
        objects = match.roles.get(role, [])
        subjects = [m for m in draft.roles.get(role, []) if m not in objects]
        if len(objects) > 1:
            return [replace(draft, roles={**draft.roles, role: [*subjects, one]}) for one in objects]
        if len(subjects) > 1 and "each" in draft.rule.slots:
            return [replace(draft, roles={**draft.roles, role: [one, *objects]}) for one in subjects]
        return [draft]

    def _apart(self, topic: list[Mention], objects: Sequence[Mention]) -> list[Mention]:
        """Of several whom the sentences before are about, those who are not of an object's country: one of the two
        sides of talks goes on to meet another of the other side."""
        codes = {self.pack.builder.country_of(m) for m in objects} - {None}
        return [m for m in topic if self.pack.builder.country_of(m) not in codes] or topic

    # Status, time and place ----------------------------------------------------------------------------

    def _status(self, text: str, subject: int, core: tuple[int, int], rule: Rule) -> tuple[str, str | None, int | None]:
        """The status, the cue that told it, and where that stands if only a time behind it is the event's."""
        fixed = rule.options.get("status")
        begin = 0
        for mark in self.clause.finditer(text, 0, core[0]):
            if mark.start() < core[0]:
                begin = mark.end()
        begin_of_clause = begin
        # what a relative clause in front of the subject says of it does not hold for what it does
        own = rule.makes == "meeting" and text[begin:subject].endswith(self.held)
        of = text[begin:subject].endswith(self.relative) and not own
        begin = subject if of else min(begin, subject)
        end_mark = self.clause.search(text, core[1])
        end = end_mark.start() if end_mark else len(text)
        deaf = rule.options.get("deaf", ())
        for cue in self.cues:
            if cue.name in deaf or (cue.kinds and rule.makes not in cue.kinds):
                continue
            if cue.side == "before":
                first, last = max(begin, core[0] - cue.within), core[0]
            elif cue.side == "clause":
                first, last = max(begin_of_clause, core[0] - cue.within), core[0]
            elif cue.side == "sentence":
                first, last = max(0, core[0] - cue.within), core[0]
            elif cue.side == "around":
                first, last = max(0, core[0] - cue.within), core[1] + cue.within
            elif cue.side == "inside":
                first, last = core
            else:
                first, last = core[1], min(end, core[1] + cue.within)
            found = cue.regex.search(text[first:last])
            if found and cue.side == "around" and not found.start() < core[0] - first < found.end():
                found = None
            later = cue.carries and subject < begin_of_clause
            if found or (later and cue.regex.search(text, subject, min(subject + 8, core[0]))):
                if fixed and cue.status in ("planned", "proposed"):
                    break
                return cue.status, cue.name, first + found.start() if found and cue.dates_behind else None
        return fixed or "held", None, None

    def _time(
        self,
        sentence: Sentence,
        start: int,
        a: int,
        b: int,
        announced: bool,
        told: int,
        nouns: Collection[Mention],
    ) -> tuple[TimeMention | None, bool, TimeMention | None, list[TimeMention]]:
        """The time that belongs to the event: inside the reading, else the last before it, else right behind it."""
        # the year in the name of a gathering dates no more than what bears it
        named = [m for m in sentence.mentions if isinstance(m.value, Noun) and m not in nouns]
        points = [
            t
            for t in sentence.times
            if t.kind in ("date", "range", "anaphor", "vague")
            and t.start >= told
            and not any(m.start <= t.start and t.end <= m.end for m in named)
            and not self.since.search(sentence.folded, *_within(t, sentence, a, self.pack.pause))
        ]
        for found in self.earlier.finditer(sentence.folded, 0, a - sentence.start):
            first, last = (sentence.start + at for at in found.span())
            points = [t for t in points if not first < t.start < last]
        durations = [t for t in sentence.times if t.kind == "duration"]
        inside = [t for t in points if start <= t.start < b]
        before = [t for t in points if t.end <= start]
        duration = next((t for t in durations if start - 8 <= t.start), None)
        if inside:
            near = [t for t in inside if t.start < a] or inside
            return near[-1], True, duration, points
        behind = [
            t
            for t in points
            if b <= t.start <= b + 8
            and not _only_year(t)
            and not self.clause.search(sentence.folded, b - sentence.start, t.start - sentence.start)
        ]
        apart = bool(before) and self.clause.search(
            sentence.folded, before[-1].end - sentence.start, max(start, a) - sentence.start
        )
        if behind and (not before or (apart and behind[0].start == b)):
            return behind[0], True, duration, points
        if before:
            spread = (
                apart
                and apart.start() > before[-1].end - sentence.start  # more than "on that day," stands there
                and self.spread.search(sentence.folded, start - sentence.start, b - sentence.start)
            )
            crossed = spread or self._crosses(before[-1].end, start, sentence, announced)
            return before[-1], not crossed, duration, points
        return None, False, duration, points

    def _beside(self, time: TimeMention | None, others: Sequence[TimeMention], sentence: Sentence) -> list[TimeMention]:
        """The times of other occasions told side by side with a time ("in 2013 and in May 2015"): years or months, or
        days if it is said that there are several occasions."""
        found: list[TimeMention] = []
        for other in reversed([t for t in others if time is not None and t.end <= time.start]):
            last = found[0] if found else time
            between = sentence.folded[other.end - sentence.start : last.start - sentence.start] if last else ""
            if other.kind != "date" or between not in self.pack.sets["and"]:
                break
            found.insert(0, other)
        return found

    def _judged(self, time: TimeMention, sentence: Sentence, start: int, verb: int, status: str) -> bool:
        """Whether a day in front of an event is that of blaming it, or of announcing what is still to come."""
        first, last = time.end - sentence.start, verb - sentence.start
        if time.end > start or last < first:
            return False
        said = status in ("planned", "proposed") and self.saying.search(sentence.folded, first, last)
        return bool(said or self.judging.search(sentence.folded, first, last))

    def _crosses(self, start: int, end: int, sentence: Sentence, announced: bool = False) -> bool:
        """Whether what stands between a time or place and an event keeps them apart: much text, a verb of saying, save
        one by which it is announced where announcing is doing it."""
        said = self.saying.findall(sentence.folded, start - sentence.start, end - sentence.start)
        return end - start > 60 or any(not announced or word not in self.announcing for word in said)

    def _place(
        self, sentence: Sentence, squeezed: Squeezed, match: Match, places: Sequence[Mention], a: int, b: int
    ) -> Locality | None:
        if places:
            builder = self.pack.builder
            country = next((c for m in places if (c := builder.country_of(m))), None)
            named = [m for m in places if m.type == "Place"]
            text = named[-1].value["surface"] if named else ""
            return Locality(text, country)
        venues = [m for m in sentence.mentions if m.type == "Venue"]
        inside = [m for m in venues if a <= m.start < b]
        before = [m for m in venues if m.start < a and not self._crosses(m.end, a, sentence)]
        before = [m for m in before if not self._only_since(sentence, m.end, a)]
        for venue in [*inside, *before[-1:]]:
            value: Locality = venue.value
            return value
        gone = self._gone_to(squeezed, match.start, sentence)
        if gone is None and "receives" in match.rule.options:
            found = self.come.search(squeezed.text, match.start, match.end)
            mention = squeezed.mentions[found.end() - 1] if found else None
            gone = Locality("", self.pack.builder.country_of(mention)) if mention is not None else None
        return gone

    def _only_since(self, sentence: Sentence, start: int, end: int) -> bool:
        """Whether the clause of a place says since when something holds: the first since they met there."""
        stop = self.clause.search(sentence.folded, start - sentence.start, end - sentence.start)
        return self.since.search(sentence.folded, start - sentence.start, stop.start() if stop else 0) is not None

    def _gone_to(self, squeezed: Squeezed, position: int, sentence: Sentence) -> Locality | None:
        """The country or place that somebody is said to go to, earlier in the same sentence; the country alone if
        another day is told in between."""
        gone = [
            found.end()
            for found in self.going.finditer(squeezed.text, 0, position)
            if not squeezed.text.startswith(self.not_yet, found.end())
            and self.people.search(squeezed.text, 0, found.start())
        ]
        if not gone:
            return None
        mention = squeezed.mentions[gone[-1] - 1]
        country = self.pack.builder.country_of(mention) if mention is not None else None
        if mention is None or country is None:
            return None
        until = squeezed.span(position, position)[0]
        same_day = not any(mention.end <= t.start < until for t in sentence.times if t.kind in ("date", "range"))
        return Locality(mention.value["surface"] if mention.type == "Place" and same_day else "", country)


def _only_year(time: TimeMention) -> bool:
    """Whether a time is no more than a year: behind an event it tells of which year the next thing is."""
    point = time.value
    return isinstance(point, Point) and point == Point(year=point.year)


def _within(time: TimeMention, sentence: Sentence, event: int, pause: re.Pattern[str]) -> tuple[int, int]:
    """Where a time stands in its sentence, with what stands behind it in its clause, up to an event."""
    start, end = time.start - sentence.start, time.end - sentence.start
    clause = pause.search(sentence.folded, end)
    return start, max(end + 2, min(clause.start() if clause else end, end + 14, event - sentence.start))
