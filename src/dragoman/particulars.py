"""What only some kinds of event carry: the parties of an instrument, the two states of a change of relations, the post
of an appointment, both directions of an exchange of messages. A kind's own objections stand here too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from dragoman.actors import Actor
from dragoman.calendar import founding_year
from dragoman.events import Draft
from dragoman.match import Mention
from dragoman.nouns import Noun
from dragoman.refer import Context, Event, Party

Completed = list[tuple[Event, str | None]]

#: Kinds of event whose parties are told once for an instrument or a round of talks.
TALKS = ("meeting", "conference", "call")


def complete(context: Context, event: Event, draft: Draft) -> Completed:
    """The event with what its kind alone carries, and why it is none if so; an exchange gives two."""
    maker = _MAKERS.get(event.kind)
    found = maker(context, event, draft) if maker is not None else [(event, None)]
    needs = draft.rule.options.get("needs", ())
    passing = _in_passing(context, event, draft)
    if passing is not None:
        return [(event, passing)]
    return [(one, objection or _lacking(context, one, draft, needs)) for one, objection in found]


def _lacking(context: Context, event: Event, draft: Draft, needs: Sequence[str]) -> str | None:
    """What the rule asks for and the event does not have: a date, one of its own, a name, an amount ..."""
    if event.status == "held" and "ongoing" not in draft.texts:
        if "date" in needs and not event.dated:
            return "background without a date"
        if "date or name" in needs and not event.dated and not _proper(context, event.name):
            return "background without date or name"
        if "date or amount" in needs and not event.dated and event.amount is None:
            return "background without date or amount"
        if "own date" in needs and not _own_date(context, draft):
            return "background without a date of its own"
    if "held" in needs and event.status != "held":
        return "not held"
    if "plan" in needs and event.status == "proposed":
        return "no more than possible"
    if "firm" in needs and event.status in ("proposed", "denied"):
        return "no more than possible, or denied"
    if "joint_statement" in needs and event.mode != "joint_statement":
        return "not a joint statement"
    if "office" in needs and not all(p.kind != "person" or p.post for p in event.parties if p.role == "actor"):
        return "nobody in office"
    return None


def _in_passing(context: Context, event: Event, draft: Draft) -> str | None:
    """Why a reading of one of these kinds tells nothing that happened: a demand, a condition, a heading of no subject."""
    if event.kind not in _MAKERS or event.kind in ("message", "appointment"):
        return None
    sentence, table = context.sentences[draft.sentence], context.pack.refer["instrument"]
    head = sentence.folded[: max(0, draft.span[0] - sentence.start)]
    if head.endswith(tuple(table["wanted"])):
        return "wanted by somebody"
    if any(word in sentence.folded[: draft.span[1] - sentence.start] for word in table["conditions"]):
        return "on a condition"
    if event.kind == "agreement" and any(
        word in sentence.folded[: draft.span[1] - sentence.start] for word in table["schemes"]
    ):
        return "wanted by somebody"
    behind = sentence.folded[draft.span[1] - sentence.start :][:2]
    if not event.dated and event.kind == "agreement" and behind.startswith(tuple(table["after"])):
        return "background without a date"
    if draft.carried and sentence.block == "heading":
        return "a heading that names no side"
    return None


def _own_date(context: Context, draft: Draft) -> bool:
    """Whether a date stands in the reading, or right before it, and is not one since when something holds."""
    time = draft.time
    if time is None or time.kind not in ("date", "range") or draft.span[0] - time.end > 12:
        return False
    return not any(word in context.text_of(time.end, time.end + 9) for word in context.pack.refer["since"]["words"])


# Agreements -------------------------------------------------------------------------------------------


def _agreement(context: Context, event: Event, draft: Draft) -> Completed:
    noun = draft.nouns.get("name")
    value = noun.value if noun is not None else None
    table = context.pack.refer["instrument"]
    options = draft.rule.options
    signs = draft.texts.get("core", "").startswith(tuple(table["signing"]))
    talks = draft.nouns.get("via")
    if talks is not None and isinstance(talks.value, Noun):
        event.parties += [_state(context, m.country, "party") for m in talks.value.members]
    if noun is not None:
        _date_outside(context, event, draft, noun)
    people = _told_as_group(context, event, draft, value if isinstance(value, Noun) else None)
    if options.get("sides") != "none" and (options.get("sides") == "talks" or _after_talks(context, draft)):
        _from_talks(context, event, draft)
    if isinstance(value, Noun) and _sides(event) < 2 and len(value.members) > 1:
        known = {p.country for p in event.parties if p.kind != "person"}
        event.parties += [_state(context, m.country, "party") for m in value.members if m.country not in known]
    if event.mode == "joint_statement" and not event.dated and options.get("sides") != "none":
        _from_talks(context, event, draft)
    persons = [p for p in event.parties if p.kind == "person" and p.role == "party"]
    if signs and people and len({p.country for p in persons}) > 1:
        for party in persons:
            party.role = "signatory"
    else:
        _as_states(context, event, ("party",))
    if event.name in table["bare"]:
        event.name = None
    if options.get("sides") == "talks" and _sides(event) < 2:
        event.parties = _group(context, draft, 3, 3)
    elif options.get("sides") != "talks" and not event.dated and table["of"] in _behind_core(context, draft):
        return [(event, "background without a date")]
    if options.get("sides") == "none":
        return [(event, None if event.name and event.name.endswith(table["closing"]) else "no title")]
    _called_off(context, event, draft)
    return [(event, _no_agreement(context, event, draft))]


def _no_agreement(context: Context, event: Event, draft: Draft) -> str | None:
    """Why a reading is no agreement: one side, a side unknown, a paper without a name and a day."""
    if _sides(event) < 2 and not _of_many(context, event, draft):
        return "one side only"
    offices = [m for m in draft.roles.get("party", []) if m.type == "Organ"]
    if any(context.pack.builder.country_of(m) is None for m in offices):
        return "an office of an unknown country"
    if event.name is None and (event.status != "held" or draft.time is None) and not event.dated:
        return "no instrument named, no date"
    return "denied without a date" if event.status == "denied" and not event.dated else None


def _called_off(context: Context, event: Event, draft: Draft) -> None:
    """What was planned for days that are over and is said to have been stopped was cancelled."""
    published = context.item.published
    if event.status != "planned" or not event.end or not published or event.end >= published[: len(event.end)]:
        return
    near = context.sentences[draft.sentence : draft.sentence + 2]
    words = [w for cue in context.pack.status["cue"] if cue["name"] == "cancelled behind" for w in cue["words"]]
    if any(
        word in sentence.folded for sentence in near for word in (*words, *context.pack.refer["instrument"]["stopped"])
    ):
        event.status = "cancelled"


def _behind_core(context: Context, draft: Draft) -> str:
    """The character behind the verb: an instrument "that they signed" is told in passing."""
    text, core = context.text_of(*draft.span), draft.texts.get("core", "")
    at = text.find(core) if core else -1
    return text[at + len(core) : at + len(core) + 1] if at >= 0 else ""


def _date_outside(context: Context, event: Event, draft: Draft, noun: Mention) -> None:
    """A date in the title of an instrument is not its day: take the last one in front of the title."""
    time = draft.time
    if time is None or not noun.start <= time.start < noun.end:
        return
    event.start, event.end, event.dated = None, None, False
    before = [t for t in draft.others if t.end <= noun.start and draft.span[0] - t.end <= 12]
    told = context.resolved.get(before[-1].start) if before else None
    if told is not None and told.start:
        event.start, event.end, event.dated = told.start, told.end, True


def _told_as_group(context: Context, event: Event, draft: Draft, noun: Noun | None) -> bool:
    """Who is meant by the two, the three sides, the two presidents. False if states are meant, not persons."""
    for role in ("party", "witness"):
        groups = [m for m in draft.roles.get(role, []) if m.type == "Pronoun" and m.value.count > 1]
        if not groups:
            continue
        count = groups[0].value.count
        people = groups[0].rule in context.pack.refer["instrument"]["persons"]
        if not people and noun is not None and len(noun.members) == count:
            event.parties = [_state(context, m.country, role) for m in noun.members]
        elif len({p.country for p in event.parties if p.kind == "person" or not people}) != count:
            group = _group(context, draft, count, 60 if people else 15, people)
            event.parties = [replace(p, role=role) for p in group] or event.parties
        return people
    return True


def _group(context: Context, draft: Draft, count: int, reach: int, people: bool = False) -> list[Party]:
    """So many sides as the last event has them; else the so many states that were told together last."""
    for event in reversed(context.events):
        sides = [p for p in event.parties if p.country and (p.kind == "person" or not people)]
        if (
            event.kind in TALKS
            and draft.sentence - event.sentence <= reach
            and len({p.country for p in sides}) == count
        ):
            return [replace(p, role="party") for p in sides]
    found: Sequence[Actor] = ()
    for sentence in context.sentences[max(0, draft.sentence - reach) : draft.sentence + 1]:
        for mention in sentence.mentions:
            if (
                mention.end <= draft.span[0]
                and isinstance(mention.value, Actor)
                and len(mention.value.members) == count
            ):
                found = mention.value.members
    return [_state(context, m.country, "party") for m in found]


def _proper(context: Context, name: str | None) -> bool:
    """Whether a name has a part in quotation marks, which tells one exercise from others."""
    return name is not None and context.pack.refer["quotes"]["open"] in name


def _sides(event: Event) -> int:
    return len({p.country or p.name for p in event.parties})


def _of_many(context: Context, event: Event, draft: Draft) -> bool:
    """Whether the only party is a body of many states."""
    if not event.parties:
        return False
    states, adopting = context.pack.builder.states, context.pack.refer["instrument"]["adopting"]
    if not draft.texts.get("core", "").startswith(tuple(adopting)):
        return False
    return all(p.kind == "organisation" and p.country is not None and p.country not in states for p in event.parties)


def _after_talks(context: Context, draft: Draft) -> bool:
    sentence = context.sentences[draft.sentence]
    head = sentence.folded[: draft.span[1] - sentence.start]
    return any(word in head for word in context.pack.refer["instrument"]["after_talks"])


def _from_talks(context: Context, event: Event, draft: Draft) -> None:
    """Give an instrument the sides, and one without a day the day and place, of the talks told last; dated ones first."""
    of_talks = draft.rule.options.get("sides") == "talks"
    reach = 5 if of_talks else 60 if event.mode == "joint_statement" and _sides(event) > 1 else 12
    told = {p.country for p in event.parties}
    found = [
        talks
        for talks in reversed(context.events)
        if talks.kind in TALKS
        and draft.sentence - talks.sentence <= reach
        and (talks.status == event.status or (of_talks and talks.status == "planned"))
        and len({p.country for p in talks.parties if p.country}) > 1
    ]
    if not found or not told <= {p.country for p in found[0].parties}:
        return
    sides = {p.country for p in found[0].parties}
    dated = [talks for talks in found if talks.start and {p.country for p in talks.parties} == sides]
    talks = (dated or found)[0]
    if _sides(event) < 2:
        event.parties = [replace(p, role="party") for p in talks.parties if p.country]
    if not event.dated and talks.start:
        event.start, event.end, event.dated, event.status = talks.start, talks.end, True, talks.status
        event.place = event.place or talks.place
        event.place_country = event.place_country or talks.place_country


def _state(context: Context, code: str | None, role: str) -> Party:
    short = context.pack.lexicon.short
    kind = "country" if code in context.pack.builder.states else "organisation"
    return Party(short.get(code or "", code or ""), role, kind, code)


def _as_states(context: Context, event: Event, roles: Sequence[str]) -> None:
    """Persons in these roles stand for their states."""
    out: list[Party] = []
    for party in event.parties:
        if party.kind == "person" and party.role in roles:
            if party.country is None:
                continue
            party = _state(context, party.country, party.role)
        if not any(p.country == party.country and p.role == party.role and p.country for p in out):
            out.append(party)
    event.parties = out


# Relations --------------------------------------------------------------------------------------------


def _relations(context: Context, event: Event, draft: Draft) -> Completed:
    _as_states(context, event, ("party",))
    event.parties = [
        p if p.kind == "country" else _state(context, p.country, "party")
        for p in event.parties
        if p.country is not None
    ]
    if _sides(event) < 2 and draft.rule.options.get("sides") == "pair":
        pair = _pair(context, draft)
        if pair:
            event.parties = [_state(context, code, "party") for code in pair]
    objection = _founded(context, event, draft)
    sentence = context.sentences[draft.sentence]
    head = sentence.folded[: draft.span[1] - sentence.start]
    announced = any(word in head for word in context.pack.refer["instrument"]["announcing"])
    if announced and draft.time is None and not event.dated and event.mode == "upgraded" and event.status == "held":
        _from_talks(context, event, draft)
    if _sides(event) > 2:
        objection = "more than two states"
    return [(event, objection)]


def _pair(context: Context, draft: Draft) -> tuple[str, str] | None:
    """The two states that a sentence speaks of: of the last event with two, else of the pair told last."""
    for event in reversed(context.events):
        codes = dict.fromkeys(p.country for p in event.parties if p.country)
        if len(codes) == 2 and draft.sentence - event.sentence <= 8:
            first, second = codes
            return first or "", second or ""
    return context.pair(context.sentences[draft.sentence])


def _founded(context: Context, event: Event, draft: Draft) -> str | None:
    """Date relations by the anniversary told beside them; the objection if neither it nor a date is told."""
    sentence = context.sentences[draft.sentence]
    end = draft.span[1] + 4
    told = [t for t in sentence.times if t.kind == "anniversary" and draft.span[0] <= t.start < end]
    time = told[-1] if told else None
    if time is None:
        asked = "founded" in draft.rule.options.get("needs", ())
        return (
            "background without a date of its own"
            if asked and not (event.dated and _own_date(context, draft))
            else None
        )
    before = [t for t in sentence.times if t.kind == "date" and time.start - 26 <= t.start < time.start]
    year_told = context.resolved.get(before[-1].start) if before else None
    now = year_told.start if year_told is not None and year_told.start else context.item.published
    year = founding_year(time, now[:4] if now else None)
    event.start = event.end = year
    event.dated, event.status = year is not None, "held"
    event.place = event.place_country = None
    return None if year else "an anniversary in an unknown year"


# Posts and messages -----------------------------------------------------------------------------------


def _office(draft: Draft) -> Actor | None:
    for mention in draft.roles.get("post", []):
        if isinstance(mention.value, Actor):
            return mention.value
    return None


def _give_office(event: Event, office: Actor | None, role: str) -> None:
    """Whoever takes a post has it, and its country if his own is not told."""
    if office is None or office.post is None:
        return
    for party in event.parties:
        if party.role == role and party.kind == "person":
            party.post = party.post or office.post
            if office.country and (party.country is None or not party.sure):
                party.country, party.sure = office.country, True


def _appointment(context: Context, event: Event, draft: Draft) -> Completed:
    office = _office(draft)
    _give_office(event, office, "holder")
    event.post = office.post if office is not None else None
    if draft.rule.options.get("dates") == "none":
        event.start = event.end = None
    for party in event.parties:
        if party.country is None and party.kind == "person":
            party.country, party.sure = context.item.home, False
    event.parties = [p for p in event.parties if p.kind == "person"]
    event.place = event.place_country = None
    return [(event, None)]


def _message(context: Context, event: Event, draft: Draft) -> Completed:
    _give_office(event, _office(draft), "recipient")
    event.place = event.place_country = None
    if not draft.rule.options.get("mutual"):
        return [(event, None)]
    swapped = {"sender": "recipient", "recipient": "sender"}
    parties = [replace(p, role=swapped.get(p.role, p.role)) for p in event.parties]
    back = replace(event, parties=parties, spans=list(event.spans))
    return [(event, None), (back, None)]


# Exercises, protests, sanctions, aid ------------------------------------------------------------------


def _exercise(context: Context, event: Event, draft: Draft) -> Completed:
    noun = draft.nouns.get("name")
    if noun is not None and isinstance(noun.value, Noun) and _sides(event) < 2:
        known = {p.country for p in event.parties}
        event.parties += [_state(context, m.country, "party") for m in noun.value.members if m.country not in known]
    _as_states(context, event, ("party",))
    event.name = draft.texts.get("title", event.name)
    if event.name in context.pack.refer["instrument"]["bare"]:
        event.name = None
    return [(event, None if _sides(event) > 1 else "one side only")]


def _between(context: Context, event: Event, draft: Draft) -> Completed:
    """Two roles, and neither side without a country, or the sides cannot be told apart."""
    event.place = event.place_country = None
    organs = {m.value.name for found in draft.roles.values() for m in found if m.type == "Organ"}
    if any(p.country is None and (p.kind == "person" or p.name in organs) for p in event.parties):
        return [(event, "somebody of an unknown country")]
    return [(event, "another one's deed" if _others_deed(context, draft) else None)]


def _others_deed(context: Context, draft: Draft) -> bool:
    """Whether somebody else than who says so does it: words that are no adverbs stand behind the verb of saying."""
    doers = draft.roles.get("donor", draft.roles.get("actor", []))
    objects = draft.roles.get("recipient", draft.roles.get("target", []))
    if not doers or not objects or doers[0].end >= objects[0].start:
        return False
    verb = draft.span[0] + max(0, context.text_of(*draft.span).find(draft.texts.get("core", "")))
    between = context.text_of(doers[0].end, min(objects[0].start - 1, max(verb, doers[0].end)))
    said = [
        between.rfind(word) + len(word) for word in context.pack.refer["subject"]["behind_saying"] if word in between
    ]
    adverbs = context.pack.refer["instrument"]["adverbs"]
    return bool(said) and any(char not in adverbs for char in between[max(said) :])


_MAKERS: dict[str, Callable[[Context, Event, Draft], Completed]] = {
    "agreement": _agreement,
    "relations": _relations,
    "appointment": _appointment,
    "message": _message,
    "exercise": _exercise,
    "aid": _between,
    "protest": _between,
    "sanction": _between,
}
