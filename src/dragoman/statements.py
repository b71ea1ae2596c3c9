"""Who said what: the verbs of saying in a sentence, the speaker of each, and the words said.

A statement is written down only if its speaker is a named person in an office: who speaks for a newspaper, or without
a name, is passed over. The words and patterns are the pack's (facts/statement.toml).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dragoman.actors import Actor
from dragoman.context import Context
from dragoman.homeland import BEFORE, country_of
from dragoman.match import Match, Mention, Squeezed, TriggerIndex
from dragoman.mentions import Sentence
from dragoman.pack import Pack
from dragoman.persons import Person

#: Posts of these ranks have one holder a country, so that the post alone tells who is meant.
UNIQUE = frozenset(
    {"head_of_state", "head_of_government", "foreign_minister", "defence_minister", "monarch", "speaker"}
)
#: At most this many characters that no rule knows may stand between a speaker and the verb: with a mark behind the
#: verb, and without one.
REACH, SHORT_REACH = 9, 4
#: A noun that many characters before the verb is its subject.
NEAR = 2
#: A quotation this long, or with a mark of punctuation inside, is speech in any place.
SPEECH = 9

Row = tuple[str, dict[str, Any], list[tuple[int, int]], str]


@dataclass(slots=True)
class Quotes:
    """Stretches of a text in quotation marks, outermost only, marks included."""

    spans: list[tuple[int, int]] = field(default_factory=list)

    def around(self, offset: int) -> tuple[int, int] | None:
        """The quotation in which an offset lies."""
        before = self.before(offset + 1)
        return before if before is not None and offset < before[1] else None

    def within(self, start: int, end: int) -> list[tuple[int, int]]:
        """The quotations that begin in `start:end`."""
        return self.spans[bisect_left(self.spans, (start,)) : bisect_left(self.spans, (end,))]

    def before(self, offset: int) -> tuple[int, int] | None:
        """The last quotation that begins before an offset."""
        index = bisect_left(self.spans, (offset,))
        return self.spans[index - 1] if index else None


class StatementReader:
    """Applies the statement rules of a pack to the sentences of an item."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        kinds = {kind: [rule for rule in pack.facts if rule.makes == kind] for kind in _KINDS}
        self.rules = TriggerIndex(kinds["statement"], pack.triggers)
        self.issues = TriggerIndex(kinds["issue"], pack.triggers)
        self.adjuncts = [rule.regex for rule in kinds["adjunct"]]
        things = "".join(pack.types.char[name] for name in ("Media", "Instrument"))
        self.nobody = re.compile(f"{_joined(kinds['nobody']).pattern}|[{things}]")
        self.filler = _joined(kinds["filler"])
        self.outsider = _joined(kinds["outsider"])
        self.embedded = _joined(kinds["embedded"])
        self.owned = _joined(kinds["owned"])
        self.turn = _joined(kinds["turn"])
        self.term = _joined(kinds["term"])
        self.open, self.close = pack.refer["quotes"]["open"], pack.refer["quotes"]["close"]
        self.quote = re.compile("[" + re.escape(self.open + self.close) + "]")
        self.actor = "[" + pack.types.characters("Actor") + "]"
        self.who = frozenset(pack.types.characters("Who"))
        self.actors = frozenset(pack.types.characters("Actor"))
        ands = "|".join(map(re.escape, sorted(pack.sets["and"], key=len, reverse=True)))
        self.answer = re.compile(f"[{pack.types.characters('Person')}]:")
        self.before = re.compile(f"({self.actor})(?:{ands})$")
        self.behind = re.compile(f"(?:{ands})({self.actor})")
        self.clause = pack.clause
        self.mark = re.compile(".{1,4}?[,:" + self.open + "]")
        self.lead_out = re.compile(r"[,:\s]{0,4}")

    def read(self, context: Context) -> Iterator[Row]:
        """The statements of an item in text order."""
        last: Person | None = None
        asking = False
        issued: dict[str, Mention] = {}
        ends = {sentence.paragraph: sentence.end for sentence in context.sentences}
        quotes: dict[int, Quotes] = {}
        seen: set[tuple[str, str]] = set()
        for number, sentence in enumerate(context.sentences):
            if sentence.paragraph not in quotes:
                quotes[sentence.paragraph] = self._quotes(context, sentence.start, ends[sentence.paragraph])
                asking = False
            squeezed = sentence.squeezed
            asking = bool(self.turn.match(squeezed.text)) or (asking and not self.answer.match(squeezed.text))
            before = None if asking else last
            said = list(self._sentence(context, number, squeezed, quotes[sentence.paragraph], before, issued))
            issued = self._issued(squeezed) or (issued if said else {})
            if asking:
                named = {m.value.name for m in squeezed.mentions if m is not None and m.type == "Person"}
                said = [row for row in said if row[0].name in named and not squeezed.text.endswith("?")]
            for person, row in said:
                last = person
                start, end = row[1]["text"]
                if (person.name, context.text[start:end]) not in seen:
                    seen.add((person.name, context.text[start:end]))
                    yield row
            if not said:
                last = self._topic(context, squeezed, quotes[sentence.paragraph]) or last

    def _quotes(self, context: Context, start: int, end: int) -> Quotes:
        out, depth, begin = Quotes(), 0, start
        for mark in self.quote.finditer(context.text, start, end):
            offset = mark.start()
            if mark[0] == self.open:
                if depth == 0:
                    begin = offset
                depth += 1
            elif depth:
                depth -= 1
                if depth == 0:
                    out.spans.append((begin, offset + 1))
        if depth:
            out.spans.append((begin, end))
        return out

    def _sentence(
        self,
        context: Context,
        number: int,
        squeezed: Squeezed,
        quotes: Quotes,
        last: Person | None,
        issued: Mapping[str, Mention],
    ) -> Iterator[tuple[Person, Row]]:
        sentence = context.sentences[number]
        found: list[tuple[int, Match]] = []
        for rule in self.rules.candidates(squeezed):
            found += [(m.texts["core"][0], m) for m in rule.matches(squeezed, self.pack.types)]
        found = [(at, m) for at, m in sorted(found, key=lambda row: row[0]) if not quotes.around(squeezed.starts[at])]
        if not found:
            return
        hidden = self._hidden(squeezed, quotes)
        speaking: list[Person] = []
        until = -1
        for index, (at, match) in enumerate(found):
            if at < until:
                continue
            speaker = match.rule.options.get("speaker")
            if speaker == "named":
                people = self._people(context, match.roles["speaker"], last)
            elif speaker == "issuer":
                issuer = issued.get(squeezed.text[slice(*match.texts["document"])])
                people = self._people(context, [issuer], last) if issuer is not None else []
            else:
                people = self._speakers(context, squeezed, hidden, at, number, speaking, last)
            if not people:
                continue
            core_end = match.texts["core"][1]
            following = next((a for a, _ in found[index + 1 :] if a > core_end), None)
            span = self._words(context, squeezed, sentence, quotes, match, following)
            if span is None:
                continue
            until, speaking = core_end, people
            for person in people:
                yield person, self._row(context, sentence, quotes, person, span, match.rule.name)

    def _issued(self, squeezed: Squeezed) -> dict[str, Mention]:
        """Who issues which sort of document in a sentence."""
        matches = [
            match for rule in self.issues.candidates(squeezed) for match in rule.matches(squeezed, self.pack.types)
        ]
        return {squeezed.text[slice(*match.texts["document"])]: match.roles["issuer"][0] for match in matches}

    def _row(
        self, context: Context, sentence: Sentence, quotes: Quotes, person: Person, span: tuple[int, int], rule: str
    ) -> Row:
        start, end = span
        inside = quotes.around(start - 1) is not None
        speech = inside or any(self._is_speech(context, a, b) for a, b in quotes.within(start, end))
        country = country_of(context, person.name)
        fields = {"speaker": person.name, "country": country, "quote": speech, "text": (start, end)}
        return "statement", fields, [(sentence.start, sentence.end)], rule

    def _is_speech(self, context: Context, start: int, end: int) -> bool:
        """Whether a quotation gives somebody's words, not the name of a thing."""
        inside = context.text[start + 1 : end - 1]
        if len(inside) >= SPEECH or self.clause.search(inside):
            return True
        return self._stands_alone(context.text, end) and not self.term.search(inside)

    def _stands_alone(self, text: str, end: int) -> bool:
        """Whether a quotation that closes at `end` closes a clause, too."""
        return not _plain(text[end : end + 1]) or not _plain(text[end - 2 : end - 1])

    # The words said ----------------------------------------------------------------------------------------

    def _words(
        self,
        context: Context,
        squeezed: Squeezed,
        sentence: Sentence,
        quotes: Quotes,
        match: Match,
        following: int | None,
    ) -> tuple[int, int] | None:
        """Where the words said stand: behind the verb, or in the quotation in front of it; None if there are none."""
        core_end = match.texts["core"][1]
        after = squeezed.span(core_end - 1, core_end)[1]
        lead = self.lead_out.match(context.text, after, sentence.end)
        start = lead.end() if lead else after
        if match.rule.options.get("words") == "verb":
            start = squeezed.starts[match.texts["core"][0]]
        end = sentence.end
        if following is not None:
            cut = self._clause_start(squeezed, following)
            if squeezed.starts[cut] > start:
                end = squeezed.starts[cut]
        end = _strip(context.text, start, end)
        if end - start >= 3:
            quoted = quotes.around(start)
            if quoted and quoted[0] == start and self._stands_alone(context.text, quoted[1]):
                closed = context.text[quoted[1] - 1] == self.close
                return start + 1, max(start + 1, quoted[1] - closed)
            crossing = quotes.around(end)
            return start, _strip(context.text, start, crossing[1]) if crossing and crossing[0] > start else end
        begin = squeezed.starts[self._clause_start(squeezed, match.texts["core"][0])]
        core = squeezed.starts[match.texts["core"][0]]
        last = quotes.before(core)
        if last is not None and last[1] > core:
            last = quotes.before(last[0])
        if last is None or _strip_marks(context.text[last[1] : max(begin, last[1])]):
            return None
        return (last[0] + 1, last[1] - 1) if self._is_speech(context, *last) else None

    def _clause_start(self, squeezed: Squeezed, position: int) -> int:
        start = 0
        for mark in self.clause.finditer(squeezed.text, 0, position):
            start = mark.end()
        return start

    # The speaker -------------------------------------------------------------------------------------------

    def _hidden(self, squeezed: Squeezed, quotes: Quotes) -> list[bool]:
        """For each squeezed character whether no subject can stand there."""
        hidden = [False] * len(squeezed.text)
        for regex in self.adjuncts:
            for found in regex.finditer(squeezed.text):
                hidden[found.start() : found.end()] = [True] * (found.end() - found.start())
        if not squeezed.starts:
            return hidden
        first = quotes.around(squeezed.starts[0])
        for a, b in [*([first] if first else []), *quotes.within(squeezed.starts[0] + 1, squeezed.starts[-1] + 1)]:
            begin, stop = bisect_left(squeezed.starts, a), bisect_left(squeezed.starts, b)
            hidden[begin:stop] = [True] * (stop - begin)
        return hidden

    def _speakers(
        self,
        context: Context,
        squeezed: Squeezed,
        hidden: Sequence[bool],
        verb: int,
        number: int,
        speaking: list[Person],
        last: Person | None,
    ) -> list[Person]:
        """The persons who are the subject at `verb`, or nobody."""
        text, limit, own = squeezed.text, verb, True
        if hidden[verb]:
            return []
        if self.embedded.search(text[:verb]):
            return []
        reach = REACH if self.mark.match(text, verb) else SHORT_REACH
        while True:
            begin = 0
            for mark in self.clause.finditer(text, 0, limit):
                if not hidden[mark.start()]:
                    begin = mark.end()
            places = [i for i in range(begin, limit) if text[i] in self.actors and not hidden[i]]
            blocks = self._blocks(text, hidden, begin, limit)
            if places:
                at = places[-1] if own else places[0]
                if own and any(end > at for end in blocks):
                    return []
                rest = self._rest(text, hidden, at + 1, limit) if own else ""
                if len(rest) > reach or self.owned.search(rest):
                    return []
                last = self._before(context, squeezed, hidden, at) or last
                return self._group(context, squeezed, hidden, at, number, last)
            if blocks and own:
                return []
            if own and (self._rest(text, hidden, begin, limit) or self.open in text[begin:limit]):
                return []
            if speaking:
                return speaking
            if begin == 0:
                carried = last is not None and own and number and limit > begin
                return [last] if carried and last is not None else []
            if blocks:
                return []
            limit, own = begin - 1, False

    def _blocks(self, text: str, hidden: Sequence[bool], begin: int, limit: int) -> list[int]:
        """Where nouns end that are the subject in place of a person: they stand at the verb but for adverbs."""
        nouns = [m.end() for m in self.nobody.finditer(text, begin, limit) if not hidden[m.start()]]
        return [end for end in nouns if len(self._rest(text, hidden, end, limit)) <= NEAR]

    def _rest(self, text: str, hidden: Sequence[bool], start: int, end: int) -> str:
        """What stands between two points and is neither hidden nor a filler."""
        plain = "".join(char for char, away in zip(text[start:end], hidden[start:end], strict=True) if not away)
        return _strip_marks(self.filler.sub("", plain))

    def _before(self, context: Context, squeezed: Squeezed, hidden: Sequence[bool], at: int) -> Person | None:
        """The first person who is a subject in front of a place: whom a pronoun there means."""
        for i, mention in enumerate(squeezed.mentions[:at]):
            if mention is not None and mention.type == "Person" and not hidden[i]:
                return context.register.persons.get(mention.value.name)
        return None

    def _group(
        self, context: Context, squeezed: Squeezed, hidden: Sequence[bool], at: int, number: int, last: Person | None
    ) -> list[Person]:
        """The persons at a place and those joined to it on both sides."""
        text, places = squeezed.text, [at]
        while (joined := self.before.search(text, 0, places[0])) and not hidden[joined.start(1)]:
            places.insert(0, joined.start(1))
        while (joined := self.behind.match(text, places[-1] + 1)) and not hidden[joined.start(1)]:
            places.append(joined.start(1))
        mentions = [squeezed.mentions[place] for place in places]
        if any(m is None or m.type not in _SPEAKERS for m in mentions):
            return []
        return self._people(context, [m for m in mentions if m is not None], last)

    def _people(self, context: Context, mentions: Sequence[Mention], last: Person | None) -> list[Person]:
        out = []
        for mention in mentions:
            person = self._person(context, mention, last)
            if person is None or not self._official(context, person):
                return []
            out.append(person)
        return out

    def _person(self, context: Context, mention: Mention, last: Person | None) -> Person | None:
        value = mention.value
        if not isinstance(value, Actor):
            return None
        if mention.type == "Pronoun":
            return last if value.count == 1 else None
        if value.name is not None:
            return context.register.persons.get(value.name) if value.kind == "person" else None
        return self._holder(context, value, mention)

    def _holder(self, context: Context, office: Actor, mention: Mention) -> Person | None:
        """Who holds a post that stands without a name."""
        if office.former or office.rank is None or office.rank == "official":
            return None
        country = office.country or context.item.home
        register = context.register
        fits = [p for p in register.of_rank(office.rank) if p.first < mention.end]
        if office.country:
            fits = [p for p in fits if register.country(p.name) == office.country]
        if office.rank in UNIQUE:
            fits = [p for p in fits if office.country or register.country(p.name) == country] or fits
            return fits[0] if len(fits) == 1 else register.holder(office.rank, office.country, mention.end)
        post = office.post or ""
        bare = [p for p in fits if any(post in held or held in post for held in p.posts)]
        return max(bare, key=lambda p: p.first) if bare else None

    def _official(self, context: Context, person: Person) -> bool:
        """Whether a person holds an office, by the page or the list of leaders."""
        posts = person.posts
        if not posts and context.register.behind is not None:
            posts = context.register.behind.persons.get(person.name, person).posts
        if posts:
            return any(self._office(context, start, end) for _, start, end in posts.values())
        return context.register.lexicon.row("person", person.name) is not None

    def _office(self, context: Context, start: int, end: int) -> bool:
        """Whether one of the posts that stand in `start:end` is an office; its body may stand in front of it."""
        front = context.pack.pause.split(context.text[max(0, start - BEFORE) : start])[-1]
        return any(not self.outsider.search(part) for part in (front + context.text[start:end]).split("\u3001"))

    def _topic(self, context: Context, squeezed: Squeezed, quotes: Quotes) -> Person | None:
        """The person with whom a sentence begins: the one that a pronoun in the next one means."""
        if "Person" not in squeezed.types:
            return None
        hidden = self._hidden(squeezed, quotes)
        for i, mention in enumerate(squeezed.mentions):
            if mention is not None and not hidden[i] and squeezed.text[i] in self.actors:
                if mention.type != "Person":
                    return None
                return context.register.persons.get(mention.value.name)
        return None


_KINDS = ("statement", "adjunct", "nobody", "filler", "outsider", "term", "turn", "embedded", "owned", "issue")
_SPEAKERS = frozenset({"Person", "Office", "Pronoun"})
_MARKS = re.compile(r"[\s,:;。!?、“”‘’()]")


def _joined(rules: Sequence[Any]) -> re.Pattern[str]:
    return re.compile("|".join(rule.regex.pattern for rule in rules))


def _strip_marks(text: str) -> str:
    return _MARKS.sub("", text)


def _plain(char: str) -> bool:
    """Whether a character is neither a mark nor white space nor the end."""
    return bool(char) and not _MARKS.match(char)


def _strip(text: str, start: int, end: int) -> int:
    """`end`, less the marks and white space that close the stretch."""
    while end > start and (text[end - 1].isspace() or text[end - 1] in "。,;!"):
        end -= 1
    return end
