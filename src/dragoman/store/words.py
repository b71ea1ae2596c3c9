"""Chinese words for SQLite's full-text search, which by itself takes a whole clause for one word.

A run of Chinese characters is indexed as its pairs and its last character. A word of two or more is then a phrase of
pairs, a single character the beginning of a pair, and each is found exactly where it stands as a substring.
"""

from __future__ import annotations

import re

from dragoman.fold import fold

#: Han, kana, bopomofo and hangul; whatever is written without spaces.
_JOINED = (
    "\u2e80-\u2fdf\u3005-\u3007\u3040-\u312f\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
_RUN = re.compile(f"([{_JOINED}]+)|([^\\W_{_JOINED}]+)")


def tokens(text: str) -> str:
    """The tokens of a text, separated by blanks; traditional characters as simplified ones."""
    return " ".join(_tokens(text))


def query(words: str) -> str | None:
    """The FTS5 expression for words that must all stand in a text (blanks separate them); None if there is no word."""
    phrases = [phrase for word in fold(words).split() if (phrase := _phrase(word))]
    return " AND ".join(phrases) or None


def _tokens(text: str) -> list[str]:
    found: list[str] = []
    for match in _RUN.finditer(fold(text)):
        run = match[1]
        if run is None:
            found.append(match[2])
        else:
            found += [run[at : at + 2] for at in range(len(run))]
    return found


def _phrase(word: str) -> str | None:
    found = _tokens(word)
    last = _RUN.findall(fold(word))[-1][0] if found else ""
    if len(last) > 1:
        found.pop()  # where the word ends the text may go on
    return f'"{" ".join(found)}"' + ("*" if len(last) == 1 else "") if found else None
