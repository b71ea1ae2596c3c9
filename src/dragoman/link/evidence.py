"""Whether two profiles tell one event: evidence, each piece with its weight, and their sum.

The weights stand in weights.toml. A verdict keeps every piece, so that each decision can be explained.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Set
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

from dragoman.link.claims import DAY, MONTH, TOLD, Party, Window
from dragoman.link.names import LinkRules
from dragoman.link.profile import Profile

Piece = tuple[str, float]

#: Kinds with a day of their own; others (visits, gatherings) last.
ONE_DAY = frozenset({"meeting", "call", "message", "protest"})
#: Kinds of which the mode says what happened.
BY_MODE = frozenset({"relations", "appointment", "message", "sanction", "protest"})
#: What states do by themselves.
BY_STATES = frozenset({"relations", "sanction", "protest", "aid"})
#: Roles that tell one event from another, by kind; where none stand, all roles are compared side by side.
TELLING = {
    "visit": ("visitor",),
    "message": ("sender", "recipient"),
    "aid": ("donor", "recipient"),
    "protest": ("actor", "target"),
    "sanction": ("actor", "target"),
    "appointment": ("holder",),
}
#: Kinds that the same sides seldom have twice within a year.
RARE = frozenset({"visit", "relations"})
#: What one page calls a meeting may be a conference to another.
TALKS = {"meeting", "conference"}
#: So many names of a gathering are compared.
FEW = 8
#: A gathering of so many sides is closed to others.
FEW_SIDES = range(3, 7)
OPEN_TO_MANY = frozenset({"conference", "exercise"})


class Verdict(NamedTuple):
    """The sum of the evidence and its pieces, (feature, weight), in the order in which they were looked at."""

    weight: float
    pieces: tuple[Piece, ...]


@lru_cache(maxsize=1)
def weights() -> Mapping[str, Mapping[str, float]]:
    """The weights by table and key; `accept` and `join` stand under the table "sum"."""
    raw = tomllib.loads(files("dragoman.link").joinpath("weights.toml").read_text(encoding="utf-8"))
    return {"sum": {"accept": raw.pop("accept"), "join": raw.pop("join")}, **raw}


def compare(one: Profile, other: Profile, rules: LinkRules) -> Verdict:
    """All evidence that two profiles tell one event. Of different kinds they never are (the weight is minus infinity),
    but a gathering of one name can be a meeting to one page and a conference to another."""
    if one.kind != other.kind and not ({one.kind, other.kind} == TALKS and _one_name(one, other, rules)):
        return Verdict(float("-inf"), (("kind.other", float("-inf")),))
    table = weights()
    found: list[str] = [
        *_when(one, other),
        *_where(one, other),
        *_who(one, other, rules),
        *_what(one, other, rules),
        *_status(one, other),
        *_pages(one, other),
    ]
    pieces = tuple((name, table[name.partition(".")[0]][name.partition(".")[2]]) for name in found)
    return Verdict(round(sum(weight for _, weight in pieces), 2), pieces)


def _one_name(one: Profile, other: Profile, rules: LinkRules) -> bool:
    """Whether two gatherings have the same name, with its edition."""
    return any(rules.titles(a, b) == "numbered" for a in list(one.names)[:FEW] for b in list(other.names)[:FEW])


# When --------------------------------------------------------------------------------------------------------


def _when(one: Profile, other: Profile) -> list[str]:
    first, second = one.dated(), other.dated()
    if first is not None and second is not None:
        return _dates(one.kind, first, second)
    calendars = [{w.calendar for w, _ in profile.windows if w.calendar} for profile in (one, other)]
    if all(calendars):
        return ["date.calendar"] if calendars[0] & calendars[1] else ["date.far"]
    if first is not None or second is not None:
        window, undated = (first, other) if first is not None else (second, one)
        assert window is not None
        return _told(window, undated)
    told = [[(w.first, status) for w, status in p.windows if w.sharpness == TOLD] for p in (one, other)]
    if not all(told):
        return []
    return [min((_both_told(a, b) for a in told[0] for b in told[1]), key=_ORDER.index)]


def _dates(kind: str, one: Window, other: Window) -> list[str]:
    """Two windows that tell days, months or years."""
    gap = max(one.first, other.first) - min(one.last, other.last)
    coarse = max(one.sharpness, other.sharpness)
    if coarse > DAY:
        if gap > 0:
            return ["date.off" if gap <= 3 else "date.far"]
        if kind in ONE_DAY:
            return ["date.months" if coarse == MONTH else "date.years"]
        return ["date.month" if coarse == MONTH else "date.year"]
    if gap <= 0:
        same = one.first == other.first or (one.last == other.last and kind != "conference")
        return ["date.day" if same else "date.within"]
    if kind in ONE_DAY:
        return ["date.next" if gap == 1 else "date.off" if gap == 2 else "date.far"]
    early, late = (one, other) if one.last <= other.first else (other, one)
    is_open = early.open_end or late.open_start
    if kind == "visit" and is_open and gap <= 7:
        return ["date.near"]
    if gap <= 2 and kind in ("visit", "conference", "agreement", "exercise", "aid", "appointment", "relations"):
        return ["date.near"]
    return ["date.off" if gap <= 7 else "date.far"]


def _told(window: Window, undated: Profile) -> list[str]:
    """Days against reports without any, by when these were told and whether they look ahead or back."""
    pieces = [_since(undated.kind, window, w.first, status) for w, status in undated.windows if w.sharpness == TOLD]
    return [min(pieces, key=_ORDER.index)] if pieces else []


def _since(kind: str, window: Window, day: int, status: str) -> str:
    if window.sharpness > DAY:  # a month or a year
        inside = window.first - 3 <= day <= window.last + 3
        if inside:
            if kind in ONE_DAY:
                return "date.months" if window.sharpness == MONTH else "date.years"
            return "date.recent" if window.sharpness == MONTH else "date.late"
    ahead, behind = window.first - day, day - window.last
    if status in ("held", "denied"):
        if ahead > 1:
            return "date.gone"
        for limit, piece in ((3, "date.fresh"), (10, "date.recent"), (30, "date.late"), (150, "date.stale")):
            if behind <= limit:
                return piece
        return "date.gone"
    if behind > 1:
        return "date.late" if behind <= 7 and status == "cancelled" else "date.gone"
    for limit, piece in ((21, "date.fresh"), (60, "date.recent"), (120, "date.late"), (250, "date.stale")):
        if ahead <= limit:
            return piece
    return "date.gone"


def _both_told(one: tuple[int, str], other: tuple[int, str]) -> str:
    """Two reports without days, by when they were told."""
    (first, early), (second, later) = sorted((one, other))
    apart = second - first
    limits: tuple[tuple[int, str], ...]
    if early == later and early in ("held", "denied"):
        limits = ((3, "date.fresh"), (7, "date.recent"), (14, "date.late"), (60, "date.stale"))
    elif early in ("held", "denied"):  # what was held is not planned again
        limits = ((1, "date.recent"), (3, "date.late"), (10, "date.stale"))
    else:
        limits = ((14, "date.fresh"), (45, "date.recent"), (90, "date.late"), (180, "date.stale"))
    return next((piece for limit, piece in limits if apart <= limit), "date.gone")


#: Of several pieces of one sort the first of these stands.
_ORDER = ("date.fresh", "date.months", "date.recent", "date.late", "date.years", "date.stale", "date.gone")


def _status(one: Profile, other: Profile) -> list[str]:
    statuses = [{status for _, status in profile.windows} for profile in (one, other)]
    off = any(a == {"cancelled"} and b == {"held"} for a, b in (statuses, statuses[::-1]))
    found = ["status.revived"] if off else []
    return [*found, "kind.rare"] if one.kind in RARE else found


# Where -------------------------------------------------------------------------------------------------------


def _where(one: Profile, other: Profile) -> list[str]:
    found = []
    if one.countries and other.countries:
        if one.countries.keys() & other.countries.keys():
            found.append("place.country")
        else:
            return ["place.visited" if one.kind == "visit" else "place.elsewhere"]
    if one.places.keys() & other.places.keys():
        found.append("place.same")
    return found


# Who ---------------------------------------------------------------------------------------------------------


def _who(one: Profile, other: Profile, rules: LinkRules) -> list[str]:
    first, second = one.common_parties(), other.common_parties()
    found: list[str] = []
    leads = one.leads.keys() | other.leads.keys()
    roles = TELLING.get(one.kind)
    if roles is not None:
        for role in roles:
            mine, theirs = ([p for p in parties if p.role == role] for parties in (first, second))
            found += _side(one.kind, mine, theirs, leads, rules)
        rest = [[p for p in parties if p.role not in roles] for parties in (first, second)]
        return found + _support(rest[0], rest[1], rules)
    if one.kind in OPEN_TO_MANY:
        return _support(first, second, rules) + (["country.all"] if _closed(one, other) else [])
    if one.kind == "agreement":
        states = [{p.country for p in parties if p.country} for parties in (first, second)]
        return _countries(states[0], states[1]) + _support(
            [p for p in first if p.kind == "person"], [p for p in second if p.kind == "person"], rules
        )
    codes = [profile.firm_sides() for profile in (one, other)]
    found += _countries(codes[0], codes[1])
    for code in sorted(codes[0] & codes[1]):
        mine, theirs = ([p for p in parties if p.country == code] for parties in (first, second))
        found += _side(one.kind, mine, theirs, leads, rules)
    left = [[p for p in parties if p.country not in codes[0] & codes[1]] for parties in (first, second)]
    if left[0] and left[1] and any(p.country is None for p in (*left[0], *left[1])):
        found += _side(one.kind, left[0], left[1], leads, rules)
    return found


def _closed(one: Profile, other: Profile) -> frozenset[str]:
    """The sides of two gatherings of the same few countries; none if they are of others, of many or of two."""
    first, second = one.firm_sides(), other.firm_sides()
    return frozenset(first) if first == second and len(first) in FEW_SIDES else frozenset()


def _countries(one: set[str], other: set[str]) -> list[str]:
    if one and other and one - other and other - one:
        return ["country.other"]
    return ["country.same"] if one == other and len(one) > 1 else []


def _side(kind: str, one: list[Party], other: list[Party], leads: Set[Party], rules: LinkRules) -> list[str]:
    """The best that speaks for one side's being the same in both; that both name persons, and nobody is the same."""
    if not one or not other:
        return []
    people = [[p for p in parties if p.kind == "person"] for parties in (one, other)]
    if all(people):
        best = _best(people[0], people[1], rules, leads)
        if best:
            return best
        return ["person.beside" if _best(people[0], people[1], rules) else "person.other"]
    bodies = [[p for p in parties if p.kind == "organisation"] for parties in (one, other)]
    if all(bodies) and not any(people):
        return [_bodies(bodies[0], bodies[1], rules)]
    codes = {p.country for p in one} & {p.country for p in other} - {None}
    if codes and kind in BY_STATES and all(p.kind == "country" for p in (*one, *other)):
        return ["body.state"]
    return ["person.vague"] if codes else []


