"""How often: one generic cell rate algorithm, counted in Redis for all workers, or here where that is enough."""

from faraday_app.core.limits.gcra import Rule
from faraday_app.core.limits.policies import Endpoint, Subject
from faraday_app.core.limits.rate import Rate
from faraday_app.core.limits.shared import Decision, Local, Take, limiter

__all__ = ["Decision", "Endpoint", "Local", "Rate", "Rule", "Subject", "Take", "limiter"]
