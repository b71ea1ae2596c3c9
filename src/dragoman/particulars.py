"""What only some kinds of event carry: the two states of a change of relations, the post of an appointment, both
directions of an exchange of messages ... and why a reading of these kinds is none. Instruments have their own module.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from dragoman.actors import Actor
from dragoman.context import Context, Event, Party
from dragoman.events import Draft
from dragoman.instruments import agreement
from dragoman.nouns import Noun
from dragoman.sides import (
    Completed,
    as_states,
    date_outside,
    founded,
    from_talks,
    number_of_sides,
    own_date,
    state_of,
    told_group,
)

#: So many sentences from the top of an item tell its news.
LEAD = 2


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
    news = event.kind == "appointment" and _in_lead(context, draft)
    if event.status == "held" and "ongoing" not in draft.texts and not news:
        if "date" in needs and not event.dated:
            return "background without a date"
        if "date or name" in needs and not event.dated and not _proper(context, event.name):
            return "background without date or name"
        if "date or amount" in needs and not event.dated and event.amount is None:
            return "background without date or amount"
        if "own date" in needs and not own_date(context, draft):
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


def _in_lead(context: Context, draft: Draft) -> bool:
    """Whether a reading stands where an item tells its news, which need no date to be no background."""
    return draft.sentence < LEAD and context.sentences[draft.sentence].paragraph < LEAD


def _in_passing(context: Context, event: Event, draft: Draft) -> str | None:
    """Why a reading of one of these kinds tells nothing that happened: a demand, a condition, a heading."""
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


def _proper(context: Context, name: str | None) -> bool:
    """Whether a name has a part in quotation marks, which tells one exercise from others."""
    return name is not None and context.pack.refer["quotes"]["open"] in name


# Relations --------------------------------------------------------------------------------------------


def _relations(context: Context, event: Event, draft: Draft) -> Completed:
    as_states(context, event, ("party",))
    event.parties = [
        p if p.kind == "country" else state_of(context, p.country, "party")
        for p in event.parties
        if p.country is not None
    ]
    if number_of_sides(event) < 2 and draft.rule.options.get("sides") == "pair":
        pair = _pair(context, draft)
        if pair:
            event.parties = [state_of(context, code, "party") for code in pair]
    objection = founded(context, event, draft)
    sentence = context.sentences[draft.sentence]
    head = sentence.folded[: draft.span[1] - sentence.start]
    announced = any(word in head for word in context.pack.refer["instrument"]["announcing"])
    if announced and draft.time is None and not event.dated and event.mode == "upgraded" and event.status == "held":
        from_talks(context, event, draft)
    if number_of_sides(event) > 2:
        return _each_with_one(event, draft, objection)
    return [(event, objection)]


def _each_with_one(event: Event, draft: Draft, objection: str | None) -> Completed:
    """Several states that each do the same towards one ("X and Y recognised Z"): an event for each of them."""
    if draft.rule.options.get("subject") != "party" or draft.carried:
        return [(event, "more than two states")]
    *states, object_ = event.parties
    return [(replace(event, parties=[one, object_], spans=list(event.spans)), objection) for one in states]


def _pair(context: Context, draft: Draft) -> tuple[str, str] | None:
    """The two states that a sentence speaks of: of the last event with two, else of the pair told last."""
    parts = set(context.pack.refer["abroad"]["parts"])
    for event in context.recent(draft.sentence, 8):
        codes = dict.fromkeys(p.country for p in event.parties if p.country)
        if len(codes) == 2 and not parts & codes.keys():
            first, second = codes
            return first or "", second or ""
    told = context.pair(context.sentences[draft.sentence])
    return told if told is None or not parts & set(told) else None


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
            if party.post is None or office.post.endswith(party.post):
                party.post = office.post
            if office.country and (party.country is None or not party.sure):
                party.country, party.sure = office.country, True


def _in_another_clause(context: Context, draft: Draft) -> bool:
    """Whether the day of a draft is told in a clause before its own."""
    between = "" if draft.time is None else context.text_of(draft.time.end, draft.span[0])
    return context.pack.clause.search(between) is not None


def _appointment(context: Context, event: Event, draft: Draft) -> Completed:
    office = _office(draft)
    _give_office(event, office, "holder")
    event.post = office.post if office is not None else None
    if draft.rule.options.get("dates") == "none" or (event.status == "planned" and _in_another_clause(context, draft)):
        event.start = event.end = None
    for party in event.parties:
        if party.country is None and party.kind == "person":
            party.country, party.sure = context.item.home, False
    event.parties = [p for p in event.parties if p.kind == "person"]
    event.place = event.place_country = None
    return [(event, None)]


def _open_to_others(context: Context, noun: Noun) -> bool:
    """Whether a gathering to which a message goes is more than one country's own."""
    if any(m.country not in (None, context.item.home) for m in noun.members):
        return True
    row = context.pack.lexicon.row("organisation", noun.organisation or "")
    if row is not None and row.get("code") != context.item.home:
        return True
    return any(word in noun.name for word in context.pack.refer["abroad"]["regions"])


