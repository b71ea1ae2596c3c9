"""From a sentence's mentions to drafts of events: the rules whose trigger occurs, the subject that a rule leaves out,
and the status (status.py), time and place (near.py) that the grammar around the trigger gives.

A draft still names actors as the sentence does; refer.py says who they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from dragoman.actors import Locality
from dragoman.match import Match, Mention, Rule, Squeezed
from dragoman.mentions import Sentence
from dragoman.near import NearFinder
from dragoman.pack import Pack
from dragoman.status import StatusReader
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


class EventReader:
    """Applies the event rules of a pack to sentences."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.subjects = SubjectFinder(pack)
        self.status = StatusReader(pack)
        self.near = NearFinder(pack, self.subjects)
        self.alias = pack.refer["modes"]

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
        status, cue, told = self.status.read(squeezed.text, before, core, rule)
        several = status == "several"
        if status == "denied" and (carried or (subject and subject not in roles)) and rule.makes in TALKS:
            return self._stopped(match, squeezed, number, "denied of nobody in the sentence", cue)
        if status == "ignored":
            return self._stopped(match, squeezed, number, f"ignored by the cue {cue}", cue)
        a, b = squeezed.span(match.start, match.end)
        start = min([a, *(m.start for found in roles.values() if not carried for m in found)])
        dated = sentence
        if rule.options.get("dates") == "verb":
            verb = squeezed.span(*core)[1]
            dated = replace(sentence, times=[t for t in sentence.times if not verb <= t.start < b])
        time, near, duration, others = self.near.time(
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
            near = near and not self.near.judged(time, sentence, start, a, status)
        beside = self.near.beside(time, others, sentence)
        if several and not beside:
            return self._stopped(match, squeezed, number, f"ignored by the cue {cue}", cue)
        place = self.near.place(sentence, squeezed, match, places, a, b)
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

    def _stopped(
        self, match: Match, squeezed: Squeezed, number: int, reason: str, cue: str | None = None
    ) -> list[Draft]:
        """A reading that makes no draft, why, and by which cue of its status; for whoever listens (trace.py)."""
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
