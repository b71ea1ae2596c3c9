"""Stored HTML: title, date, agency and the main text, one paragraph a line.

A publisher's own selectors come first (`packs/*/publishers/*.toml`), then the densest part of the page (`density`).
Lists of teasers are kept behind the text under their heading, so that the layout step makes items of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from selectolax.lexbor import LexborHTMLParser, LexborNode

from dragoman.article import Article
from dragoman.fold import fold
from dragoman.layout_rules import LayoutRules, Publisher, Selectors
from dragoman.sources.base import SourceOptions, Stream, Yield
from dragoman.sources.dates import edtf
from dragoman.sources.decode import declared_in, decode
from dragoman.sources.density import densest
from dragoman.sources.lines import lines_of

_CLUTTER = ["script", "style", "noscript", "iframe", "template", "svg", "button", "select", "object", "form > input"]
_META_DATES = (
    'meta[property="article:published_time"]',
    'meta[itemprop="datePublished"]',
    'meta[property="og:release_date"]',
    *(
        f'meta[name="{name}"]'
        for name in (
            "publishdate",
            "pubdate",
            "PubDate",
            "publish_time",
            "apub:time",
            "weibo: article:create_at",
            "parsely-pub-date",
            "DC.date.issued",
            "date",
        )
    ),
)
_JSON_DATE = re.compile(r'"(?:datePublished|publish_?[Tt]ime|pubDate)"\s{0,3}:\s{0,3}"([^"]{8,40})"')
_HEADINGS = "h2, h3, h4, h5, strong, b, dt, .title, .tit, .hd, .head"
_TEASERS = 12
#: Where templates print the time of publication, and how much may stand around it.
_DATED = ", ".join(
    f"[{where}*={word}]" for word in ("time", "date", "pub", "info", "credit") for where in ("class", "id")
)
_LONGEST_DATED = 60
_NAMES = re.compile(r"[.#]([\w-]{6,60})")
#: Only a large page is looked through for its depth.
_LARGE, _DEEPEST = 200_000, 4_000
_NESTING = re.compile(r"<(/?)(?:div|span|section|article|ul|ol|table|font|b|i|a|blockquote)\b", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{1,2000}>")
_SPACE = re.compile(r"\s+")


def read_html(stream: Stream, options: SourceOptions) -> Iterator[Yield]:
    """The page of one HTML file; the file's name is the document's id."""
    data, lost = stream.page(options.max_bytes)
    page = page_of(data, None, None, options, lost)
    yield replace(page, id=stream.name, origin=stream.at())


def page_of(
    data: bytes,
    url: str | None,
    charset: str | None,
    options: SourceOptions,
    lost: str | None = None,
) -> Article:
    """The Article of one page's bytes, under its address. Never fails: a page without a text gives one without.

    `charset` is what the server declares, `lost` why the bytes are not the whole page, if they are not.
    """
    declared = options.encoding or charset or declared_in(data)
    source, notes = decode(data, declared, whole=lost is None)
    return replace(_page(source, notes, url, options), lost=lost)


def _page(source: str, notes: tuple[str, ...], url: str | None, options: SourceOptions) -> Article:
    rules = options.layout_rules()
    if nested_too_deeply(source):
        notes = (*notes, "nested too deeply: tags removed, read as plain text")
        source = _TAG.sub("\n", source)
    # The parser ends a page at a NUL in places where a browser would not.
    tree = LexborHTMLParser(source.replace("\x00", "\ufffd"))
    url = url or _canonical(tree)
    publisher = rules.publisher_of(url) or _publisher_by_template(tree, source, rules)
    selectors = publisher.html if publisher else Selectors()
    title = _title(tree, selectors)
    # Scripts hold dates, and with some publishers the text: read them before they are thrown away.
    date = _date(tree, source, selectors, publisher)
    script_body = _script_body(source, selectors)
    agency = _agency(tree, selectors, rules, rules.publisher_of(url))
    author = _first_text(tree, selectors.author)
    tree.strip_tags([*_CLUTTER], recursive=True)
    text = "\n".join(_lines(tree, selectors, rules, script_body))
    return Article(
        id=url or "", text=text, title=title, published=date, url=url, agency=agency, author=author, notes=notes
    )


# the text ------------------------------------------------------------------------------------------------------------


def nested_too_deeply(source: str) -> bool:
    """Whether the parser, whose time grows with the depth of a page, would need minutes for it."""
    if len(source) < _LARGE:
        return False
    depth = 0
    for match in _NESTING.finditer(source):
        depth = max(0, depth - 1) if match[1] else depth + 1
        if depth > _DEEPEST:
            return True
    return False


def _lines(tree: LexborHTMLParser, selectors: Selectors, rules: LayoutRules, script_body: str | None) -> list[str]:
    teasers = _teasers(tree, selectors, rules)
    for selector in selectors.remove:
        for node in tree.css(selector):
            node.decompose()
    body = _body(tree, selectors)
    if not body and script_body:
        body = lines_of(LexborHTMLParser(script_body).body)
    lead = _first_text(tree, selectors.lead)
    if lead and body and _key(lead) not in _key("".join(body[:3])):
        body.insert(0, lead)
    if not body:
        summary = _first_text(tree, selectors.summary)
        body = [summary] if summary else lines_of(densest(tree))
    seen = set(map(_key, body))
    return body + [line for line in teasers if _key(line) not in seen]


def _body(tree: LexborHTMLParser, selectors: Selectors) -> list[str]:
    for selector in selectors.body:
        node = tree.css_first(selector)
        if node is None:
            continue
        # Some keep the article's HTML as the plain text of a form field.
        lines = lines_of(LexborHTMLParser(node.text()).body if node.tag == "textarea" else node)
        if sum(map(len, lines)) >= 20:
            return lines
    return []


def _script_body(source: str, selectors: Selectors) -> str | None:
    for variable in selectors.script_variables:
        start = rf"\b{re.escape(variable)}\s{{0,3}}=\s{{0,3}}"
        match = re.search(start + r"(['\"])((?:\\.|(?!\1)[^\\]){20,})\1", source)
        if match:
            return re.sub(r"\\(.)", lambda escape: {"n": "\n", "t": " "}.get(escape[1], escape[1]), match[2])
    return None


def _teasers(tree: LexborHTMLParser, selectors: Selectors, rules: LayoutRules) -> list[str]:
    """The heading and the lines of the page's list of teasers; nothing without a heading that says so."""
    for selector in selectors.teasers:
        for node in tree.css(selector)[:3]:
            lines = lines_of(node)
            if len(lines) > 1 and _is_teaser_heading(lines[0], rules):
                return lines[: 1 + 3 * _TEASERS]
    for heading in tree.css(_HEADINGS):
        text = _text(heading)
        if not 2 <= len(text) <= 16 or not _is_teaser_heading(text, rules):
            continue
        headlines = _links_near(heading)
        if headlines:
            return [text, *headlines]
    return []


