"""The one connection to Redis or Valkey: facts, stream logs, presence."""

from functools import lru_cache

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisTimeoutError

from faraday_app.core.settings import settings

__all__ = ["RedisError", "redis"]


@lru_cache(maxsize=1)
def redis() -> Redis:
    """The shared client. It reconnects by itself; a command fails after about a second without a server."""
    return Redis.from_url(
        settings().redis_url.get_secret_value(),
        decode_responses=True,
        health_check_interval=15,
        socket_connect_timeout=1,
        retry=Retry(ExponentialBackoff(cap=0.3, base=0.02), retries=4),
        retry_on_error=[RedisConnectionError, RedisTimeoutError],
        max_connections=200,
    )
