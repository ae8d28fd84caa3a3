"""`platform-admin` beside a running app."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

from faraday_app.core.permissions import Permission
from tests.factories.people import email_of
from tests.factories.roles import as_now

ROOT = Path(__file__).parents[2]


async def command(*options):
    run = [sys.executable, "-m", "faraday_app", "platform-admin", *options]
    return await asyncio.to_thread(
        subprocess.run, run, cwd=ROOT, env=os.environ, capture_output=True, text=True, timeout=60, check=False
    )


class TestPlatformAdmin:
    async def test_is_appointed_and_withdrawn_from_the_console(self, cast):
        email = await email_of(cast.teacher)
        made = await command(email.upper())
        assert (made.returncode, made.stdout) == (0, "Maya Okafor is now a platform administrator.\n")
        assert (await as_now(cast.teacher)).may(Permission.organizations_manage)
        assert not (await as_now(cast.teacher)).could(Permission.people_manage)
        ended = await command(email, "--withdraw")
        assert "no platform administrator any more" in ended.stdout
        assert not (await as_now(cast.teacher)).could(Permission.platform_read)

    async def test_must_have_an_account(self, cast):
        refused = await command("nobody@test.example")
        assert (refused.returncode, "Nobody has the address" in refused.stderr) == (1, True)
