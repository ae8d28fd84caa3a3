"""Roles and rules as they stand in the audit trail: plain, complete, and readable by a person."""

from datetime import datetime
from typing import Any

from faraday_app.core.authorization import Conditions, Effect, Rule
from faraday_app.organizations.service.subjects import RoleDraft


def rules_document(rules: tuple[Rule, ...]) -> dict[str, Any]:
    """By pattern: "allow" or "deny", with the conditions and the end where there are any."""
    return {rule.pattern: _rule(rule) for rule in sorted(rules, key=lambda rule: rule.pattern)}


def rules_from(document: dict[str, Any]) -> tuple[Rule, ...]:
    return tuple(_from(pattern, said) for pattern, said in sorted(document.items()))


def role_document(draft: RoleDraft) -> dict[str, Any]:
    return {
        "name": draft.name,
        "description": draft.description,
        "parent": draft.parent,
        "rules": rules_document(draft.rules),
    }


def moment_text(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


def _rule(rule: Rule) -> Any:
    said: dict[str, Any] = {"effect": rule.effect.value}
    if rule.conditions:
        said["conditions"] = rule.conditions.model_dump(mode="json", exclude_defaults=True)
    if rule.expires_at:
        said["expires_at"] = moment_text(rule.expires_at)
    return said if len(said) > 1 else rule.effect.value


def _from(pattern: str, said: Any) -> Rule:
    if isinstance(said, str):
        return Rule(Effect(said), pattern)
    until = datetime.fromisoformat(said["expires_at"]) if "expires_at" in said else None
    return Rule(Effect(said["effect"]), pattern, Conditions.model_validate(said.get("conditions", {})), until)
