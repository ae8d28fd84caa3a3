"""Words of a program: what it does, without what it calls things. Names, strings and numbers are one word each.

Comments, documentation and white space are left out, and so are lines for the preprocessor, which all programs share.
One pattern for each family of languages, in time that grows with the length: what is handed in is not to be trusted,
and lexers made for colouring can take minutes over a file (Pygments over 100,000 empty lines of Java).
"""

import re
from pathlib import PurePath
from typing import Final

from faraday_app.coursework.similarity.documents import SIGN, Document, Kind

NAME, STRING, NUMBER = "name", "string", "number"
_ENDINGS: Final = {
    "hash": "py pyw rb sh bash zsh pl pm r jl nim ex exs coffee ps1 tcl",
    "slashes": """
        c h cc cpp cxx hpp hh ino java js jsx mjs cjs ts tsx cs go rs swift kt kts scala dart groovy php d zig sol css
        scss less
        """,
    "dashes": "sql hs lua elm adb ads vhd vhdl",
    "percent": "m erl",
    "semicolon": "lisp lsp scm rkt clj cljs asm s",
    "quote": "vb bas",
    "markup": "html htm xml svg vue",
}
_FAMILY: Final = {ending: family for family, endings in _ENDINGS.items() for ending in endings.split()}
_BLOCK: Final = r"/\*.*?(?:\*/|\Z)"
_COMMENTS: Final = {
    "hash": r"\#[^\n]*",
    "slashes": rf"//[^\n]*|{_BLOCK}|\#[ \t]{{0,9}}(?:include|define|undef|if|ifn?def|else|elif|endif|pragma)\b[^\n]*",
    "dashes": rf"--\[\[.*?(?:\]\]|\Z)|--[^\n]*|\{{-.*?(?:-\}}|\Z)|{_BLOCK}",
    "percent": r"%[^\n]*",
    "semicolon": r";[^\n]*",
    "quote": r"'[^\n]*",
    "markup": rf"<!--.*?(?:-->|\Z)|{_BLOCK}",
}
_LONG: Final = r"""[rbfu]{0,2}(?:\"{3}.*?(?:\"{3}|\Z)|'{3}.*?(?:'{3}|\Z))"""
# A quotation mark that nothing closes within so far stands by itself.
_SHORT: Final = r"""[rbfu]{0,2}(?:\"(?:[^\"\\\n]|\\.){0,400}+\"|'(?:[^'\\\n]|\\.){0,400}+'|`(?:[^`\\]|\\.){0,400}+`)"""
_WORD: Final = {
    family: re.compile(
        rf"(?P<comment>{comment})|(?P<long>{_LONG})|(?P<short>{_SHORT})|(?P<number>\d[\w.]*)|(?P<name>\w+)|[^\w\s]",
        re.DOTALL | re.IGNORECASE,
    )
    for family, comment in _COMMENTS.items()
}
# What stays as it is: nobody can give these another name.
_KEPT: Final = """
    abstract and as assert async await begin bool boolean break by byte case catch char class const continue
    create def default del delegate delete distinct do double elif else elseif elsif end enum except exists
    extends false final finally float fn for foreach from func function global goto group having if impl
    implements import in include inner insert instanceof int interface internal into is join lambda left let like
    limit local long loop match mod module mut namespace new nil none nonlocal not null object on operator or
    order outer override package pass private protected pub public raise ref repeat require rescue return right
    select self set short sizeof static string struct super switch table template then this throw throws trait
    true try type typedef typename typeof union unless unsigned until update use using val values var virtual void
    volatile when where while with xor yield
    """
_BUILT_IN: Final = """
    abs all any dict enumerate filter input isinstance len list map max min open print range reversed round sorted str
    sum tuple zip
    """
_KEPT_WORDS: Final = frozenset(_KEPT.split())
_KEPT_IN_SCRIPTS: Final = _KEPT_WORDS.union(_BUILT_IN.split())
_LINE: Final = re.compile(
    r"[;{}]\s*$|^\s*(?:def|class|if|elif|else|for|while|try|except|with|switch|case)\b.*[:{]\s*$"
    r"|^\s*(?:import|from|return|include|using|public|private|static|var|let|const|function|package)\b\s+[\w.{*<]+"
    r"|^\s*#\s*include\b|^\s*[\w.\[\]]+\s*[-+*/]?=\s*\S|^\s*[\w.]+\(.*\)\s*$"
)
_PYTHON: Final = re.compile(
    r"^[ \t]*(?:def|class|if|elif|else|for|while|with|try)\b[^{};\n]*:[ \t]*(?:#.*)?$", re.MULTILINE
)


def read_code(text: str, name: str = "") -> Document:
    """By the language that the ending of the file's name tells, or the text."""
    family = family_of(name) or ("hash" if _PYTHON.search(text) else "slashes")
    kept = _KEPT_IN_SCRIPTS if family == "hash" else _KEPT_WORDS
    words: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    before = 0
    for match in _WORD[family].finditer(text):
        word = _word(match, kept)
        if match.lastgroup == "long" and _documents(text[before : match.start()], words):
            word = ""
        before = match.end()
        if word:
            words.append(word)
            starts.append(match.start())
            ends.append(match.end())
    return Document(Kind.code, tuple(words), tuple(starts), tuple(ends), bytes([SIGN]) * len(words), bytes(len(words)))


def _word(match: re.Match[str], kept: frozenset[str]) -> str:
    """Nothing for what is left out."""
    whole = match.group()
    sort = match.lastgroup
    if sort == "name":
        return whole.lower() if whole.lower() in kept else NAME
    return {"comment": "", "long": STRING, "short": STRING, "number": NUMBER}.get(sort or "", whole)


def _documents(gap: str, words: list[str]) -> bool:
    """Whether a long string after this gap stands alone on its line, and is the value of nothing."""
    return not words or (("\n" in gap or "\r" in gap) and words[-1] not in "([{,=+")


def family_of(name: str) -> str | None:
    """Of a program with this file name; None for prose and what is not known."""
    return _FAMILY.get(PurePath(name).suffix.lower().lstrip("."))


def looks_like_code(text: str) -> bool:
    """Whether at least half of the lines read like a program's."""
    lines = [line for line in text.splitlines() if line.strip()]
    return len(lines) >= 3 and sum(_LINE.search(line) is not None for line in lines) * 2 >= len(lines)
