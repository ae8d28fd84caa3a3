"""Who needs a second factor: the choice, and saving it."""

from datetime import timedelta
from typing import Any

import reflex as rx

from faraday_app import ui
from faraday_app.core.errors import FaradayError, Invalid
from faraday_app.core.permissions import Permission
from faraday_app.organizations.service import sign_in_policy
from faraday_app.organizations.service.sign_in_policy import LONGEST_GRACE, Required
from faraday_app.ui.guard import acting, allow
from faraday_app.ui.session import Viewer, passing
from faraday_app.ui.times import short


@passing
class SignInPolicyState(rx.State):
    loading: bool = True
    required: str = "nobody"
    grace: str = "7"
    since: str = ""
    error: str = ""
    grace_error: str = ""
    dirty: bool = False

    _version: int = 0

    @rx.event
    @allow(Permission.sign_in_manage)
    async def enter(self) -> None:
        zone = (await self.get_state(Viewer)).zone
        async with acting(self) as (session, actor):
            policy = await sign_in_policy.get_policy(session, actor.organization)
        self.required, self.grace, self._version = policy.required_for, str(policy.grace_days), policy.version
        self.error = self.grace_error = self.since = ""
        if policy.version and policy.required_for != Required.nobody:
            ends = short(policy.set_at + timedelta(days=policy.grace_days), zone)
            self.since = f"Set {short(policy.set_at, zone)}. From {ends} on nothing else works without a second factor."
        self.dirty = self.loading = False

    @rx.event
    @allow(Permission.sign_in_manage)
    async def set_required(self, required: str) -> None:
        self.required, self.dirty = (required if required in set(Required) else self.required), True

    @rx.event
    @allow(Permission.sign_in_manage)
    async def set_grace(self, days: str) -> None:
        self.grace, self.dirty, self.grace_error = str(days)[:4], True, ""

    @rx.event
    @allow(Permission.sign_in_manage)
    async def save(self) -> Any:
        self.error = self.grace_error = ""
        try:
            days = _days(self.grace)
            async with acting(self) as (session, actor):
                await sign_in_policy.set_policy(session, actor, Required(self.required), days, self._version)
        except Invalid as error:
            self.grace_error = error.message
        except FaradayError as error:
            self.error = error.message
        else:
            return [SignInPolicyState.enter, ui.notify("Saved. It holds from now on.")]
        return None


def _days(text: str) -> int:
    if not (text.isdecimal() and text.isascii()):
        raise Invalid(f"Enter a number of days from 0 to {LONGEST_GRACE}.", field="grace_days")
    return int(text)
