"""Verify the audit trail beside a running Faraday, or without one."""

import sys
import time
from collections.abc import Callable

from sqlalchemy import make_url

from faraday_app.core.settings import settings
from faraday_app.launcher.rotation import database_beside


def audit_verify(say: Callable[[str], None]) -> None:
    """Says what does not fit and ends with 1, or says how much was found as it was written."""
    from faraday_app.security.service.verifying import Outcome, verify

    begun, outcome = time.monotonic(), Outcome()
    with database_beside(settings()):
        url = make_url(settings().database_url.get_secret_value()).set(drivername="postgresql")
        findings = verify(url.render_as_string(hide_password=False), outcome)
    for finding in findings:
        say(str(finding))
    if findings:
        say("The audit trail was tampered with.")
        sys.exit(1)
    say(
        f"{outcome.events:,} events in {outcome.blocks:,} blocks are as they were sealed"
        f" ({outcome.unsealed:,} wait to be) in {time.monotonic() - begun:.1f} s."
    )
