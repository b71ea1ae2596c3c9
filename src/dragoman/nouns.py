"""Nouns that name an event or instrument (conferences, agreements, levels), made by the rules of nouns.toml."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dragoman.actors import Actor, ActorBuilder, Locality, put
from dragoman.match import Match, Mention, Squeezed
from dragoman.pack import Pack

OPENING, CLOSING = "\u201c\u300c\u300e", "\u201d\u300d\u300f"
OPEN, CLOSE = OPENING[0], CLOSING[0]  # what all are folded to
LONGEST_HEAD = 16  # characters of a quoted name before the part that a rule reads


@dataclass(frozen=True, slots=True)
class Noun:
    """A noun with its words, the countries that it names, the rank in it ("foreign ministers"), and its mode."""

    name: str
    members: tuple[Actor, ...]
    rank: str | None
    mode: str | None
    kind: str | None
    span: tuple[int, int]
    organisation: str | None = None
    place: Locality | None = None


def behind_stop(stop: re.Pattern[str], text: str, start: int, end: int) -> int:
    """Where a noun phrase begins that was found from `start`: not inside a word that no such phrase contains."""
    for back in (3, 2, 1):
        if start >= back:
            found = stop.match(text, start - back)
            if found and start < found.end() < end:
                return found.end()
    return start


def _quoted(stop: re.Pattern[str], text: str, start: int, end: int) -> tuple[int, int]:
    """Where a noun at the end of quoted words stands: if quoted as a whole, all that is quoted without the marks if
    that is one phrase; if in part, with the closing mark."""
    opened = text.rfind(OPEN, 0, end)
    if text[end : end + 1] != CLOSE or opened < 0 or CLOSE in text[opened:end]:
        return start, end
    if opened > start:
        return start, end + 1
    before = text[opened + 1 : start]
    if len(before) > LONGEST_HEAD or any(len(word.group()) > 1 for word in stop.finditer(before)):
        return start, end
    return opened + 1, end


def _stands_aside(mention: Mention, before: str) -> bool:
    """Whether a mention within a noun, with the sentence before it, is no part of its name: a day or a venue outside
    quotation marks; not the number of years in the name of an anniversary."""
    if mention.type == "Time" and mention.value.kind in ("anniversary", "duration"):
        return False
    quoted = before.count(OPEN) > before.count(CLOSE) or before.count("《") > before.count("》")
    return mention.type in ("Time", "Venue") and not quoted


def _without(text: str, start: int, end: int, aside: list[Mention]) -> str:
    """The words of `text[start:end]` without the times and places that stand among them."""
    out = []
    for mention in aside:
        out.append(text[start : max(start, mention.start)])
        start = max(start, mention.end)
    return "".join([*out, text[start:end]])


def _balanced(name: str) -> str:
    """A name without a quotation mark at its edge that has no other half; as pages write them, not folded."""
    opened, closed = (sum(name.count(mark) for mark in marks) for marks in (OPENING, CLOSING))
    if opened > closed and name.startswith(tuple(OPENING)):
        return name[1:]
    if closed > opened and name.endswith(tuple(CLOSING)):
        return name[:-1]
    return name


def _bodies(builder: ActorBuilder, match: Match, sentence: Squeezed, folded: str) -> tuple[Actor, ...]:
    """The two bodies that a rule marks as the sides of a gathering, under their own names; none if a side's country is
    not known, or both are of one."""
    out = []
    for slot in ("one", "two"):
        if slot not in match.texts:
            return ()
        a, b = match.texts[slot]
        first, last = sentence.span(a, b)
        code = next((c for m in sentence.mentions[a:b] if m is not None and (c := builder.country_of(m))), None)
        out.append(Actor(folded[first:last], "organisation", code, span=(first, last)))
    return tuple(out) if len({actor.country for actor in out} - {None}) == 2 else ()


def _uncounted(pack: Pack, name: str) -> str:
    """A name without a word in front that says only that it is the first time."""
    word = next((word for word in pack.refer["gathering"]["counted"] if name.startswith(word)), "")
    return name[len(word) :]


def find_nouns(
    pack: Pack, text: str, folded: str, start: int, sentence: Squeezed, mentions: list[Mention]
) -> tuple[list[Mention], Squeezed]:
    """The mentions of the sentence from `start` on with its nouns added, which replace what they cover."""
    types, stop, builder = pack.types, pack.compiler.stop, pack.builder
    made = []
    for rule in pack.nouns.candidates(sentence):
        for match in rule.matches(sentence, types):
            a, b = match.texts.get("name", (match.start, match.end))
            a, b = _quoted(stop, sentence.text, behind_stop(stop, sentence.text, a, b), b)
            inside = [m for m in sentence.mentions[a:b] if m is not None]
            members = _bodies(builder, match, sentence, folded) or builder.countries(
                [m for m in inside if m.type in types.members("Sided")]
            )
            rank = next((m.value.rank for m in inside if isinstance(m.value, Actor) and m.value.rank), None)
            organisation = next((m.value["surface"] for m in inside if m.type == "Organisation"), None)
            first, last = sentence.span(a, b)
            mode, kind = rule.options.get("mode"), rule.options.get("kind")
            aside = [m for m in mentions if first < m.start < last and _stands_aside(m, folded[start : m.start])]
            name = _uncounted(pack, _balanced(_without(text, first, last, aside).strip()))
            place = next((m.value for m in aside if m.type == "Venue"), builder.locality(match, sentence, text))
            noun = Noun(" ".join(name.split()), members, rank, mode, kind, (first, last), organisation, place)
            made.append((a, b, Mention(first, last, rule.makes, noun, rule.name)))
    return put(pack, sentence, mentions, made) if made else (mentions, sentence)
