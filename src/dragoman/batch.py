"""Reads many pages in input order, in this process or in several: the output does not depend on which."""

from __future__ import annotations

import gc
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from itertools import islice
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
    """What came of one input: a reading, or else one line that says what was not read and why."""

    reading: Reading | None
    failed: str | None = None


def read_all(
    inputs: Iterable[Article | Skipped], *, language: str = "zh", jobs: int = 1, work: Work | None = None
) -> Iterator[Outcome]:
    """One outcome for each input, in the order of the inputs. `work` reads in place of `read_article`."""
    if jobs <= 1:
        _settle(language)
        for item in inputs:
            yield _read_one(item, language, work)
        return
    left = iter(inputs)
    with ProcessPoolExecutor(max_workers=jobs, initializer=_settle, initargs=(language,)) as pool:
        waiting: deque[Future[list[Outcome]]] = deque()
        while chunk := list(islice(left, CHUNK)):
            waiting.append(pool.submit(_read_chunk, chunk, language, work))
            if len(waiting) > jobs * AHEAD:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()


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
        return Outcome(None, failed=str(item))
    try:
        return Outcome((work or read_article)(item, _pack(language)))
    except Exception as error:  # a fault of ours on one page must not cost the others
        return Outcome(None, failed=f"{item.id}: not read, internal error: {type(error).__name__}: {error}")
