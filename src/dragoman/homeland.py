"""Which country a person of the page belongs to, where the mentions themselves do not say so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dragoman.actors import Actor
from dragoman.context import Context
from dragoman.match import Mention
from dragoman.persons import Person

#: So many characters in front of a post may still belong to its body (a university, an institute).
BEFORE = 16
#: So many, if the body is an institute: its name may be long.
BEFORE_INSTITUTE = 30
#: So many characters of a post may tell that it is a place's own.
LOCAL = 6


def country_of(context: Context, name: str) -> str | None:
    """The country of a person: what the page states, else the item's home if the name can be one of that country and
    no post is one of an organisation without a country, or one that the home country does not have."""
    person = context.register.persons.get(name)
    return stated(context, name) or (context.item.home if native(context, name, person) else None)


def stated(context: Context, name: str) -> str | None:
    """The country that the page gives a person: by name and post, told right in front of the post, or the one told
    last before a post that is not had at home."""
    country = context.register.country(name)
    person = context.register.persons.get(name)
    if country is not None or person is None or person.stateless or not person.posts:
        return country
    start = min(start for _, start, _ in person.posts.values())
    return _in_front(context, start) or _elsewhere(context, person, start)


def native(context: Context, name: str, person: Person | None) -> bool:
    """Whether nothing speaks against a person's being of the item's home country."""
    names, lexicon = context.pack.names, context.pack.lexicon
    origin = names.origin(context.item.home)
    if not names.made_for(name, origin) or (person is not None and person.stateless):
        return False
    given = names.given.get(origin)
    foreign = [char for char in name[1:] if char in names.sounds and given is not None and char not in given]
    for post in person.posts if person is not None else ():
        bodies = [word.rows["organisation"] for _, _, word in lexicon.scan(post) if "organisation" in word.rows]
        if any(not body["code"] for body in bodies) or never(context, post, context.item.home):
            return False
    return not foreign


def _in_front(context: Context, start: int) -> str | None:
    """The country or body told right in front of a post, or the place whose own post it is."""
    rules = context.pack.refer["home"]
    for sentence in context.before(start)[-1:]:
        if start >= sentence.end:
            continue
        near = [m for m in sentence.mentions if start - BEFORE_INSTITUTE <= m.start < start]
        for mention in reversed(near):
            between = context.text[mention.end : start]
            if between.endswith(tuple(rules["ours"])):
                return context.item.home
            if context.text[: mention.start].endswith(tuple(rules["institutes"])):
                continue  # what an institute works on
            if mention.type == "Person" and between in rules["listed"]:
                return _code(mention) or context.register.country(mention.value.name)
            if context.pack.pause.search(between):
                return None
            institute = any(word in between for word in rules["institutes"])
            if start - mention.start > BEFORE and not institute:
                return None
            if mention.type in ("Country", "Organ", "Organisation") and (code := _code(mention)):
                return None if between.startswith(tuple(rules["subject"])) else code
            if mention.type == "Place" and mention.value["code"] and _only(between, rules["local"]):
                words = (between, context.text[mention.end - 1 : mention.end], context.text[start : start + LOCAL])
                if any(word.startswith(tuple(rules["local"])) for word in words):
                    return str(mention.value["code"])
    return None


def _only(text: str, words: Sequence[str]) -> bool:
    """Whether a text is made of nothing but these words."""
    for word in sorted(words, key=len, reverse=True):
        text = text.replace(word, "")
    return not text


def _elsewhere(context: Context, person: Person, start: int) -> str | None:
    """For a post that is not had at home: the country told last before it of which the name can be, else the one that
    alone has such a post."""
    home = context.item.home
    if home is None or not any(never(context, post, home) for post in person.posts):
        return next((code for post in person.posts if (code := _implied(context, post))), None)
    names = context.pack.names
    for code in _told_before(context, start):
        origin = names.origin(code)
        if code == home or any(never(context, post, code) for post in person.posts):
            continue
        if origin in names.surnames and names.made_for(person.name, origin):
            return code
    return next((code for post in person.posts if (code := _implied(context, post))), None)


def _told_before(context: Context, start: int) -> Iterator[str]:
    """The countries told before an offset of the item, the last first."""
    for sentence in reversed(context.before(start)):
        for mention in reversed(sentence.mentions):
            if mention.end <= start and mention.type in ("Country", "Organ", "Person", "Office"):
                code = _code(mention)
                if code:
                    yield code
    for _, _, word in reversed(list(context.pack.lexicon.scan(context.text[context.item.start : start]))):
        row = word.rows.get("country") or word.rows.get("agency")
        if row and row["code"]:
            yield row["code"]


def never(context: Context, post: str, country: str | None) -> bool:
    """Whether a post is one that a country does not have."""
    return any(word in post for word in context.pack.refer["home"]["never"].get(country, ()))


def _implied(context: Context, post: str) -> str | None:
    found = (code for word, code in context.pack.refer["home"]["implied"].items() if post.startswith(word))
    return next(found, None)


def _code(mention: Mention) -> str | None:
    value = mention.value
    return value.country if isinstance(value, Actor) else value.get("code")
