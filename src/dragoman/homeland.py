"""Which country a person of the page belongs to, where the mentions themselves do not say so."""

from __future__ import annotations

import re

from dragoman.actors import Actor
from dragoman.context import Context
from dragoman.match import Mention
from dragoman.persons import Person

#: So many characters in front of a post may still belong to its body (a university, an institute).
BEFORE = 16
#: Marks that part a post from what stands in front of it.
PARTS = re.compile(r"[,:;\u3001\u3002!?\s]")


def country_of(context: Context, name: str) -> str | None:
    """The country of a person: by name and post, else the one told right in front of the post, else the item's home
    if the name can be one of that country and no post is one of an organisation without a country."""
    country = context.register.country(name)
    person = context.register.persons.get(name)
    if country is None and person is not None:
        starts = [start for _, start, _ in person.posts.values()]
        for sentence in context.sentences if starts else ():
            if sentence.start <= starts[0] < sentence.end:
                near = [m for m in sentence.mentions if starts[0] - BEFORE <= m.start < starts[0]]
                codes = [code for m in near if m.type in ("Country", "Organ") and (code := _code(m))]
                country = codes[-1] if codes and not PARTS.search(context.text[near[-1].end : starts[0]]) else None
    return country or (context.item.home if native(context, name, person) else None)


def native(context: Context, name: str, person: Person | None) -> bool:
    """Whether nothing speaks against a person's being of the item's home country."""
    names, lexicon = context.pack.names, context.pack.lexicon
    origin = names.origin(context.item.home)
    if not names.made_for(name, origin):
        return False
    given = names.given.get(origin)
    foreign = [char for char in name[1:] if char in names.sounds and given is not None and char not in given]
    for post in person.posts if person is not None else ():
        bodies = [word.rows["organisation"] for _, _, word in lexicon.scan(post) if "organisation" in word.rows]
        if any(not body["code"] for body in bodies):
            return False
    return not foreign


def _code(mention: Mention) -> str | None:
    value = mention.value
    return value.country if isinstance(value, Actor) else value.get("code")