def _message(context: Context, event: Event, draft: Draft) -> Completed:
    for mention in draft.roles.get("recipient", []):
        if isinstance(mention.value, Noun):
            date_outside(context, event, draft, mention)
            if not _open_to_others(context, mention.value):
                return [(event, "a domestic matter")]
    _give_office(event, _office(draft), "recipient")
    event.place = event.place_country = None
    names = {p.name for p in event.parties if p.role == "recipient"}
    event.parties = [p for p in event.parties if p.role != "sender" or p.name not in names]
    unknown = [p for p in event.parties if p.role == "sender" and p.country is None and p.kind == "organisation"]
    event.parties = [p for p in event.parties if p not in unknown]
    senders = [p for p in event.parties if p.role == "sender"]
    if not draft.rule.options.get("mutual"):
        return [(one, None) for one in _apart(context, event, draft, senders)]
    if not names and len(senders) == 2:
        event.parties[1:] = [replace(event.parties[1], role="recipient")]
    swapped = {"sender": "recipient", "recipient": "sender"}
    parties = [replace(p, role=swapped.get(p.role, p.role)) for p in event.parties]
    back = replace(event, parties=parties, spans=list(event.spans))
    return [(event, None), (back, None)]


def _apart(
    context: Context, event: Event, draft: Draft, senders: Sequence[Party], other_role: str = "recipient"
) -> list[Event]:
    """One message or protest for each that is sent or received "separately": to each his own if there are as many of
    both."""
    recipients = [p for p in event.parties if p.role == other_role]
    said = context.text_of(draft.span[0], draft.span[1])
    if not any(word in said for word in context.pack.refer["apart"]["words"]):
        return [event]
    if len(senders) == len(recipients):
        pairs = list(zip(senders, recipients, strict=True))
    elif 1 in (len(senders), len(recipients)):
        pairs = [(one, other) for one in senders for other in recipients]
    else:
        return [event]
    return [replace(event, parties=[one, other], spans=list(event.spans)) for one, other in pairs]


# Exercises, protests, sanctions, aid ------------------------------------------------------------------


def _exercise(context: Context, event: Event, draft: Draft) -> Completed:
    noun = draft.nouns.get("name")
    if noun is not None and isinstance(noun.value, Noun) and number_of_sides(event) < 2:
        known = {p.country for p in event.parties}
        event.parties += [state_of(context, m.country, "party") for m in noun.value.members if m.country not in known]
    as_states(context, event, ("party",))
    modes = context.pack.refer["modes"]["exercise"]
    event.mode = next((modes[word] for word in modes if word in context.text_of(*draft.span)), "exercise")
    opens = any(word in context.text_of(*draft.span) for word in context.pack.refer["exercise"]["opens"])
    if opens and event.start == event.end and len(event.start or "") == 10:
        event.end = None
    event.name = draft.texts.get("title", event.name)
    if event.name is not None and _bare(context, event.name) in context.pack.refer["instrument"]["bare"]:
        event.name = None
    return [(event, None if number_of_sides(event) > 1 else "one side only")]


