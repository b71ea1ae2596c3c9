"""Readers: what goes in as a file, what comes out as Articles."""

from __future__ import annotations

import gzip
import io
import json
import sys
from pathlib import Path

import pytest

from dragoman.article import Article
from dragoman.sources import Columns, Skipped, SourceOptions, open_paths
from dragoman.sources.dates import edtf
from dragoman.sources.decode import decode

TEXT = "法国总统戴高乐在爱丽舍宫会见了来访的德国总理阿登纳。\n双方签署了两国合作条约。"
TRADITIONAL = "法國總統戴高樂在愛麗舍宮會見了來訪的德國總理阿登納。\n雙方簽署了兩國合作條約。"


def read(*paths: Path | str, options: SourceOptions | None = None) -> list[Article]:
    results = list(open_paths(paths, options))
    assert not [str(result) for result in results if isinstance(result, Skipped)]
    return [result for result in results if isinstance(result, Article)]


def write(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


# text ---------------------------------------------------------------------------------------------------------

ENCODINGS = [
    (TEXT, "utf-8", ()),
    (TEXT, "utf-8-sig", ()),
    (TEXT, "utf-16", ()),
    (TEXT, "gb18030", ("not UTF-8: read as gb18030",)),
    (TEXT * 50, "gbk", ("not UTF-8: read as gb18030",)),
    (TRADITIONAL, "big5", ("not UTF-8: read as big5hkscs",)),
    (TRADITIONAL * 50, "big5", ("not UTF-8: read as big5hkscs",)),
]


@pytest.mark.parametrize(("text", "encoding", "notes"), ENCODINGS)
def test_text_in_any_encoding(tmp_path: Path, text: str, encoding: str, notes: tuple[str, ...]) -> None:
    (article,) = read(write(tmp_path / "page.txt", text.encode(encoding)))
    assert (article.id, article.text, article.notes) == ("page.txt", text, notes)


def test_broken_bytes_are_replaced_and_noted() -> None:
    text, notes = decode(TEXT.encode() * 20 + b"\xff\xfe" + TEXT.encode())
    assert text == TEXT * 20 + "\ufffd\ufffd" + TEXT
    assert notes == ("2 broken places: replaced",)


def test_gzip_is_told_by_its_bytes(tmp_path: Path) -> None:
    packed = write(tmp_path / "page.txt.gz", gzip.compress(TEXT.encode()))
    hidden = write(tmp_path / "other.txt", gzip.compress(TEXT.encode()))
    assert [(article.id, article.text) for article in read(packed, hidden)] == [
        ("page.txt.gz", TEXT),
        ("other.txt", TEXT),
    ]


def test_folders_are_walked_in_sorted_order(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt", "c/a.txt", ".hidden.txt", "notes.yaml"):
        write(tmp_path / name, TEXT)
    assert [article.id for article in read(tmp_path)] == ["a.txt", "b.txt", "c/a.txt"]


STDIN = [
    (TEXT.encode(), ["-"]),
    (json.dumps({"id": "1", "text": TEXT}).encode(), ["1"]),
    (f"<html><body><article><p>{TEXT}</p></article></body></html>".encode(), ["-"]),
    (gzip.compress(TEXT.encode()), ["-"]),
]


@pytest.mark.parametrize(("data", "ids"), STDIN)
def test_standard_input_is_told_by_its_first_bytes(
    monkeypatch: pytest.MonkeyPatch, data: bytes, ids: list[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    articles = read("-")
    assert [article.id for article in articles] == ids
    assert "阿登纳" in articles[0].text


# JSONL --------------------------------------------------------------------------------------------------------


def test_jsonl(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [
        {
            "id": 7,
            "url": "https://example.org/",
            "title": "会谈",
            "published": "2022年5月8日 10:00",
            "agency": "新华社",
            "text": TEXT,
        },
        {"text": TEXT, "published": "soon"},
    ]
    path = write(tmp_path / "pages.jsonl", "\n\n".join(json.dumps(row) for row in rows))
    assert read(path) == [
        Article("7", TEXT, "会谈", "2022-05-08", "https://example.org/", "新华社"),
        Article("pages.jsonl:3", TEXT, notes=("date 'soon' not understood: left out",)),
    ]


def test_jsonl_with_other_columns(tmp_path: Path) -> None:
    path = write(tmp_path / "pages.jsonl", json.dumps({"doc": "x", "body": TEXT, "date": "20220508"}))
    options = SourceOptions(columns=Columns(id="doc", text="body", published="date"))
    assert read(path, options=options) == [Article("x", TEXT, published="2022-05-08")]


DATES = [
    ("2022-05-08", "2022-05-08"),
    ("2022-05-08T23:30:00+08:00", "2022-05-08"),
    ("2022-05-08T16:30:00Z", "2022-05-09"),
    ("2022-05-08T15:30:00Z", "2022-05-08"),
    ("2022/5/8 09:00", "2022-05-08"),
    ("2022年5月8日", "2022-05-08"),
    ("20220508", "2022-05-08"),
    ("20220508093000", "2022-05-08"),
    ("2022-05", "2022-05"),
    ("08/05/2022", "2022-05-08"),
    ("Sun, 08 May 2022 20:00:00 GMT", "2022-05-09"),
    ("1652000000000", "2022-05-08"),
    ("来源：新华社 2022-05-08 09:00", "2022-05-08"),
    ("2022-02-30", None),
    ("soon", None),
    (None, None),
]


@pytest.mark.parametrize(("text", "day"), DATES)
def test_dates_of_metadata(text: str | None, day: str | None) -> None:
    assert edtf(text) == day


# HTML ---------------------------------------------------------------------------------------------------------

P1 = "法国总统戴高乐1月22日在爱丽舍宫会见了来访的德国总理阿登纳，双方签署条约。"
P2 = "条约规定，两国政府首脑每年至少会晤两次，外长每三个月会晤一次。"
BOTH = f"<p>{P1}</p><p>{P2}</p>"
CLUTTER = (
    "<nav><a href='/'>首页</a><a href='/w'>国际新闻频道的首页</a></nav>"
    "<ul class='hot'>"
    + "".join(f"<li><a href='/{n}'>今天的第{n}条热门新闻，请大家点击阅读</a></li>" for n in range(9))
    + "</ul>"
    "<div class='footer'>版权所有，未经授权不得转载，违者将被追究法律责任。</div>"
    "<script>var a='不是正文，不是正文，不是正文';</script>"
)


def html(body: str, head: str = "") -> str:
    return (
        f"<!doctype html><html><head><title>法德签署条约-新闻网</title>{head}</head><body>{CLUTTER}{body}</body></html>"
    )


def read_html(tmp_path: Path, source: str | bytes) -> Article:
    (article,) = read(write(tmp_path / "page.html", source))
    return article


def test_an_unknown_page_by_density(tmp_path: Path) -> None:
    head = "<meta property='article:published_time' content='1963-01-22T20:00:00+01:00'>"
    article = read_html(tmp_path, html(f"<h1>法德签署条约</h1><div><div><p>{P1}</p><p>{P2}</p></div></div>", head))
    assert (article.text, article.title, article.published) == (f"{P1}\n{P2}", "法德签署条约", "1963-01-22")


def test_paragraphs_by_line_breaks(tmp_path: Path) -> None:
    assert read_html(tmp_path, html(f"<div id=c>　　{P1}<br><br>　　{P2}<br></div>")).text == f"{P1}\n{P2}"


def test_captions_are_lines_of_their_own(tmp_path: Path) -> None:
    figure = "<figure><img src=a><figcaption>二人合影。新华社发</figcaption></figure>"
    body = f"<article><p>{P1}</p>{figure}<p>{P2}</p></article>"
    assert read_html(tmp_path, html(body)).text == f"{P1}\n二人合影。新华社发\n{P2}"


def test_teasers_follow_under_their_heading(tmp_path: Path) -> None:
    links = "".join(f"<li><a href='/{n}'>有关条约的第{n}篇背景报道</a></li>" for n in (1, 2))
    body = f"<article><p>{P1}</p><p>{P2}</p></article><div><h3>相关新闻</h3><ul>{links}</ul></div>"
    assert read_html(tmp_path, html(body)).text.split("\n") == [
        P1, P2, "相关新闻", "有关条约的第1篇背景报道", "有关条约的第2篇背景报道",
    ]  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "gb2312", "gb18030"])
def test_the_page_declares_its_encoding(tmp_path: Path, encoding: str) -> None:
    source = html(f"<p>{P1}</p><p>{P2}</p>", f"<meta charset={encoding}>").encode(encoding)
    article = read_html(tmp_path, source)
    assert (article.text, article.notes) == (f"{P1}\n{P2}", ())


# address, where that publisher's pages keep things, expected date and agency
PUBLISHERS = [
    (
        "https://tv.cctv.com/2022/05/24/VIDE.shtml",
        f"<h3>[视频]法德签署条约</h3><div id='content_area'>{BOTH}</div><div class=zebian>编辑：李明</div>",
        (None, "央视网"),
    ),
    (
        "https://world.huanqiu.com/article/9CaKrn",
        "<textarea class='article-title'>法德签署条约</textarea><textarea class='article-time'>1652000000000</textarea>"
        f"<textarea class='article-content'>{BOTH.replace('<', '&lt;').replace('>', '&gt;')}</textarea>",
        ("2022-05-08", "环球时报"),
    ),
    (
        "https://news.cctv.com/2026/05/24/ARTI.shtml",
        f"<h1>法德签署条约</h1><script>var contentdate='<p>{P1}<\\/p><p>{P2}<\\/p>';</script>",
        (None, "央视网"),
    ),
    (
        "https://zh.vietnamplus.vn/article-post1.vnp",
        "<h1 class='article__title cms-title'>法德签署条约</h1>"
        "<div class='article__meta'><time datetime='2022-05-08T07:00+07:00'></time></div>"
        f"<div class='article__body cms-body'>{BOTH}<div class='article-relate'><h3>相关阅读</h3></div></div>",
        ("2022-05-08", "越通社"),
    ),
    (
        "https://www.chinanews.com.cn/gj/2022/05-08/1.shtml",
        "<h1 class='content_left_title'>法德签署条约</h1>"
        "<div class='left-t'>2022年05月08日 10:00 来源：中国新闻网</div>"
        f"<div class='left_zw'><p>{P1}</p><p>{P2}</p><div class='adInContent'>广告</div></div>",
        ("2022-05-08", "中新社"),
    ),
    (
        "https://www.mfa.gov.cn/web/wjdt/t20220508_1.shtml",
        "<h1>法德签署条约</h1><div class='time'><span>2022-05-08 10:00</span></div>"
        f"<div id='News_Body_Txt_A'>{BOTH}</div>",
        ("2022-05-08", "外交部"),
    ),
]


@pytest.mark.parametrize(("url", "body", "expected"), PUBLISHERS, ids=[entry[0] for entry in PUBLISHERS])
def test_publishers(tmp_path: Path, url: str, body: str, expected: tuple[str | None, str]) -> None:
    article = read_html(tmp_path, html(body, f"<link rel=canonical href='{url}'>"))
    assert article.text == f"{P1}\n{P2}"
    assert (article.title or "").removeprefix("[视频]") == "法德签署条约"
    assert (article.published, article.url) == (expected[0], url)
    assert article.agency == expected[1] or (article.agency or "").startswith("中国新闻")


def test_a_publisher_is_known_by_its_template(tmp_path: Path) -> None:
    """Stored pages often do not say where they are from."""
    body = (
        "<h1 class='article__title cms-title'>法德签署条约</h1><div class='x'><time>2022年5月8日 07:00:00</time></div>"
        f"<div class='article__body cms-body'>{BOTH}</div><div class='article-relate'><h3>更多</h3>"
        "<div class='story'><h2>总理启程前往东京</h2><p>总理5月9日启程。</p></div></div>"
    )
    article = read_html(tmp_path, html(body).replace("-新闻网", " - 越通社"))
    assert article.text.split("\n") == [P1, P2, "更多", "总理启程前往东京", "总理5月9日启程。"]
    assert (article.published, article.agency, article.url) == ("2022-05-08", "越通社", None)


# web archives -------------------------------------------------------------------------------------------------


def record(
    url: str, body: str | bytes, day: str = "2023-05-01", kind: str = "text/html; charset=utf-8", status: str = "200 OK"
) -> bytes:
    payload = body.encode() if isinstance(body, str) else body
    http = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(payload)}\r\n\r\n".encode() + payload
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: {day}T12:00:00Z\r\n"
        f"WARC-Record-ID: <urn:uuid:098c4f7e-6c3b-45e4-95d2-{abs(hash((url, day))) % 10**12:012d}>\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    )
    return head.encode() + http + b"\r\n\r\n"


PAGE = html(f"<p>{P1}</p><p>{P2}</p>")


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz"])
def test_warc(tmp_path: Path, name: str) -> None:
    records = [
        record("https://example.org/1", PAGE),
        record("https://example.org/logo.png", b"\x89PNG", kind="image/png"),
        record("https://example.org/gone", PAGE, status="404 Not Found"),
        record("https://example.org/2", PAGE.encode("gb18030"), kind="text/html; charset=gb2312"),
    ]
    data = b"".join(gzip.compress(entry) if name.endswith(".gz") else entry for entry in records)
    articles = read(write(tmp_path / name, data))
    assert [(article.id, article.text) for article in articles] == [
        ("https://example.org/1", f"{P1}\n{P2}"),
        ("https://example.org/2", f"{P1}\n{P2}"),
    ]


def test_one_address_several_times(tmp_path: Path) -> None:
    records = [record("https://example.org/1", PAGE, day) for day in ("2023-05-01", "2023-05-02", "2023-05-02")]
    assert [article.id for article in read(write(tmp_path / "a.warc", b"".join(records)))] == [
        "https://example.org/1",
        "https://example.org/1#2023-05-02",
        "https://example.org/1#2023-05-02-2",
    ]


def test_a_page_cannot_be_younger_than_its_storing(tmp_path: Path) -> None:
    path = write(tmp_path / "a.warc", record("https://example.org/2024/08/10/1.html", PAGE, "2023-05-01"))
    (article,) = read(path)
    assert article.published == "XXXX"
    assert article.notes == (
        "date 2024-08-10 is later than the day on which the page was stored, 2023-05-01: not used",
    )
