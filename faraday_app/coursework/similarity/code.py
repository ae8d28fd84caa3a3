"""Words of a program: what it does, without what it calls things. Names, strings and numbers are one word each.

Comments, documentation and white space are left out, and so are lines for the preprocessor, which all programs share.
"""

import re
from functools import lru_cache
from pathlib import PurePath
from typing import Any, Final

from pygments.lexers import find_lexer_class_for_filename, get_lexer_by_name
from pygments.token import Comment, Keyword, Name, Number, String, Token

from faraday_app.coursework.similarity.documents import SIGN, Document, Kind

NAME, STRING, NUMBER = "name", "string", "number"
# What Pygments has a lexer for and people write prose in.
_PROSE: Final = frozenset({"text", "md", "markdown", "rst", "tex", "latex", "output", "csv", "groff", "asciidoc"})
_LINE: Final = re.compile(
    r"[;{}]\s*$|^\s*(?:def|class|if|elif|else|for|while|try|except|with|switch|case)\b.*[:{]\s*$"
    r"|^\s*(?:import|from|return|include|using|public|private|static|var|let|const|function|package)\b\s+[\w.{*<]+"
    r"|^\s*#\s*include\b|^\s*[\w.\[\]]+\s*[-+*/]?=\s*\S|^\s*[\w.]+\(.*\)\s*$"
)
_PYTHON: Final = re.compile(r"^\s*(?:def|class|if|elif|else|for|while|with|try)\b[^{};]*:\s*(?:#.*)?$", re.MULTILINE)


def read_code(text: str, name: str = "") -> Document:
    """By the language that the ending of the file's name tells, or the text."""
    lexer = get_lexer_by_name(language_of(name) or ("python" if _PYTHON.search(text) else "java"))
    words: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    plain = text.replace("\r\n", " \n").replace("\r", "\n") + "\n"
    for at, kind, value in lexer.get_tokens_unprocessed(plain):
        word = _word(kind, value)
        if not word:
            continue
        start = at + len(value) - len(value.lstrip())
        end = min(at + len(value.rstrip()), len(text))
        if word == STRING and words and words[-1] == STRING and ends[-1] == start:
            ends[-1] = end
            continue
        words.append(word)
        starts.append(start)
        ends.append(end)
    return Document(Kind.code, tuple(words), tuple(starts), tuple(ends), bytes([SIGN]) * len(words), bytes(len(words)))


@lru_cache(maxsize=256)
def _sort(kind: Any) -> str | None:
    """The word for all of this kind; nothing where they are left out, and None where each is its own."""
    if kind in Comment or kind in String.Doc:
        return ""
    if kind in Name.Builtin or kind in Keyword:
        return None
    for sort, word in ((Name, NAME), (String, STRING), (Number, NUMBER)):
        if kind in sort:
            return word
    return None


def _word(kind: Any, value: str) -> str:
    if kind is Token.Text.Whitespace or not value.strip():
        return ""
    word = _sort(kind)
    return value.strip().casefold() if word is None else word


def language_of(name: str) -> str | None:
    """Of a program with this file name, as Pygments calls it; None for prose and what it does not know."""
    ending = PurePath(name).suffix.lower()
    return _language(ending) if ending and len(ending) <= 12 else None


@lru_cache(maxsize=512)
def _language(ending: str) -> str | None:
    lexer = find_lexer_class_for_filename(f"a{ending}")
    if lexer is None or not lexer.aliases or lexer.aliases[0] in _PROSE:
        return None
    return str(lexer.aliases[0])


def looks_like_code(text: str) -> bool:
    """Whether at least half of the lines read like a program's."""
    lines = [line for line in text.splitlines() if line.strip()]
    return len(lines) >= 3 and sum(_LINE.search(line) is not None for line in lines) * 2 >= len(lines)
