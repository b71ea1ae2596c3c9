"""A record as Python has it: `dragoman.open(path)`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self, TypedDict, TypeVar, Unpack

from dragoman.store.ask import Query, count_events, find_documents, find_events, find_reports
from dragoman.store.file import RecordError, connect, guarded
from dragoman.store.rows import Document, Event, KeptReport, documents, events, reports
from dragoman.store.verdicts import Judgement, in_force, judgements, rows_of

if TYPE_CHECKING:
    import sqlite3

    import pyarrow

    from dragoman.store.load import Summary

#: So many rows are made into values at once.
CHUNK = 200
Value = TypeVar("Value", Event, KeptReport, Document)


class Asked(TypedDict, total=False):
    """What can be asked for; see Query."""

    person: str | None
    countries: tuple[str, ...]
    kind: str | None
    status: str | None
    period: str | None
    text: str | None
    agency: str | None
    event: str | None


class Record:
    """An open record. Use it in a `with` statement, or `close` it; each thread needs one of its own.

    Answers come one by one and lazily, the newest first, events of no known day last. A fault of the file is a
    RecordError, a question that cannot be asked a QueryError; both have one line that says what is wrong.
    """

    def __init__(self, path: str | Path, *, write: bool = False) -> None:
        self.path = Path(path)
        self.database: sqlite3.Connection = connect(self.path, write=write, create=write)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self.database.close()

    def events(self, *, limit: int | None = None, **asked: Unpack[Asked]) -> Iterator[Event]:
        """The events that answer, each with all its reports' statuses."""
        return self._answers(lambda: find_events(self.database, Query(**asked)), events, limit)

    def reports(self, *, limit: int | None = None, **asked: Unpack[Asked]) -> Iterator[KeptReport]:
        """All reports of the events that answer, event by event."""
        return self._answers(lambda: find_reports(self.database, Query(**asked)), reports, limit)

    def documents(self, *, limit: int | None = None, **asked: Unpack[Asked]) -> Iterator[Document]:
        """The pages that hold the text, are of the agency and the period, and tell of such an event."""
        return self._answers(lambda: find_documents(self.database, Query(**asked)), documents, limit)

    def timeline(self, *countries: str, limit: int | None = None) -> Iterator[Event]:
        """The events in which all these countries have a part, the oldest first."""
        return self._answers(lambda: find_events(self.database, Query(countries=countries), oldest=True), events, limit)

    def count(self, **asked: Unpack[Asked]) -> int:
        """How many events answer."""
        with guarded(self.path):
            return count_events(self.database, Query(**asked))

    def arrow(
        self, what: Literal["events", "reports", "documents"], *, limit: int | None = None, **asked: Unpack[Asked]
    ) -> pyarrow.Table:
        """The answers as an Arrow table, with the columns of their lines of JSON. Needs pyarrow."""
        try:
            import pyarrow
        except ImportError:
            raise RecordError("an Arrow table needs pyarrow: pip install 'dragoman[arrow]'") from None
        answers: Iterable[Event | KeptReport | Document] = getattr(self, what)(limit=limit, **asked)
        return pyarrow.Table.from_pylist([_columns(answer.to_json()) for answer in answers])

    def judge(
        self,
        verdict: str,
        subject: str,
        other: str | None = None,
        *,
        field: str | None = None,
        value: str | None = None,
        who: str,
        why: str,
    ) -> Judgement:
        """Say same or different of two reports or events, wrong or right of a report, or correct a `field` of it; what
        this concerns is made anew. QueryError if it cannot be said; the record must be open for writing."""
        from dragoman.store.judge import judge

        with guarded(self.path):
            return judge(self.database, verdict, subject, other, field=field, value=value, who=who, why=why)

    def undo(self, judgement: str, *, who: str, why: str) -> Judgement:
        """Take a judgement back. It stays listed, with who took it back, when and why."""
        from dragoman.store.judge import undo

        with guarded(self.path):
            return undo(self.database, judgement, who=who, why=why)

    def judgements(self) -> list[Judgement]:
        """All judgements in the order in which they were made, those taken back too."""
        with guarded(self.path):
            return judgements(self.database)

    def wrong(self) -> Iterator[KeptReport]:
        """The reports that are judged wrong and so belong to no event."""
        with guarded(self.path):
            rows = rows_of(self.database, in_force(self.database).wrong)
        return self._answers(lambda: iter(sorted(rows.values())), reports, None)

    def load(self, paths: Sequence[str | Path] = (), *, jobs: int = 1, again: bool = False) -> Summary:
        """Load pages, as `dragoman load` does; the record must be open for writing."""
        from dragoman.store.load import Load, reader_of

        with guarded(self.path):
            return Load(self.database, reader_of("zh"), jobs=jobs, again=again).run([Path(path) for path in paths])

    def _answers(
        self,
        find: Callable[[], Iterator[int]],
        make: Callable[[sqlite3.Connection, Iterable[int]], list[Value]],
        limit: int | None,
    ) -> Iterator[Value]:
        with guarded(self.path):
            rows = islice(find(), limit)
        while True:
            with guarded(self.path):
                chunk = make(self.database, list(islice(rows, CHUNK)))
            if not chunk:
                return
            yield from chunk


def _columns(line: dict[str, Any]) -> dict[str, Any]:
    """A line whose maps, which have other keys in each row, are lists of key and value."""
    if "differs" in line:
        line["differs"] = [
            {"field": field, "value": value, "reports": count}
            for field, values in line["differs"].items()
            for value, count in values.items()
        ]
    if "corrected" in line:
        line["corrected"] = [
            {"field": field, "read": json.dumps(value, ensure_ascii=False)}
            for field, value in line["corrected"].items()
        ]
    return line
