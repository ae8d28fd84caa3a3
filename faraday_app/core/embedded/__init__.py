"""PostgreSQL, Valkey and a language model that come with Faraday and live in one folder.

What is configured by URL is not started. Whatever is started stops with its owner;
what a crash left running is found by its pid file and ended at the next start.
"""

from faraday_app.core.embedded.model import LocalModel
from faraday_app.core.embedded.postgres import Postgres
from faraday_app.core.embedded.process import AlreadyRunning, Service, ServiceFailed, free_port
from faraday_app.core.embedded.running import EmbeddedServices, ServiceUrls, embedded_services, sole_owner
from faraday_app.core.embedded.valkey import Valkey

__all__ = [
    "AlreadyRunning",
    "EmbeddedServices",
    "LocalModel",
    "Postgres",
    "Service",
    "ServiceFailed",
    "ServiceUrls",
    "Valkey",
    "embedded_services",
    "free_port",
    "sole_owner",
]
