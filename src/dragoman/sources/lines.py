"""The text below an HTML node as lines: one a paragraph, heading, caption or list entry."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

_BREAKS = frozenset(
    {
        "address",
        "article",
        "aside",
        "blockquote",
        "br",
        "caption",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "tr",
        "ul",
    }
)
_SILENT = frozenset(("script", "style", "noscript", "template", "head", "title", "svg", "iframe"))
_BLANKS = re.compile(r"[ \t\r\n\f\v\u00a0\u3000]+")


def lines_of(node: LexborNode | None) -> list[str]:
    """The lines, without the blanks around them; blanks within a line are kept but run together.

    The tree is walked with a stack of its own: pages may be nested deeper than Python's recursion goes.
    """
    if node is None:
        return []
    lines: list[str] = []
    current: list[str] = []

    def end_line() -> None:
        text = _BLANKS.sub(" ", "".join(current)).strip()
        if text:
            lines.append(text)
        current.clear()

    # (node, whether its children are done)
    stack: list[tuple[LexborNode, bool]] = [(node, False)]
    while stack:
        top, done = stack.pop()
        tag = top.tag or ""
        if done:
            end_line()
            continue
        if top.is_text_node:
            current.append(top.text_content or "")
            continue
        if tag in _SILENT or top.is_comment_node:
            continue
        if tag in _BREAKS:
            end_line()
            stack.append((top, True))
        children = []
        child = top.first_child
        while child is not None:
            children.append(child)
            child = child.next
        stack.extend((child, False) for child in reversed(children))
    end_line()
    return lines