def _bare(context: Context, name: str) -> str:
    """The name of an exercise without the countries in front, which do not tell it from others of theirs."""
    lexicon = context.pack.lexicon
    return name.lstrip("".join(lexicon.characters)) if name[:1] in lexicon.characters else name


def _between(context: Context, event: Event, draft: Draft) -> Completed:
    """Two roles, and neither side without a country, or the sides cannot be told apart."""
    event.place = event.place_country = None
    if event.kind == "aid" and not any(p.role == "recipient" for p in event.parties):
        told = [e for e in context.events if e.kind == "aid" and draft.sentence - e.sentence <= 8]
        event.parties += [p for p in told[-1].parties if p.role == "recipient"] if told else []
    if event.kind == "aid":
        _given(context, event, draft)
    _told_together(context, event, draft)
    organs = {m.value.name for found in draft.roles.values() for m in found if m.type == "Organ"}
    if any(p.country is None and (p.kind == "person" or p.name in organs) for p in event.parties):
        return [(event, "somebody of an unknown country")]
    objection = "another one's deed" if _others_deed(context, draft) else None
    if event.kind != "protest":
        return [(event, objection)]
    actors = [p for p in event.parties if p.role == "actor"]
    return [(one, objection) for one in _apart(context, event, draft, actors, "target")]


def _given(context: Context, event: Event, draft: Draft) -> None:
    """Whether help is only pledged, and where it is handed over."""
    words = context.pack.refer["aid"]
    said = context.text_of(*draft.span)
    core = draft.texts.get("core", "")
    pledged = any(word in said[: said.rfind(core)] for word in words["pledges"])
    if event.status == "held" and pledged and not any(word in said for word in words["given"]):
        event.status = "planned"
    if event.status == "held" and core in words["handed"]:
        homes = {p.country for p in event.parties if p.role == "recipient" and p.country}
        event.place_country = homes.pop() if len(homes) == 1 else None


def _told_together(context: Context, event: Event, draft: Draft) -> None:
    """ "The three" to whom something is done: as many states as were told together last."""
    for role in ("target", "recipient"):
        groups = [m.value.count for m in draft.roles.get(role, []) if m.type == "Pronoun" and m.value.count > 1]
        if groups and not any(p.role == role for p in event.parties):
            event.parties += [replace(p, role=role) for p in told_group(context, draft, groups[0], 8)]


def _others_deed(context: Context, draft: Draft) -> bool:
    """Whether somebody else than who says so does it: words that are no adverbs stand behind the verb of saying."""
    doers = draft.roles.get("donor", draft.roles.get("actor", []))
    objects = draft.roles.get("recipient", draft.roles.get("target", []))
    if not doers or not objects or doers[0].end >= objects[0].start:
        return False
    between = context.text_of(doers[0].end, min(objects[0].start - 1, max(draft.core[0], doers[0].end)))
    said = [
        between.rfind(word) + len(word) for word in context.pack.refer["subject"]["behind_saying"] if word in between
    ]
    adverbs = context.pack.refer["instrument"]["adverbs"]
    too = [between.rfind(word) + len(word) for word in context.pack.refer["instrument"]["too"] if word in between]
    blaming = [word for word in context.pack.refer["instrument"]["wanted"] if len(word) > 1]
    if draft.kind in ("aid", "sanction") and any(word in between for word in blaming):
        return True
    return bool(said) and any(char not in adverbs for char in between[max([*said, *too]) :])


_MAKERS: dict[str, Callable[[Context, Event, Draft], Completed]] = {
    "agreement": agreement,
    "relations": _relations,
    "appointment": _appointment,
    "message": _message,
    "exercise": _exercise,
    "aid": _between,
    "protest": _between,
    "sanction": _between,
}