def _best(one: Iterable[Party], other: Iterable[Party], rules: LinkRules, leads: Set[Party] | None = None) -> list[str]:
    """How the two persons that are most alike are; of the leading ones, if these are given: at least one of a pair."""
    best: tuple[int, list[str]] | None = None
    others = list(other)
    for mine in one:
        for theirs in others:
            if mine.country and theirs.country and mine.country != theirs.country:
                continue
            if leads is not None and mine not in leads and theirs not in leads:
                continue
            how = rules.alike(mine.name, theirs.name)
            if how is None:
                continue
            agree = how != "same" and rules.posts_agree(mine.post, theirs.post)
            found = [f"person.{how}", *(["person.post"] if agree else [])]
            rank = 2 * ("slip", "sound", "part", "same").index(how) + agree
            if best is None or rank > best[0]:
                best = rank, found
            if how == "same":
                return found
    return best[1] if best else []


def _bodies(one: list[Party], other: list[Party], rules: LinkRules) -> str:
    hows = {rules.titles(a.name, b.name) for a in one for b in other}
    return "body.same" if "same" in hows else "body.part" if "like" in hows else "body.other"


def _support(one: list[Party], other: list[Party], rules: LinkRules) -> list[str]:
    """Those who need not all be told: one who is the same speaks for it, others hardly against it."""
    if not one or not other:
        return []
    people = [[p for p in parties if p.kind == "person"] for parties in (one, other)]
    if all(people):
        return ["support.same"] if _best(people[0], people[1], rules) else ["support.other"]
    codes = {p.country for p in one} & {p.country for p in other} - {None}
    return ["country.same"] if codes else []


