"""Instruments: who signs, issues or witnesses them, when, and what is no instrument although its words stand there."""

from __future__ import annotations

import re
from dataclasses import replace

from dragoman.context import Context, Event, Party
from dragoman.events import Draft
from dragoman.match import Mention
from dragoman.nouns import Noun
from dragoman.sides import (
    Completed,
    as_states,
    date_outside,
    founded,
    from_talks,
    number_of_sides,
    state_of,
    told_group,
)
from dragoman.who import who


def agreement(context: Context, event: Event, draft: Draft) -> Completed:
    """The instrument with its mode, sides, signatories, name and day, and why it is none if so."""
    noun = draft.nouns.get("name")
    value = noun.value if noun is not None else None
    table = context.pack.refer["instrument"]
    options = draft.rule.options
    signs = context.text_of(*draft.core).startswith(tuple(table["signing"]))
    talks = draft.nouns.get("via")
    if talks is not None and isinstance(talks.value, Noun):
        event.parties += [state_of(context, m.country, "party") for m in talks.value.members]
        if event.place_country is None and talks.value.place is not None:
            event.place, event.place_country = talks.value.place.text or None, talks.value.place.country
    if noun is not None:
        date_outside(context, event, draft, noun)
    _not_of_the_matter(context, event, draft)
    founded(context, event, draft)
    if options.get("sides") == "before":
        _told_before(context, event)
    people, group = _told_as_group(context, event, draft, value if isinstance(value, Noun) else None)
    if signs and group and not event.dated and draft.time is None:
        from_talks(context, event, draft, reach=None if people else 2)
    if options.get("sides") != "none" and (options.get("sides") == "talks" or _after_talks(context, draft)):
        from_talks(context, event, draft)
    if isinstance(value, Noun) and number_of_sides(event) < 2 and len(value.members) > 1:
        known = {p.country for p in event.parties if p.kind != "person"}
        event.parties += [state_of(context, m.country, "party") for m in value.members if m.country not in known]
    if event.mode == "joint_statement" and not event.dated and options.get("sides") != "none":
        from_talks(context, event, draft)
    persons = [p for p in event.parties if p.kind == "person" and p.role == "party"]
    if signs and people and len({p.country for p in persons}) > 1:
        for party in persons:
            party.role = "signatory"
    else:
        as_states(context, event, ("party",))
    if event.name in table["bare"]:
        event.name = _about(context, event, draft, noun)
    if options.get("sides") == "talks" and number_of_sides(event) < 2:
        event.parties = told_group(context, draft, 3, 3)
    elif (
        options.get("sides") != "talks"
        and table["of"] in _behind_core(context, draft)
        and (not event.dated or (draft.time is None and not _after_talks(context, draft)))
    ):
        return [(event, "background without a date")]
    if options.get("sides") == "none":
        return [(event, None if event.name and event.name.endswith(table["closing"]) else "no title")]
    _called_off(context, event, draft)
    return [(one, _no_agreement(context, one, draft)) for one in _apart(context, event, draft)]


def _apart(context: Context, event: Event, draft: Draft) -> list[Event]:
    """One instrument for each pair, or for each partner of one side, that "separately" sign."""
    told = context.text_of(*draft.span)
    word = next((word for word in context.pack.refer["apart"]["words"] if word in told), None)
    mentions = sorted(draft.roles.get("party", []), key=lambda m: m.start)
    if word is None or told.partition(word)[2].startswith(tuple(context.pack.refer["apart"]["for_one"])):
        return [event]
    groups = [getattr(m.value, "members", ()) for m in mentions]
    if len(groups) > 1 and all(len(members) == 2 for members in groups):
        sides = [[state_of(context, m.country, "party") for m in members] for members in groups]
    else:
        partners = tuple(context.pack.refer["apart"]["partners"])
        first = next((m for m in mentions[1:] if context.text_of(m.start - 1, m.start) in partners), None)
        if first is None or "party" not in draft.rule.slots:
            return [event]
        acting = {_key(p) for m in mentions if m.end <= first.start for p in who(context, m, draft, "party")}
        one = [p for p in event.parties if p.role == "party" and _key(p) in acting]
        others = [p for p in event.parties if p.role == "party" and p not in one]
        if not one or not others or min(len(one), len(others)) > 1:
            return [event]
        sides = [[a, b] for a in one for b in others]
    rest = [p for p in event.parties if p.role != "party"]
    return [replace(event, parties=[*pair, *rest], spans=list(event.spans)) for pair in sides]


def _key(party: Party) -> str:
    return party.country or party.name


def _not_of_the_matter(context: Context, event: Event, draft: Draft) -> None:
    """A day told in what an instrument is about ("on sending experts this month they agreed") is not its day."""
    time = draft.time
    if time is None or not draft.span[0] <= time.start < draft.span[1]:
        return
    if re.search(context.pack.refer["instrument"]["about"], context.text_of(draft.span[0], time.start)):
        event.start, event.end, event.dated, event.place, event.place_country = None, None, False, None, None


