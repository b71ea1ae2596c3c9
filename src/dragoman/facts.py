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

    def read(self, context: Context) -> Iterator[Row]:
        """Statements and indicators in text order, then posts."""
        for kind, fields, spans, rule in self.statements.read(context):
            start, end = fields["text"]
            told = {"speaker": context.own(fields["speaker"]), "text": context.page[start:end].strip()}
            yield kind, {**fields, **told}, spans, rule
        yield from self.indicators.read(context)
        yield from self._posts(context)

    def _posts(self, context: Context) -> Iterator[Row]:
        for person in context.register.persons.values():
            for post, (_, start, end) in person.posts.items():
                name = context.own(person.name)
                fields = {"person": name, "post": _BRACKET.sub("", post), "country": country_of(context, person.name)}
                yield "post", fields, [(start, end)], "post"