# What --------------------------------------------------------------------------------------------------------


def _what(one: Profile, other: Profile, rules: LinkRules) -> list[str]:
    found: list[str] = []
    if one.modes and other.modes:
        if one.modes.keys() & other.modes.keys():
            found.append("mode.same")
        else:
            paper = one.kind == "agreement"
            found.append("mode.paper" if paper else "mode.else" if one.kind in BY_MODE else "mode.other")
    if one.names and other.names:
        sides = _closed(one, other) if one.kind in TALKS else frozenset()
        hows = {rules.titles_of(a, b, sides) for a in list(one.names)[:FEW] for b in list(other.names)[:FEW]}
        how = next(h for h in ("numbered", "same", "edition", "like", "open", "far") if h in hows)
        if how != "open" or one.kind in ("conference", "agreement"):
            found.append(f"name.{how}")
    elif (one.names or other.names) and one.kind in ("conference", "agreement"):
        found.append("name.one")
    if one.posts and other.posts:
        agree = any(a == b or rules.posts_agree(a, b) for a in one.posts for b in other.posts)
        found.append("post.same" if agree else "post.other")
    if one.amounts and other.amounts:
        found.append("amount.same" if one.amounts.keys() & other.amounts.keys() else "amount.other")
    elif one.amounts or other.amounts:
        found.append("amount.one")
    return found


# The page itself ---------------------------------------------------------------------------------------------


def _pages(one: Profile, other: Profile) -> list[str]:
    """What the reading of one page says: it gave two reports one id, or told them apart."""
    found: list[str] = []
    small, large = (one, other) if len(one.pages) <= len(other.pages) else (other, one)
    for document, told in small.pages.items():
        known = large.pages.get(document)
        if known is None:
            continue
        if {event for _, event in told} & {event for _, event in known}:
            found.append("page.same")
        elif {item for item, _ in told} & {item for item, _ in known}:
            found.append("page.item")
        else:
            found.append("page.document")
    return found
