"""Facts beside events: who said what, which figures are given for two sides, who holds which post."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dragoman.indicators import IndicatorReader
from dragoman.pack import Pack
from dragoman.refer import Context
from dragoman.statements import StatementReader, country_of

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
            yield kind, {**fields, "text": verbatim[start:end].strip()}, spans, rule
        yield from self.indicators.read(context)
        yield from self._posts(context)

    def _posts(self, context: Context) -> Iterator[Row]:
        for person in context.register.persons.values():
            for post, (_, start, end) in person.posts.items():
                fields = {"person": person.name, "post": post, "country": country_of(context, person.name)}
                yield "post", fields, [(start, end)], "post"
