"""Where on an unknown page the article is: the node under which most sentences stand that are not links.

Every stretch of text that is no link votes for the block around it, that block's parent and, less, its grandparent: by
its length and its commas. The node with most votes is the body. Time is linear in the page.
"""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

_BLOCKS = frozenset(
    {
        "p",
        "div",
        "td",
        "li",
        "section",
        "article",
        "blockquote",
        "dd",
        "pre",
        "main",
        "center",
        "body",
        "figure",
        "h1",
        "h2",
        "h3",
        "h4",
    }
)
_ASIDE = re.compile(
    "comment|footer|foot-|copyright|sidebar|side-|recommend|related|share|breadcrumb|nav|menu|login|banner|advert|rank|"
    "hot-?news",
    re.IGNORECASE,
)
_STOPS = re.compile("[\u3002\uff0c\uff1b\uff01\uff1f,;\u3001\u201d]")
_SHORT = 12


def densest(tree: LexborHTMLParser) -> LexborNode | None:
    """The node that holds the page's main text, cleared of lists of links; None if there is no text."""
    root = tree.body or tree.root
    if root is None:
        return None
    _clear(root)
    votes: dict[int, float] = {}
    nodes: dict[int, LexborNode] = {}
    for text_node in root.traverse(include_text=True):
        if not text_node.is_text_node:
            continue
        text = (text_node.text_content or "").strip()
        if len(text) < _SHORT:
            continue
        block, linked = _block_of(text_node)
        if block is None or linked:
            continue
        weight = len(text) * (0.2 + min(1.0, 8 * len(_STOPS.findall(text)) / len(text)))
        for share in (0.6, 1.0, 0.4):
            if block is None:
                break
            votes[block.mem_id] = votes.get(block.mem_id, 0.0) + weight * share
            nodes[block.mem_id] = block
            if block.tag == "body":
                break
            block = block.parent
    if not votes:
        return root
    best = nodes[max(votes, key=lambda node: votes[node])]
    return _widened(best, votes)


def _widened(best: LexborNode, votes: dict[int, float]) -> LexborNode:
    """A page may split its text over sibling blocks: their parent is taken if it gathers clearly more."""
    while True:
        parent = best.parent
        if parent is None or parent.tag in ("body", "html"):
            return best
        if votes.get(parent.mem_id, 0.0) <= 0.9 * votes[best.mem_id]:
            return best
        best = parent


def _block_of(node: LexborNode) -> tuple[LexborNode | None, bool]:
    """The block around a text node, and whether a link lies between."""
    linked = False
    parent = node.parent
    while parent is not None and parent.tag not in _BLOCKS:
        linked = linked or parent.tag == "a"
        parent = parent.parent
    return parent, linked


def _clear(root: LexborNode) -> None:
    """Take out what is never text: navigation, footers, and lists that are mostly links."""
    for node in root.css("nav, footer, header, aside, form, select"):
        if node.css_first("article, h1") is None:
            node.decompose()
    for node in root.css("div, section, ul, ol, dl, table"):
        name = f"{node.attributes.get('id') or ''} {node.attributes.get('class') or ''}"
        if _ASIDE.search(name) and node.css_first("h1, article") is None and len(node.css("p")) < 4:
            node.decompose()
    for node in root.css("ul, ol, dl"):
        text = len(node.text(strip=True))
        links = sum(len(link.text(strip=True)) for link in node.css("a"))
        if text and links > 0.6 * text:
            node.decompose()
