"""What Faraday changes in Reflex's production bundle."""

from typing import Unpack

import reflex as rx
from reflex_base.plugins.base import CommonContext, Plugin, PostBuildContext, PreCompileContext

from faraday_app.launcher.stylesheet import trim_stylesheets


class LeanThemes(rx.plugins.RadixThemesPlugin):
    """Radix Themes with only the components that pages use.

    What a plugin names here, Reflex hands whole to components made at run time, of which Faraday has none: 36 KiB
    on every page. The package itself is still installed for the components that import it.
    """

    def get_frontend_dependencies(self, **context: Unpack[CommonContext]) -> tuple[str, ...]:
        return ()


_GROUPS = "codeSplitting: {\n          groups: ["
_ICONS = '{ test: /lucide-react/, name: "icons" },'


class LeanBundle(Plugin):
    """One file of icons in place of one for each, of which a page asks for two dozen; styles without what is not used.

    Styles are trimmed after the build and before its files are compressed.
    """

    def pre_compile(self, **context: Unpack[PreCompileContext]) -> None:
        context["add_modify_task"]("vite.config.js", together)

    def post_build(self, **context: Unpack[PostBuildContext]) -> None:
        trim_stylesheets(context["static_dir"])


def together(config: str) -> str:
    """The bundler's settings with all icons in one file."""
    if _GROUPS not in config:
        raise ValueError("Reflex writes the bundler's settings in another way: see where icons are put together.")
    return config.replace(_GROUPS, f"{_GROUPS}\n            {_ICONS}")
