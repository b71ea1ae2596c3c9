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

import dragoman
from dragoman.article import Article
from dragoman.layout import lay_out
from dragoman.sources import Skipped, SourceOptions, open_paths
from dragoman.sources.base import default_rules
from test_sources import PAGE, TEXT, TRADITIONAL, record, write


def outcome(*paths: Path, options: SourceOptions | None = None) -> tuple[list[str], list[tuple[str, str, bool]]]:
    """The ids of what was read, and (place, reason, fatal) of what was not; the place begins with the file's name."""
    results = list(open_paths(paths, options))
    folder = f"{paths[0].parent}{os.sep}"
    for result in results:
        if isinstance(result, Skipped):
            assert "\n" not in str(result)
            assert str(result).startswith(folder)
    return (
        [result.id for result in results if isinstance(result, Article)],
        [
            (str(result.origin).removeprefix(folder), result.reason, result.fatal)
            for result in results
            if isinstance(result, Skipped)
        ],
    )


def the_page(path: Path, options: SourceOptions | None = None) -> Article:
    (article,) = open_paths([path], options)
    assert isinstance(article, Article)
    return article


def line(identity: str, text: str = TEXT) -> str:
    return json.dumps({"id": identity, "text": text})


def test_a_missing_path_does_not_stop_the_next(tmp_path: Path) -> None:
    good = write(tmp_path / "page.txt", TEXT)
    assert outcome(tmp_path / "none.txt", good) == (
        ["page.txt"],
        [("none.txt", "cannot be read (No such file or directory): skipped", True)],
    )


def test_a_link_that_leads_to_itself_does_not_stop_the_next(tmp_path: Path) -> None:
    loop, good = tmp_path / "loop.txt", write(tmp_path / "page.txt", TEXT)
    loop.symlink_to(loop)
    ids, skipped = outcome(loop, good)
    assert ids == ["page.txt"]
    assert [(place, fatal) for place, _, fatal in skipped] == [("loop.txt", True)]


ENGLISH = "The president met the chancellor in Paris. 会谈"
JAPANESE = "フランスのドゴール大統領は二十二日、西ドイツ首相とパリで会談した。"
KOREAN = "드골 대통령은 파리에서 아데나워 총리와 會談했다."
NO_PAGES = b"WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 0\r\n\r\n\r\n\r\n"

RANDOM = random.Random(1).randbytes(5_000)

FILES: list[tuple[str, str | bytes, str, bool]] = [
    ("empty.txt", b"", "is empty: skipped", True),
    ("empty.txt.gz", gzip.compress(b""), "is empty: skipped", True),
    ("blank.txt", " \n\u3000\n", "page without text: skipped", False),
    ("figures.txt", "12 34 56\n", "page without text: skipped", False),
    ("page.html", "<html><body></body></html>", "page without text: skipped", False),
    ("english.txt", ENGLISH, "another language (2 Han characters among 37 letters): skipped", False),
    ("japanese.txt", JAPANESE, "another language (Japanese): skipped", False),
    ("korean.txt", KOREAN, "another language (Korean): skipped", False),
    ("random.txt", RANDOM, "not text (841 broken places among 3,961 characters): skipped", False),
    ("empty.warc", NO_PAGES, "no HTML response in the archive: skipped", False),
]


@pytest.mark.parametrize(("name", "content", "reason", "fatal"), FILES, ids=[entry[0] for entry in FILES])
def test_files_without_a_chinese_page(
    tmp_path: Path, name: str, content: str | bytes, reason: str, fatal: bool
) -> None:
    assert outcome(write(tmp_path / name, content)) == ([], [(name, reason, fatal)])


def test_text_with_a_little_damage_is_text(tmp_path: Path) -> None:
    damaged = (TEXT * 4).encode() + b"\xff"
    assert the_page(write(tmp_path / "page.txt", damaged)).notes == ("1 broken place: replaced",)


@pytest.mark.parametrize("given", ["big5", "gb18030"])
@pytest.mark.parametrize("declared", ["big5", "gb2312"])
def test_a_page_that_declares_the_other_encoding_is_read_as_what_it_is(
    tmp_path: Path, given: str, declared: str
) -> None:
    text = (TRADITIONAL if given == "big5" else TEXT) * 20
    page = f"<html><head><meta charset={declared}></head><body><article><p>{text}</p></article></body></html>"
    article = the_page(write(tmp_path / "page.html", page.encode(given)))
    assert article.text == text.replace("\n", " ")


def test_an_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert outcome(tmp_path / "empty") == ([], [("empty", "holds no file of a known kind: skipped", True)])


