"""Bad input: one clear line with file, place and what was done; everything else is still read."""

from __future__ import annotations

import gzip
import json
import os
import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dragoman.article import Article
from dragoman.layout import lay_out
from dragoman.sources import Skipped, SourceOptions, open_paths
from dragoman.sources.base import default_rules
from test_sources import PAGE, TEXT, record, write


def outcome(*paths: Path, options: SourceOptions | None = None) -> tuple[list[str], list[tuple[str, str, bool]]]:
    """The ids of what was read, and (place, reason, fatal) of what was not."""
    results = list(open_paths(paths, options))
    for result in results:
        if isinstance(result, Skipped):
            assert "\n" not in str(result)
            assert str(result).startswith(result.path)
    return (
        [result.id for result in results if isinstance(result, Article)],
        [(result.place, result.reason, result.fatal) for result in results if isinstance(result, Skipped)],
    )


def line(identity: str, text: str = TEXT) -> str:
    return json.dumps({"id": identity, "text": text})


def test_a_missing_path_does_not_stop_the_next(tmp_path: Path) -> None:
    good = write(tmp_path / "page.txt", TEXT)
    assert outcome(tmp_path / "none.txt", good) == (
        ["page.txt"],
        [("file", "cannot be read: No such file or directory", True)],
    )


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file(tmp_path: Path) -> None:
    path = write(tmp_path / "page.txt", TEXT)
    path.chmod(0)
    assert outcome(path) == ([], [("file", "cannot be read: Permission denied", True)])


ENGLISH = "The president met the chancellor in Paris. 会谈"
JAPANESE = "フランスのドゴール大統領は二十二日、西ドイツ首相とパリで会談した。"
KOREAN = "드골 대통령은 파리에서 아데나워 총리와 會談했다."
NO_PAGES = b"WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 0\r\n\r\n\r\n\r\n"

FILES: list[tuple[str, str | bytes, tuple[str, str, bool]]] = [
    ("empty.txt", b"", ("file", "is empty", True)),
    ("empty.txt.gz", gzip.compress(b""), ("file", "is empty", True)),
    ("blank.txt", " \n\u3000\n", ("page", "page without text: skipped", False)),
    ("figures.txt", "12 34 56\n", ("page", "page without text: skipped", False)),
    ("page.html", "<html><body></body></html>", ("page", "page without text: skipped", False)),
    ("english.txt", ENGLISH, ("page", "another language (2 Han characters among 37 letters): skipped", False)),
    ("japanese.txt", JAPANESE, ("page", "another language (Japanese): skipped", False)),
    ("korean.txt", KOREAN, ("page", "another language (Korean): skipped", False)),
    ("empty.warc", NO_PAGES, ("after record 0", "no HTML response in the archive", False)),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "skipped"), FILES, ids=[entry[0] for entry in FILES])
def test_files_without_a_chinese_page(
    tmp_path: Path, name: str, content: str | bytes, skipped: tuple[str, str, bool]
) -> None:
    assert outcome(write(tmp_path / name, content)) == ([], [skipped])


def test_an_empty_folder(tmp_path: Path) -> None:
    assert outcome(tmp_path) == ([], [("folder", "holds no file of a known kind", True)])


LINES = [
    ("{", "invalid JSON (Expecting property name enclosed in double quotes): skipped"),
    ('{"id": "7", "text": "' + "文" * 40, "invalid JSON (Invalid control character at): skipped"),
    ("[1]", "not a JSON object: skipped"),
    ("[" * 100_000, "invalid JSON (nested too deeply): skipped"),
    ('{"id": "7"}', "no column 'text': skipped"),
    ('{"id": "7", "text": null}', "column 'text' is no text: skipped"),
    ('{"id": "7", "text": ""}', "page without text: skipped"),
]


@pytest.mark.parametrize(("bad", "reason"), LINES)
def test_line_seven_of_a_jsonl_file(tmp_path: Path, bad: str, reason: str) -> None:
    lines = [line(str(number)) for number in range(1, 9)]
    lines[6] = bad
    ids, skipped = outcome(write(tmp_path / "pages.jsonl", "\n".join(lines)))
    assert ids == ["1", "2", "3", "4", "5", "6", "8"]
    assert [(reason, fatal) for _, reason, fatal in skipped] == [(reason, False)]
    assert skipped[0][0] in ("line 7", "7")


def test_a_line_that_is_too_long(tmp_path: Path) -> None:
    path = write(tmp_path / "pages.jsonl", "\n".join((line("1"), line("2", TEXT * 100), line("3"))))
    assert outcome(path, options=SourceOptions(max_bytes=2_000)) == (
        ["1", "3"],
        [("line 2", "longer than 2,000 bytes: skipped", False)],
    )


# truncated ----------------------------------------------------------------------------------------------------


def noise(size: int, seed: int = 1) -> str:
    """Text that does not pack well, so that a cut falls where it should."""
    dice = random.Random(seed)
    return "".join(chr(dice.randrange(0x4E00, 0x9FA5)) for _ in range(size))