def _about(context: Context, event: Event, draft: Draft, noun: Mention | None) -> str | None:
    """What a paper without a title is said to be about names it; a place told there is not where it was signed."""
    if "about" not in draft.texts or noun is None:
        return None
    name = context.text_of(draft.core[1], noun.end)
    if event.place and event.place in name:
        event.place, event.place_country = None, None
    return name


def _told_before(context: Context, event: Event) -> None:
    """ "This agreement" is the one told last: its sides and its name."""
    last = next((e for e in reversed(context.events) if e.kind == "agreement" and e.mode == event.mode), None)
    if last is not None:
        event.name, event.place = last.name, None
        event.parties = [replace(p, role="party") for p in last.parties if p.role != "witness"]


def _no_agreement(context: Context, event: Event, draft: Draft) -> str | None:
    """Why a reading is no agreement: one side, a side unknown, a paper without a name and a day."""
    if number_of_sides(event) < 2 and not _of_many(context, event, draft):
        return "one side only"
    offices = [m for m in draft.roles.get("party", []) if m.type == "Organ"]
    if any(context.pack.builder.country_of(m) is None for m in offices):
        return "an office of an unknown country"
    behind = context.text_of(draft.span[1], draft.span[1] + 3)
    of = context.pack.refer["instrument"]["of"]
    if behind.startswith(tuple(context.pack.refer["instrument"]["spoken_of"])) and _behind_core(context, draft) != of:
        return "signing it is spoken of"
    if not event.dated and _again(context, event, draft):
        return "told already"
    if event.name is None and (event.status != "held" or draft.time is None) and not event.dated:
        return "no instrument named, no date"
    return "denied without a date" if event.status == "denied" and not event.dated else None


def _again(context: Context, event: Event, draft: Draft) -> bool:
    """Whether "this is the first paper that they sign" says more of what the same sides are said to have signed."""
    this = context.pack.refer["instrument"]["this"]
    if not context.sentences[draft.sentence].folded.lstrip().startswith(tuple(this)):
        return False
    sides = {_key(p) for p in event.parties}
    near = [e for e in context.recent(draft.sentence, 3) if e.kind == "agreement"]
    return any({_key(p) for p in known.parties} == sides for known in near)


def _called_off(context: Context, event: Event, draft: Draft) -> None:
    """What was planned for days that are over and is said to have been stopped was cancelled."""
    published = context.item.published
    if event.status != "planned" or not event.end or not published or event.end >= published[: len(event.end)]:
        return
    near = context.sentences[draft.sentence : draft.sentence + 2]
    behind = (cue for cue in context.pack.status["cue"] if (cue["status"], cue["side"]) == ("cancelled", "after"))
    words = [*(word for cue in behind for word in cue.get("words", ())), *context.pack.refer["instrument"]["stopped"]]
    if any(word in sentence.folded for sentence in near for word in words):
        event.status = "cancelled"


def _behind_core(context: Context, draft: Draft) -> str:
    """The character behind the verb: an instrument "that they signed" is told in passing."""
    return context.text_of(draft.core[1], min(draft.core[1] + 1, draft.span[1]))


def _told_as_group(context: Context, event: Event, draft: Draft, noun: Noun | None) -> tuple[bool, bool]:
    """Who is meant by the two, the three sides, the two presidents. Whether persons are meant, not states; and whether
    such a group is told."""
    for role in ("party", "witness"):
        groups = [m for m in draft.roles.get(role, []) if m.type == "Pronoun" and m.value.count > 1]
        if not groups:
            continue
        count = groups[0].value.count
        people = groups[0].rule in context.pack.refer["instrument"]["persons"]
        if not people and noun is not None and len(noun.members) == count:
            event.parties = [state_of(context, m.country, role) for m in noun.members]
        elif len({p.country for p in event.parties if p.kind == "person" or not people}) != count:
            group = told_group(context, draft, count, 60 if people else 15, people)
            event.parties = [replace(p, role=role) for p in group] or event.parties
        return people, True
    return True, False


def _of_many(context: Context, event: Event, draft: Draft) -> bool:
    """Whether the only party is a body of many states."""
    if not event.parties:
        return False
    states, adopting = context.pack.builder.states, context.pack.refer["instrument"]["adopting"]
    if not context.text_of(*draft.core).startswith(tuple(adopting)):
        return False
    return all(p.kind == "organisation" and p.country is not None and p.country not in states for p in event.parties)


def _after_talks(context: Context, draft: Draft) -> bool:
    sentence = context.sentences[draft.sentence]
    head = sentence.folded[: draft.span[1] - sentence.start]
    return any(word in head for word in context.pack.refer["instrument"]["after_talks"])
