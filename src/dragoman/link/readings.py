"""Links the reports of a run of readings, page after page: what is read together shares its event ids."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dragoman.link.claims import claims_of
from dragoman.link.cluster import Linker
from dragoman.link.names import load_rules
from dragoman.model import Reading


def linked(readings: Iterable[Reading], language: str = "zh") -> Iterator[Reading]:
    """The same readings in their order, the `event` of each report as linking gives it when its page comes.

    Ids already handed on are not taken back: two events that a later page shows to be one keep both ids in a stream
    (a record, which is not a stream, joins them).
    """
    linker = Linker(rules=load_rules(language))
    for reading in readings:
        document = reading.document
        published = {(document["document"], item["item"]): item["published"] for item in document["items"]}
        claims = claims_of([report.to_json() for report in reading.reports], published)
        for report, claim in zip(reading.reports, claims, strict=True):
            report.event = linker.add(claim).event
        yield reading
