"""Whether configured services can be used, said in one sentence before anything starts."""

import psycopg
import redis
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from faraday_app.launcher.refusal import Refusal

OLDEST_POSTGRES = 15


def check_database(address: str, *, owner: bool = False) -> str:
    """The URL in the form the app uses, once the server, the role and its rights are found good."""
    name = "DATABASE_OWNER_URL" if owner else "DATABASE_URL"
    url = _parse(name, address)
    try:
        with psycopg.connect(url.set(drivername="postgresql").render_as_string(False), connect_timeout=5) as connection:
            version = connection.info.server_version // 10000
            bypasses = connection.execute(
                "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
    except psycopg.OperationalError as problem:
        raise Refusal(f"{name} cannot be used: {_why(problem, url)}") from problem
    if version < OLDEST_POSTGRES:
        raise Refusal(f"{name} is PostgreSQL {version}; Faraday needs {OLDEST_POSTGRES} or newer.")
    if not owner and bypasses and bypasses[0]:
        raise Refusal(
            f"{name}: the role {url.username} bypasses row-level security; use one without SUPERUSER and BYPASSRLS "
            "(DATABASE_OWNER_URL may be the owner)."
        )
    return url.render_as_string(hide_password=False)


def _parse(name: str, address: str) -> URL:
    try:
        url = make_url(address)
    except ArgumentError:
        raise Refusal(f"{name} is not an address such as postgresql://user:password@host/database.") from None
    if url.get_backend_name() not in {"postgresql", "postgres"}:
        raise Refusal(f"{name} must be a PostgreSQL address, not {url.get_backend_name()}.")
    return url.set(drivername="postgresql+psycopg")


def _why(problem: psycopg.OperationalError, url: URL) -> str:
    text = str(problem)
    place = f"{url.host or 'the local socket'}:{url.port or 5432}"
    if "password" in text:
        return f"the server refuses the password of {url.username}."
    if "does not exist" in text:
        return text.strip().splitlines()[-1].split("FATAL:")[-1].strip() + "."
    if any(words in text for words in ("resolve", "refused", "timeout", "No such file", "unreachable")):
        return f"no PostgreSQL answers at {place}."
    return text.strip().splitlines()[-1]


def check_redis(address: str) -> None:
    try:
        with redis.Redis.from_url(address, socket_connect_timeout=5, socket_timeout=5) as client:
            client.ping()
    except ValueError:
        raise Refusal("REDIS_URL is not an address such as redis://:password@host:6379/0.") from None
    except redis.AuthenticationError:
        raise Refusal("REDIS_URL cannot be used: the server refuses the password.") from None
    except redis.RedisError:
        raise Refusal("REDIS_URL cannot be used: no Redis or Valkey answers there.") from None