def test_truncated_gzip_of_lines(tmp_path: Path) -> None:
    packed = gzip.compress("\n".join(line(str(number), noise(300, number)) for number in range(20)).encode())
    ids, skipped = outcome(write(tmp_path / "pages.jsonl.gz", packed[: len(packed) // 2]))
    assert 5 <= len(ids) <= 12
    assert [(reason, fatal) for _, reason, fatal in skipped] == [("gzip ends early: what came before was read", True)]


def test_truncated_gzip_of_text(tmp_path: Path) -> None:
    packed = gzip.compress(noise(5_000).encode())
    path = write(tmp_path / "page.txt.gz", packed[: len(packed) // 2])
    articles = [result for result in open_paths([path]) if isinstance(result, Article)]
    assert 1_000 < len(articles[0].text) < 5_000
    assert "gzip ends early: what came before was read" in articles[0].notes


def test_damaged_gzip(tmp_path: Path) -> None:
    ids, skipped = outcome(write(tmp_path / "page.txt.gz", b"\x1f\x8b\x08\x00nonsense that is no gzip"))
    assert ids == []
    assert len(skipped) == 1
    assert "gzip" in skipped[0][1]


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("part", [0.3, 0.5, 0.7, 0.9])
def test_truncated_warc(tmp_path: Path, packed: bool, part: float) -> None:
    body = PAGE.replace("</body>", f"<p>{noise(2_000)}。</p></body>")
    records = [record(f"https://example.org/{number}", body) for number in range(5)]
    data = b"".join(gzip.compress(entry) if packed else entry for entry in records)
    ids, skipped = outcome(write(tmp_path / ("a.warc.gz" if packed else "a.warc"), data[: int(len(data) * part)]))
    assert ids == [f"https://example.org/{number}" for number in range(int(5 * part))]
    assert len(skipped) == 1
    assert skipped[0][2]


# large and odd ------------------------------------------------------------------------------------------------


def test_a_page_of_fifty_megabytes_is_cut(tmp_path: Path) -> None:
    path = write(tmp_path / "page.txt", (TEXT + "\n").encode() * (50_000_000 // len(TEXT.encode()) + 1))
    (article,) = list(open_paths([path]))
    assert isinstance(article, Article)
    assert len(article.text) == 2_000_000
    assert article.notes[0] == "file cut after 33,554,432 bytes"
    assert any(note.startswith("text cut after 2,000,000 of") for note in article.notes)


def test_a_paragraph_of_a_million_characters(tmp_path: Path) -> None:
    path = write(tmp_path / "page.txt", TEXT.replace("\n", "") * 20_000)
    (article,) = list(open_paths([path]))
    assert isinstance(article, Article)
    start = time.perf_counter()
    layout = lay_out(article, default_rules())
    assert time.perf_counter() - start < 5
    assert [block.kind for block in layout.items[0].blocks] == ["body"]


def test_nuls_become_blanks(tmp_path: Path) -> None:
    (article,) = list(open_paths([write(tmp_path / "page.txt", TEXT.replace("。", "\x00。"))]))
    assert isinstance(article, Article)
    assert article.text == TEXT.replace("。", " 。")
    assert article.notes == ("2 NUL characters replaced by blanks",)


def test_marks_of_direction_stay_and_do_no_harm(tmp_path: Path) -> None:
    marked = "\u202e" + TEXT.replace("\n", "\u200f\n\u200e")
    (article,) = list(open_paths([write(tmp_path / "page.txt", marked)]))
    assert isinstance(article, Article)
    assert article.text == marked
    kinds = [block.kind for block in lay_out(article, default_rules()).items[0].blocks]
    assert kinds == ["body", "body"]


def test_a_page_nested_ten_thousand_deep(tmp_path: Path) -> None:
    path = write(tmp_path / "page.html", "<div>" * 10_000 + f"<p>{TEXT}</p>")
    (article,) = list(open_paths([path]))
    assert isinstance(article, Article)
    assert article.text == TEXT.replace("\n", " ")


def test_a_page_nested_a_million_deep(tmp_path: Path) -> None:
    (article,) = list(open_paths([write(tmp_path / "page.html", "<div>" * 1_000_000 + f"<p>{TEXT}</p>")]))
    assert isinstance(article, Article)
    assert article.text == TEXT.replace("\n", " ")
    assert article.notes == ("nested too deeply: tags removed, read as plain text",)


def pieces() -> Iterator[str]:
    yield from (
        "新华社巴黎1月22日电",
        "（记者李明）",
        "【编辑:",
        "更多\n",
        "\n",
        "。",
        "(完)",
        "ảnh 1",
        "）",
        "（",
        "“",
        "2月30日",
        "\x00",
    )
    yield from ("图自越通社", "国际联播快讯", "——", "9999年99月99日", "〔", "\u202e", "\U00020000", "A")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(list(pieces())) | st.text(max_size=8), max_size=30), st.text(max_size=20))
def test_the_layout_never_raises(parts: list[str], url: str) -> None:
    text = "".join(parts)
    layout = lay_out(Article(id="page", text=text, url=url, title=text[:20]), default_rules())
    last = 0
    for item in layout.items:
        for block in item.blocks:
            assert last <= block.start < block.end <= len(text)
            last = block.end


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300), st.sampled_from([b"", b"<html>", b"{", b"WARC/1.0\r\n", b"\x1f\x8b\x08"]))
def test_the_readers_never_raise(tmp_path: Path, data: bytes, start: bytes) -> None:
    for name in ("a.txt", "a.html", "a.jsonl", "a.warc", "a.bin"):
        path = write(tmp_path / name, start + data)
        assert list(open_paths([path]))
