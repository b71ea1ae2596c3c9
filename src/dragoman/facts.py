"""Facts beside events: who said what, which figures are given for two sides, who holds which post."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from dragoman.context import Context
from dragoman.homeland import country_of
from dragoman.indicators import IndicatorReader
from dragoman.pack import Pack
from dragoman.statements import StatementReader

#: An abbreviation or foreign name put in behind a body: "the People's Party (CPP)".
_BRACKET = re.compile(r"[(\uff08][^()\uff08\uff09]*[)\uff09]")

Row = tuple[str, dict[str, Any], list[tuple[int, int]], str]


class FactReader:
    """Reads all facts of an item."""

    def __init__(self, pack: Pack) -> None:
        self.statements = StatementReader(pack)
        self.indicators = IndicatorReader(pack)

    def read(self, context: Context, text: str | None = None) -> Iterator[Row]:
        """Statements and indicators in text order, then posts. `text` is the page as it came, for the words said."""
        verbatim = context.text if text is None else text
        for kind, fields, spans, rule in self.statements.read(context):
            start, end = fields["text"]
            speaker = written(context, fields["speaker"], verbatim)
            yield kind, {**fields, "speaker": speaker, "text": verbatim[start:end].strip()}, spans, rule
        yield from self.indicators.read(context)
        yield from self._posts(context, verbatim)

    def _posts(self, context: Context, verbatim: str) -> Iterator[Row]:
        for person in context.register.persons.values():
            for post, (_, start, end) in person.posts.items():
                name = written(context, person.name, verbatim)
                fields = {"person": name, "post": _BRACKET.sub("", post), "country": country_of(context, person.name)}
                yield "post", fields, [(start, end)], "post"


def written(context: Context, name: str, verbatim: str) -> str:
    """A name as the item writes it: in its own script, but with the dots and hyphens of the standard form."""
    if name not in context.spelt:
        at = context.text.find(name, context.item.start)
        pairs = zip(name, verbatim[at : at + len(name)] if at >= 0 else name, strict=True)
        context.spelt[name] = "".join(own if own.isalpha() else standard for standard, own in pairs)
    return context.spelt[name]
