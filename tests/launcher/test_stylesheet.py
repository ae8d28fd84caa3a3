"""Only unused colours leave the stylesheet."""

import pytest

from faraday_app.launcher.stylesheet import trim

CSS = (
    ":root,.light{--plum-1:#fefcff;--plum-a12:#1234;--plum-contrast:white;--iris-9:#5b5bd6;--iris-a3:#fff}"
    "@supports (color:color(display-p3 1 1 1)){@media (color-gamut:p3){:root{--plum-1:color(display-p3 1 1 1)}"
    ".dark{--iris-9:color(display-p3 .3 .3 .8)}}}"
    '[data-accent-color=plum]{--accent-1:var(--plum-1)}[data-accent-color="iris"]{--accent-1:var(--iris-1)}'
    ":is(.a,.b),.x[data-accent-color=plum],.y[data-accent-color=iris]{color:red}"
    "@keyframes spin{0%{opacity:0}to{opacity:1}}.rt-Card:where(.plum){margin:0}"
)


class TestTrim:
    @pytest.mark.parametrize("gone", ["--plum-1", "--plum-a12", "--plum-contrast", "[data-accent-color=plum]"])
    def test_drops_an_unused_colour_everywhere(self, gone: str) -> None:
        assert gone not in trim(CSS)

    @pytest.mark.parametrize(
        "kept",
        [
            "--iris-9:#5b5bd6;--iris-a3:#fff",
            ".dark{--iris-9:color(display-p3 .3 .3 .8)}",
            '[data-accent-color="iris"]{--accent-1:var(--iris-1)}',
            ":is(.a,.b),.y[data-accent-color=iris]{color:red}",
            "@keyframes spin{0%{opacity:0}to{opacity:1}}",
            ".rt-Card:where(.plum){margin:0}",
        ],
    )
    def test_keeps_everything_else_as_it_was(self, kept: str) -> None:
        assert kept in trim(CSS)

    def test_leaves_no_empty_rule_and_no_open_brace(self) -> None:
        assert "{}" not in trim(CSS)
        assert trim(CSS).count("{") == trim(CSS).count("}")