LINES = [
    ("{", "invalid JSON (column 2: Expecting property name enclosed in double quotes): skipped"),
    ('{"id": "7", "text": "' + "文" * 40, "invalid JSON (column 21: Unterminated string starting at): skipped"),
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
    assert skipped == [("pages.jsonl, line 7", reason, False)]


def test_a_line_that_is_too_long(tmp_path: Path) -> None:
    path = write(tmp_path / "pages.jsonl", "\n".join((line("1"), line("2", TEXT * 100), line("3"))))
    assert outcome(path, options=SourceOptions(max_bytes=2_000)) == (
        ["1", "3"],
        [("pages.jsonl, line 2", "longer than 2,000 bytes: skipped", False)],
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
    article = the_page(path)
    assert 1_000 < len(article.text) < 5_000
    assert (article.notes, article.lost) == ((), "gzip ends early: what came before was read")


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


BODY = PAGE.replace("</body>", f"<p>{noise(2_000)}。</p></body>")
MEMBERS = [gzip.compress(record(f"https://example.org/{number}", BODY)) for number in range(5)]


def flipped(member: bytes, at: int) -> bytes:
    return member[:at] + bytes([member[at] ^ 0xFF]) + member[at + 1 :]


DAMAGE = [
    ("a byte of its middle", flipped(MEMBERS[2], len(MEMBERS[2]) // 2)),
    ("a byte of its checksum", flipped(MEMBERS[2], len(MEMBERS[2]) - 7)),
    ("a byte of its head", flipped(MEMBERS[2], 1)),
    ("its second half", MEMBERS[2][: len(MEMBERS[2]) // 2]),
    ("all of it", b"\x1f\x8b\x08" * 500),
]


@pytest.mark.parametrize("member", [entry[1] for entry in DAMAGE], ids=[entry[0] for entry in DAMAGE])
def test_one_damaged_record_of_a_packed_warc_costs_that_record_only(tmp_path: Path, member: bytes) -> None:
    path = write(tmp_path / "a.warc.gz", b"".join([*MEMBERS[:2], member, *MEMBERS[3:]]))
    ids, skipped = outcome(path)
    assert ids == [f"https://example.org/{number}" for number in (0, 1, 3, 4)]
    ((place, reason, fatal),) = skipped
    assert place in ("a.warc.gz, after record 2", "a.warc.gz, in record 3")
    assert reason.startswith("gzip ")
    assert reason.endswith(": what is damaged was skipped")
    assert not fatal


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(2, len(b"".join(MEMBERS)) - 1), st.integers(1, 255))
def test_one_wrong_byte_of_a_packed_warc_costs_one_record_at_most(tmp_path: Path, at: int, change: int) -> None:
    data = bytearray(b"".join(MEMBERS))
    data[at] ^= change
    ids, skipped = outcome(write(tmp_path / "a.warc.gz", bytes(data)))
    assert len(ids) >= 4
    assert len(ids) == 5 or skipped


# large and odd ------------------------------------------------------------------------------------------------


def test_a_page_of_fifty_megabytes_is_cut(tmp_path: Path) -> None:
    path = write(tmp_path / "page.txt", (TEXT + "\n").encode() * (50_000_000 // len(TEXT.encode()) + 1))
    article = the_page(path)
    assert len(article.text) == 2_000_000
    assert (article.notes, article.lost) == ((), "longer than 2,000,000 characters: the rest was not read")


@pytest.mark.parametrize("name", ["page.txt", "page.html", "page.warc"])
@pytest.mark.parametrize(
    ("options", "lost"),
    [
        (SourceOptions(max_bytes=3_000), "longer than 3,000 bytes: the rest was not read"),
        (SourceOptions(max_chars=700), "longer than 700 characters: the rest was not read"),
        (SourceOptions(max_bytes=3_000, max_chars=700), "longer than 700 characters: the rest was not read"),
        (SourceOptions(), None),
    ],
)
def test_a_long_page_is_cut_at_a_character(tmp_path: Path, name: str, options: SourceOptions, lost: str | None) -> None:
    html = f"<html><body><article><p>{TEXT * 30}</p></article></body></html>"
    content = {"page.txt": TEXT * 30, "page.html": html, "page.warc": record("https://example.org/1", html)}[name]
    article = the_page(write(tmp_path / name, content), options)
    assert (article.notes, article.lost) == ((), lost)
    assert (TEXT * 30).replace("\n", " ").startswith(article.text.replace("\n", " "))


def test_a_paragraph_of_a_million_characters(tmp_path: Path) -> None:
    article = the_page(write(tmp_path / "page.txt", TEXT.replace("\n", "") * 20_000))
    start = time.perf_counter()
    layout = lay_out(article, default_rules())
    assert time.perf_counter() - start < 5
    assert [block.kind for block in layout.items[0].blocks] == ["body"]


def test_a_paragraph_of_thirty_thousand_characters_is_read_to_its_end() -> None:
    sentences = [f"3月{day}日,老挝外长通沙万会见了蒙古国外长巴特策策格。" for day in range(1, 29)]
    text = "双方就经济和贸易问题交换了意见。" * 70
    start = time.perf_counter()
    reading = dragoman.read(text.join(sentences), published="2024-04-02")
    assert time.perf_counter() - start < 10
    assert [report.start for report in reading.reports] == [f"2024-03-{day:02d}" for day in range(1, 29)]


def test_nuls_become_blanks(tmp_path: Path) -> None:
    article = the_page(write(tmp_path / "page.txt", TEXT.replace("。", "\x00。")))
    assert article.text == TEXT.replace("。", " 。")
    assert article.notes == ("2 NUL characters: replaced by blanks",)


def test_marks_of_direction_stay_and_do_no_harm(tmp_path: Path) -> None:
    marked = "\u202e" + TEXT.replace("\n", "\u200f\n\u200e")
    article = the_page(write(tmp_path / "page.txt", marked))
    assert article.text == marked
    kinds = [block.kind for block in lay_out(article, default_rules()).items[0].blocks]
    assert kinds == ["body", "body"]
    reports = [[(r.kind, [p.name for p in r.participants]) for r in dragoman.read(t).reports] for t in (TEXT, marked)]
    assert reports[0] == reports[1]
    assert ("meeting", ["戴高乐", "阿登纳"]) in reports[0]


def test_a_page_nested_ten_thousand_deep(tmp_path: Path) -> None:
    path = write(tmp_path / "page.html", "<div>" * 10_000 + f"<p>{TEXT}</p>")
    assert the_page(path).text == TEXT.replace("\n", " ")


def test_a_page_nested_a_million_deep(tmp_path: Path) -> None:
    article = the_page(write(tmp_path / "page.html", "<div>" * 1_000_000 + f"<p>{TEXT}</p>"))
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
