import os

import reflex as rx

from faraday_app.core.settings import settings
from faraday_app.launcher.plugin import LeanBundle, LeanThemes

_settings = settings()
# The browser uses the address of its page (see launcher.compile), except under hot reload.
_api_url = os.environ.get("FARADAY_DEV_API_URL", "http://localhost")

_theme = rx.theme(
    accent_color="iris", gray_color="slate", radius="medium", panel_background="solid", has_background=False
)

config = rx.Config(
    app_name="faraday_app",
    frontend_port=_settings.port,
    backend_port=_settings.port,
    backend_host=_settings.host,
    api_url=_api_url,
    deploy_url=None,
    cors_allowed_origins=_settings.origins,
    telemetry_enabled=False,
    show_built_with_reflex=False,
    state_manager_mode="redis" if os.environ.get("REFLEX_REDIS_URL") else "memory",
    plugins=[LeanThemes(theme=_theme), LeanBundle()],
    disable_plugins=[rx.plugins.SitemapPlugin],
    frontend_compression_formats=["brotli", "gzip"],
    trusted_proxy_hops=_settings.trusted_proxies,
)
