import os

import psycopg
import pytest

TRAIL = "audit_events, audit_seals, audit_blocks, audit_roots"


@pytest.fixture(scope="module")
def only_our_trail() -> None:
    """Without what other tests left in the trail: proving looks at everybody's, and there are thousands of schools."""
    url = os.environ["DATABASE_OWNER_URL"].replace("+psycopg", "")
    with psycopg.connect(url, options="-c app.system=on -c session_replication_role=replica") as owner:
        owner.execute(f"truncate {TRAIL}")  # type: ignore[arg-type]
