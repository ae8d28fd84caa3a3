"""What a change would do to people, as a page shows it."""

from collections.abc import Iterable

from faraday_app.core.permissions import Permission
from faraday_app.organizations.service.what_if import WhatIf
from faraday_app.organizations.views.roles import DifferenceView, permission_words
from faraday_app.ui.session import initials_of, tone_of


def shown(found: WhatIf) -> list[DifferenceView]:
    return [
        DifferenceView(
            str(each.user_id),
            each.name,
            initials_of(each.name),
            tone_of(each.user_id),
            _words(each.gains),
            _words(each.losses),
        )
        for each in found.shown
    ]


def summary(found: WhatIf) -> str:
    """For how many something changes, of how many it could."""
    if not found.holders:
        return "Nobody has this role yet: nothing changes until you give it to somebody."
    if not found.total:
        return f"Nothing changes for the {_people(found.holders)} who have it."
    more = f" The first {len(found.shown)} are shown." if found.total > len(found.shown) else ""
    return f"Something changes for {_people(found.total)}.{more}"


def summary_of_one(found: WhatIf) -> str:
    """For one person alone."""
    if not found.holders:
        return "This person is not a member here any more."
    return "This changes what they may:" if found.total else "Nothing changes for them at this moment."


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count:,} people"


def _words(permissions: Iterable[Permission]) -> str:
    return ", ".join(permission_words(each).lower().replace("api ", "API ") for each in permissions)
