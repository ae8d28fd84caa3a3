import os

import reflex as rx

from faraday_app.core.settings import settings

_settings = settings()

config = rx.Config(
    app_name="faraday_app",
    frontend_port=_settings.port,
    backend_port=_settings.port,
    backend_host=_settings.host,
    api_url=_settings.public_url or f"http://localhost:{_settings.port}",
    deploy_url=_settings.public_url or f"http://localhost:{_settings.port}",
    cors_allowed_origins=_settings.origins,
    telemetry_enabled=False,
    show_built_with_reflex=False,
    state_manager_mode="redis" if os.environ.get("REFLEX_REDIS_URL") else "memory",
    plugins=[rx.plugins.RadixThemesPlugin()],
    disable_plugins=[rx.plugins.SitemapPlugin],
    trusted_proxy_hops=_settings.trusted_proxies,
)
