"""What Faraday changes in Reflex's production bundle."""

from typing import Unpack

from reflex_base.plugins.base import Plugin, PostBuildContext

from faraday_app.launcher.stylesheet import trim_stylesheets


class LeanBundle(Plugin):
    """Runs after the build and before its files are compressed."""

    def post_build(self, **context: Unpack[PostBuildContext]) -> None:
        trim_stylesheets(context["static_dir"])
