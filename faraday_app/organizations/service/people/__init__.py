"""The members of an organisation: find them, change what they are, let them go."""

from faraday_app.organizations.service.people.changing import (
    add_member,
    change_member,
    deactivate,
    reactivate,
    sign_out_everywhere,
)
from faraday_app.organizations.service.people.finding import (
    PAGE,
    PeopleFilter,
    Person,
    candidates,
    colleagues,
    count,
    get_person,
    named,
    read_person,
    search,
    thing,
)

__all__ = [
    "PAGE",
    "PeopleFilter",
    "Person",
    "add_member",
    "candidates",
    "change_member",
    "colleagues",
    "count",
    "deactivate",
    "get_person",
    "named",
    "reactivate",
    "read_person",
    "search",
    "sign_out_everywhere",
    "thing",
]
