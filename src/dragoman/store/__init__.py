"""The record on disk: pages with their reports, facts and evidence in one SQLite file, and what is asked of it."""

from __future__ import annotations

from dragoman.store.ask import Query
from dragoman.store.file import QueryError, RecordError
from dragoman.store.record import Record
from dragoman.store.rows import Document, Event, KeptReport, Told
from dragoman.store.verdicts import Judgement

__all__ = ["Document", "Event", "Judgement", "KeptReport", "Query", "QueryError", "Record", "RecordError", "Told"]
