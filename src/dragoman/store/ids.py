"""Ids and hashes: the same for the same content on every machine."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from dragoman.article import Article
from dragoman.model import Report


def digest(*parts: object) -> str:
    """16 hexadecimal digits for any values that JSON can write."""
    spelled = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
    return hashlib.blake2b(spelled.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def content(article: Article) -> str:
    """Hash of all that reading starts from, so that what has it was read already."""
    return digest(article.text, article.title, article.published, article.url, article.agency, article.author)


def twin(article: Article) -> str:
    """Hash of text, title and day: pages that share it are copies of one."""
    return digest(article.text, article.title, article.published)


def says(report: Report) -> dict[str, Any]:
    """What a report says, without how it was found out (evidence, rule, confidence, event)."""
    return {
        "kind": report.kind,
        "mode": report.mode,
        "status": report.status,
        "name": report.name,
        "start": report.start,
        "end": report.end,
        "place": report.place,
        "place_country": report.place_country,
        "participants": sorted([p.role, p.kind, p.name, p.country or "", p.post or ""] for p in report.participants),
        "amount": report.amount,
        "currency": report.currency,
        "post": report.post,
    }


def report_ids(document: str, reports: list[Report]) -> list[str]:
    """An id for each report of a document: document, item and what it says; a second one that says the same is told
    apart by its number."""
    seen: dict[str, int] = {}
    ids = []
    for report in reports:
        plain = digest(document, report.item, says(report))
        seen[plain] = seen.get(plain, 0) + 1
        ids.append(plain if seen[plain] == 1 else digest(plain, seen[plain]))
    return ids
