"""Reads many pages in input order, in this process or in several: the output does not depend on which."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from itertools import islice
from multiprocessing.connection import wait
from threading import Thread
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from dragoman.article import Article
    from dragoman.model import Reading
    from dragoman.pack import Pack
    from dragoman.sources import Skipped

CHUNK = 16  # pages handed to a process at once: enough to hide the hand-over, few enough to share the work evenly
#: Reads one page with a pack; a function of a module, so that it can be handed to other processes.
Work: TypeAlias = "Callable[[Article, Pack], Reading]"
AHEAD = 3  # chunks in flight per process, so that a long input is never held in memory


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one input: its reading, if there is one, and whether all of it was read. `remark` is one line with
    all that is to be said of it, and where it stands."""

    reading: Reading | None
    whole: bool
    remark: str | None = None


def read_all(
    inputs: Iterable[Article | Skipped], *, language: str = "zh", jobs: int = 1, work: Work | None = None
) -> Iterator[Outcome]:
    """One outcome for each input, in the order of the inputs. `work` reads in place of `read_article`.

    Raises BrokenProcessPool if the system ends one of the processes, for want of memory perhaps.
    """
    if jobs <= 1:
        _settle(language)
        for item in inputs:
            yield _read_one(item, language, work)
        return
    left = iter(inputs)
    with ProcessPoolExecutor(max_workers=jobs, initializer=_begin, initargs=(language,)) as pool:
        waiting: deque[Future[list[Outcome]]] = deque()
        try:
            while chunk := list(islice(left, CHUNK)):
                waiting.append(pool.submit(_read_chunk, chunk, language, work))
                if len(waiting) > jobs * AHEAD:
                    yield from waiting.popleft().result()
            while waiting:
                yield from waiting.popleft().result()
        finally:  # nobody waits for what is left if the reading is broken off
            pool.shutdown(cancel_futures=True)


def _begin(language: str) -> None:
    """Start a reading process. A terminal sends Ctrl-C to all of them: the first answers it and ends the others."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()
    _settle(language)


def _end_with_parent() -> None:
    """A first process that is killed ends nobody: the others would wait for pages for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _pack(language: str) -> Pack:
    """The pack, which is loaded once in each process."""
    from dragoman.pack import load

    return load(language)


def _settle(language: str) -> None:
    """Load the pack and take it out of the garbage collector's rounds: it stays as long as the process (a tenth of the
    reading time, measured on 53 pages of agencies)."""
    _pack(language)
    gc.freeze()


def _read_chunk(chunk: list[Article | Skipped], language: str, work: Work | None) -> list[Outcome]:
    return [_read_one(item, language, work) for item in chunk]


def _read_one(item: Article | Skipped, language: str, work: Work | None) -> Outcome:
    from dragoman.article import Article
    from dragoman.reading import read_article

    if not isinstance(item, Article):
        return Outcome(None, whole=False, remark=str(item))
    origin = item.origin or item.id
    try:
        reading = (work or read_article)(item, _pack(language))
    except Exception as error:  # a fault of ours on one page must not cost the others
        return Outcome(None, whole=False, remark=f"{origin}: not read, internal error: {type(error).__name__}: {error}")
    told = [item.lost, *reading.notes] if item.lost else reading.notes
    return Outcome(reading, whole=not item.lost, remark=f"{origin}: {'; '.join(told)}" if told else None)
