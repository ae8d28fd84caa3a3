"""Roll-call of the HTTP routes."""

from faraday_app.core.http import health
from faraday_app.organizations import auth

ROUTERS = [health.router, auth.router]
