"""The permissions as lines of the editor, in groups by what they are about."""

from collections.abc import Sequence
from itertools import groupby

from faraday_app.core.authorization import PLATFORM, Effect, RoleRules, Rule, covers
from faraday_app.core.permissions import Permission
from faraday_app.organizations.views.roles import RuleView, group_words, pattern_words
from faraday_app.ui.times import short


def lines(rules: dict[str, Rule], above: Sequence[RoleRules], *, built_in: bool = False) -> list[RuleView]:
    """One for each permission, after one for all of a group that has several; of a built-in role only what it has.

    ``above``: the roles that count as well, the nearest first.
    """
    found: list[RuleView] = []
    offered = sorted(each for each in Permission if each not in PLATFORM)
    if "*" in rules:
        found.append(_line("*", "Everything", rules, above))
    for resource, group in groupby(offered, key=lambda each: each.partition(":")[0]):
        patterns = [str(each) for each in group if not built_in or each in rules]
        whole = f"{resource}:*"
        if not built_in and (len(patterns) > 1 or whole in rules):
            patterns.insert(0, whole)
        heads = [group_words(resource), *[""] * len(patterns)]
        found += [_line(each, head, rules, above) for each, head in zip(patterns, heads, strict=False)]
    return found


def _line(pattern: str, head: str, rules: dict[str, Rule], above: Sequence[RoleRules]) -> RuleView:
    rule = rules.get(pattern)
    limits = ""
    if rule:
        until = f"until {short(rule.expires_at, 'UTC')} UTC" if rule.expires_at else ""
        limits = " · ".join(part for part in (rule.conditions.words, until) if part)
    inherited = _inherited(pattern, above) or _by_group(pattern, rules)
    return RuleView(pattern, head, pattern_words(pattern), inherited, rule.effect.value if rule else "", limits)


def _inherited(pattern: str, above: Sequence[RoleRules]) -> str:
    """What comes from above; a denial there beats whatever is allowed here."""
    found = [(role, rule) for role in above for rule in role.rules if _about(rule, pattern)]
    denials = [(role, rule) for role, rule in found if rule.effect is Effect.deny]
    for role, rule in denials or found:
        said = "Denied" if rule.effect is Effect.deny else "Allowed"
        return f"{said} by {role.name}{' under conditions' if rule.conditions else ''}"
    return ""


def _by_group(pattern: str, rules: dict[str, Rule]) -> str:
    wider = [rule for rule in rules.values() if rule.pattern != pattern and _about(rule, pattern)]
    denials = [rule for rule in wider if rule.effect is Effect.deny]
    for rule in denials or wider:
        said = "Denied" if rule.effect is Effect.deny else "Allowed"
        return f"{said} with “{pattern_words(rule.pattern)}”"
    return ""


def _about(rule: Rule, pattern: str) -> bool:
    return rule.pattern == pattern or ("*" not in pattern and covers(rule.pattern, pattern))