def _links_near(heading: LexborNode) -> list[str]:
    node: LexborNode | None = heading.parent
    for _ in range(3):
        if node is None or node.tag in ("body", "html"):
            break
        links = [link for link in node.css("a") if link.mem_id != heading.mem_id]
        headlines = list(dict.fromkeys(text for link in links if 8 <= len(text := _text(link)) <= 60))
        if len(headlines) >= 2:
            return headlines[:_TEASERS]
        node = node.parent
    return []


def _is_teaser_heading(text: str, rules: LayoutRules) -> bool:
    return bool(rules.strong_heading.fullmatch(fold(text)))


# title, date, agency --------------------------------------------------------------------------------------------------


def _publisher_by_template(tree: LexborHTMLParser, source: str, rules: LayoutRules) -> Publisher | None:
    """Whose template a page without a known address is made with: most of its selectors fit, the body's among them.

    It only lends its selectors: several publishers may use one template.
    """
    best: Publisher | None = None
    most = 1
    for publisher in rules.publishers:
        html = publisher.html
        fitting = sum(
            _fits(tree, source, group) for group in (html.title, html.date, html.lead, html.captions, html.teasers)
        )
        if fitting + 1 > most and _fits(tree, source, html.body):
            best, most = publisher, fitting + 1
    return best


