"""Trim the Radix stylesheet to the colours Faraday uses.

It arrives with thirty colour scales, each light, dark, translucent and wide-gamut:
a fifth of the first page's weight. What is dropped here can still be written in
code, it only has no colour then; keep KEPT in step with the theme.
"""

import re
from pathlib import Path

# fmt: off
ALL = frozenset({
    "amber", "black-a", "blue", "bronze", "brown", "crimson", "cyan", "gold", "grass", "gray", "green", "indigo",
    "iris", "jade", "lime", "mauve", "mint", "olive", "orange", "pink", "plum", "purple", "red", "ruby", "sage",
    "sand", "sky", "slate", "teal", "tomato", "violet", "white-a", "yellow",
})
# fmt: on
KEPT = frozenset({"amber", "black-a", "blue", "cyan", "gray", "green", "iris", "red", "slate", "white-a"})
UNUSED = ALL - KEPT

_names = "|".join(sorted(UNUSED, key=len, reverse=True))
_SCALE = re.compile(rf"--(?:{_names})-(?:a?\d{{1,2}}|contrast|surface|indicator|track)\s*:[^;}}]*;?")
_SELECTOR = re.compile(rf"\[data-(?:accent|gray)-color=[\"']?(?:{_names})[\"']?\]")
_RULE = re.compile(r"(?P<selector>[^{}@;]+)\{(?P<body>[^{}]*)\}")
_EMPTY = re.compile(r"(?:@(?:supports|media|layer)[^{};]*|[^{}@;]+)\{\s*\}")


def trim_stylesheets(folder: Path) -> int:
    """Rewrite every stylesheet under the folder in place; returns the bytes saved."""
    saved = 0
    for path in folder.rglob("*.css"):
        css = path.read_text()
        if "--gray-a12" not in css:
            continue  # only Radix's own
        trimmed = trim(css)
        path.write_text(trimmed)
        saved += len(css) - len(trimmed)
    return saved


def trim(css: str) -> str:
    """The stylesheet without the variables and selectors of unused colours; every other rule as it was."""
    css = _RULE.sub(_without_unused, _SCALE.sub("", css))
    while (shorter := _EMPTY.sub("", css)) != css:
        css = shorter
    return css


def _without_unused(rule: re.Match[str]) -> str:
    if not _SELECTOR.search(rule["selector"]):
        return rule[0]
    kept = [part for part in _split(rule["selector"]) if not _SELECTOR.search(part)]
    return f"{','.join(kept)}{{{rule['body']}}}" if kept else ""


def _split(selectors: str) -> list[str]:
    """At the commas outside parentheses."""
    parts, depth, start = [], 0, 0
    for place, letter in enumerate(selectors):
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth == 0:
            parts.append(selectors[start:place])
            start = place + 1
    return [*parts, selectors[start:]]
