"""What the browser fetches for the look."""

import json
import re
import struct
from pathlib import Path

import pytest

from faraday_app.ui.theme import STYLESHEETS, head_components

ASSETS = Path(__file__).parents[2] / "assets"
STYLES = [ASSETS / path.lstrip("/") for path in STYLESHEETS]

# Radix Colors 3, light: the grounds on which toned text stands (steps 3 and 4).
GROUNDS = {
    "green": ("#e6f6eb", "#d6f1df"),
    "amber": ("#fff7c2", "#ffee9c"),
    "red": ("#feebec", "#ffdbdc"),
    "cyan": ("#def7f9", "#caf1f6"),
}


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


class TestFont:
    def test_the_file_every_page_preloads_is_small(self):
        assert (ASSETS / "fonts/inter-latin.woff2").stat().st_size <= 50 * 1024

    def test_is_preloaded_from_our_own_assets(self):
        head = " ".join(str(component) for component in head_components())
        assert "/fonts/inter-latin.woff2" in head
        assert "https://" not in head

    def test_comes_with_its_licence(self):
        assert "SIL Open Font License" in (ASSETS / "fonts/OFL.txt").read_text()

    def test_never_blocks_text(self):
        faces = re.findall(r"@font-face \{[^}]*woff2[^}]*\}", STYLES[0].read_text())
        assert faces
        assert all("font-display: swap" in face for face in faces)


class TestManifest:
    def test_its_icons_exist_in_the_size_it_says(self):
        icons = json.loads((ASSETS / "manifest.webmanifest").read_text())["icons"]
        pictures = [icon for icon in icons if icon["type"] == "image/png"]
        assert {icon["sizes"] for icon in pictures} == {"192x192", "512x512"}
        for icon in pictures:
            width, height = struct.unpack(">II", (ASSETS / icon["src"].lstrip("/")).read_bytes()[16:24])
            assert icon["sizes"] == f"{width}x{height}"


class TestStylesheets:
    @pytest.mark.parametrize("tone", GROUNDS)
    def test_toned_text_can_be_read_on_its_ground(self, tone):
        colour = re.search(rf"--{tone}-text: (#[0-9a-f]{{6}})", STYLES[0].read_text())
        assert colour
        assert min(_contrast(colour[1], ground) for ground in GROUNDS[tone]) >= 4.5

    def test_use_only_the_scales_that_stay_in_the_build(self):
        text = " ".join(path.read_text() for path in STYLES)
        used = set(re.findall(r"var\(--([a-z]+)-\d+\)", text))
        assert used <= {"gray", "slate", "iris", "red", "amber", "green", "blue", "cyan"}

    def test_no_name_is_of_two_minds(self):
        """What stands alone in a rule of one sheet is styled in no other, where it would happen to be loaded later."""
        homes: dict[str, set[str]] = {}
        for path in STYLES:
            if path.name != "base.css":
                for name in re.findall(r"^ *\.([\w-]+) \{", path.read_text(), re.MULTILINE):
                    homes.setdefault(name, set()).add(path.name)
        assert {name: sheets for name, sheets in homes.items() if len(sheets) > 1} == {}

    def test_fetch_nothing_from_elsewhere(self):
        for path in STYLES:
            assert not re.search(r"url\([\"']?https?:|@import", path.read_text())