def _fits(tree: LexborHTMLParser, source: str, selectors: Iterable[str]) -> bool:
    """Whether a selector that is more than a plain name finds something (a look at the source spares most searches)."""
    for selector in selectors:
        names = _NAMES.findall(selector)
        if names and all(name in source for name in names) and tree.css_first(selector):
            return True
    return False


def _title(tree: LexborHTMLParser, selectors: Selectors) -> str | None:
    node = tree.css_first("title")
    whole = _text(node) if node else ""
    found = _first_text(tree, selectors.title)
    if found and len(found) >= 4:
        return found
    headings = (_text(heading) for heading in tree.css("h1, h2, h3"))
    inside = [text for text in headings if len(text) >= 6 and _key(text) in _key(whole)]
    if inside:
        return max(inside, key=len)
    return _meta(tree, ('meta[property="og:title"]',)) or whole or None


def _date(tree: LexborHTMLParser, source: str, selectors: Selectors, publisher: Publisher | None) -> str | None:
    offset = publisher.utc_offset if publisher else 8
    for selector in selectors.date:
        for dated in tree.css(selector)[:3]:
            date = edtf(dated.attributes.get("datetime"), offset) or edtf(_text(dated), offset)
            if date:
                return date
    for selector in _META_DATES:
        date = edtf(_meta(tree, (selector,)), offset)
        if date:
            return date
    match = _JSON_DATE.search(source)
    if match and (date := edtf(match[1], offset)):
        return date
    for node in tree.css("time")[:2]:
        if date := edtf(node.attributes.get("datetime"), offset) or edtf(_text(node), offset):
            return date
    for node in tree.css(_DATED)[:40]:
        text = _text(node)
        if 8 <= len(text) <= _LONGEST_DATED and (date := edtf(text, offset)):
            return date
    return None


def _agency(
    tree: LexborHTMLParser, selectors: Selectors, rules: LayoutRules, publisher: Publisher | None
) -> str | None:
    stated = _first_text(tree, selectors.source) or _meta(tree, ('meta[name="source"]', 'meta[name="Source"]'))
    if stated:
        known = rules.agency.search(fold(stated))
        if known:
            return stated[known.start() : known.end()]
        after = re.split(r"[:\uff1a]", stated)[-1].strip()
        if 2 <= len(after) <= 16:
            return after
    if publisher:
        return publisher.name
    # The portal's name behind the title.
    node = tree.css_first("title")
    tail = re.split(r"[-_|\u2014]", _text(node) if node else "")[1:]
    names = [fold(part).strip() for part in reversed(tail)]
    if any(name in rules.homes for name in names):
        return next(name for name in names if name in rules.homes)
    known = rules.agency.search("\n".join(names))
    return known[0] if known and known[0] in rules.homes else None


def _canonical(tree: LexborHTMLParser) -> str | None:
    node = tree.css_first('link[rel="canonical"]')
    address = (node.attributes.get("href") if node else None) or _meta(tree, ('meta[property="og:url"]',))
    return address.strip() if address and address.strip().startswith(("http://", "https://")) else None


def _meta(tree: LexborHTMLParser, selectors: Iterable[str]) -> str | None:
    for selector in selectors:
        node = tree.css_first(selector)
        content = node.attributes.get("content") if node else None
        if content and content.strip():
            return content.strip()
    return None


def _first_text(tree: LexborHTMLParser, selectors: Iterable[str]) -> str | None:
    for selector in selectors:
        node = tree.css_first(selector)
        text = _text(node) if node else ""
        if text:
            return text
    return None


def _text(node: LexborNode) -> str:
    return _SPACE.sub(" ", node.text()).strip()


def _key(text: str) -> str:
    return re.sub(r"\W", "", text)
