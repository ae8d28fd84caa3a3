"""Who has which role where, in both versions of the format."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from faraday_app.classes.oneroster.records import Package, Status, Version


@dataclass(frozen=True, slots=True)
class Held:
    role: str
    org_id: str
    primary: bool = True
    begins: date | None = None
    ends: date | None = None


def roles_held(package: Package) -> Mapping[str, tuple[Held, ...]]:
    """By the person's id, primary ones first. In 1.1 a person has one role, in each of their organisations."""
    held: dict[str, list[Held]] = {}
    if package.version is Version.v1_1:
        for person in package.users:
            held[person.sourced_id] = [Held(person.role, org_id) for org_id in person.org_ids]
    for role in package.roles:
        if role.status is Status.active:
            found = Held(role.role, role.org_id, role.role_type == "primary", role.begins, role.ends)
            held.setdefault(role.user_id, []).append(found)
    return {person: tuple(sorted(roles, key=lambda each: not each.primary)) for person, roles in held.items()}
