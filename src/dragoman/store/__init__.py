"""The record on disk: pages with their reports, facts and evidence in one SQLite file, and what is asked of it."""

from __future__ import annotations

from dragoman.store.file import RecordError

__all__ = ["RecordError"]
