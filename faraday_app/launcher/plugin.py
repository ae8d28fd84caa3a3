"""What Faraday changes in Reflex's production bundle."""

from typing import Unpack

import reflex as rx
from reflex_base.plugins.base import CommonContext, Plugin, PostBuildContext

from faraday_app.launcher.stylesheet import trim_stylesheets


class LeanThemes(rx.plugins.RadixThemesPlugin):
    """Radix Themes with only the components that pages use.

    What a plugin names here, Reflex hands whole to components made at run time, of which Faraday has none: 36 KiB
    on every page. The package itself is still installed for the components that import it.
    """

    def get_frontend_dependencies(self, **context: Unpack[CommonContext]) -> tuple[str, ...]:
        return ()


class LeanBundle(Plugin):
    """Runs after the build and before its files are compressed."""

    def post_build(self, **context: Unpack[PostBuildContext]) -> None:
        trim_stylesheets(context["static_dir"])
