"""One answer to one question, and how it came about."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from faraday_app.core.authorization.conditions import Found, Truth, judge
from faraday_app.core.authorization.rules import PLATFORM, Effect, Holding, Resource, Rule, Subject, covers


@dataclass(frozen=True, slots=True)
class Step:
    """A rule that was looked at: from where it is, and whether it applied. It is put into words when they are read."""

    source: str
    about: Rule | str
    matched: bool
    because: Found | str

    @property
    def says(self) -> str:
        if isinstance(self.about, str):
            return self.about
        limits = f" ({self.about.conditions.words})" if self.about.conditions else ""
        return f"{self.about.effect.value.capitalize()} {self.about.pattern}{limits}"

    @property
    def why(self) -> str:
        if isinstance(self.because, str):
            return self.because
        if not self.because.why:
            return "It has no conditions."
        return f"{'Applies' if self.matched else 'Does not apply'}: {self.because.why}."


@dataclass(frozen=True, slots=True)
class Decision:
    allowed: bool
    trace: tuple[Step, ...]

    @property
    def reason(self) -> str:
        """The sentence that decided."""
        return self.trace[-1].why


def decide(
    subject: Subject, permission: str, resource: Resource | None, moment: datetime, address: str = ""
) -> Decision:
    """May the subject do this to that? A denial that applies beats every allowance; without an allowance: no.

    A condition whose fact is missing does not hold, so an allowance under it does not apply. Only a denial by address
    applies to an address that is not known.
    """
    if permission in PLATFORM:
        return _of_the_platform(subject, permission)
    if resource and resource.organization_id not in (None, subject.organization_id):
        step = Step("Organisation", "Nobody reaches into another", True, "The thing belongs to another organisation.")
        return Decision(
            False, (step, Step("Answer", permission, False, "Blocked: it belongs to another organisation."))
        )
    steps: list[Step] = []
    denied, allowed = "", ""
    for source, holding, rule in _rules(subject):
        if not covers(rule.pattern, permission):
            continue
        step = _step(source, holding, rule, subject, resource, moment, address)
        steps.append(step)
        if step.matched and rule.effect is Effect.deny:
            denied = denied or source
        elif step.matched:
            allowed = allowed or source
    return Decision(bool(allowed) and not denied, (*steps, _verdict(permission, allowed, denied)))


def _rules(subject: Subject) -> Iterator[tuple[str, Holding | None, Rule]]:
    for holding in subject.holdings:
        for role in holding.role.line():
            above = "" if role is holding.role else f", inherited by {holding.role.name}"
            for rule in role.rules:
                yield f"Role {role.name}{above}", holding, rule
    for rule in subject.rules:
        yield "Given directly", None, rule


def _step(
    source: str,
    holding: Holding | None,
    rule: Rule,
    subject: Subject,
    resource: Resource | None,
    moment: datetime,
    address: str,
) -> Step:
    if holding and not holding.lasts(moment):
        return Step(source, rule, False, f"The role was held until {_said(holding.expires_at)}.")
    if not rule.lasts(moment):
        return Step(source, rule, False, f"The rule ended {_said(rule.expires_at)}.")
    found = judge(rule.conditions, subject, resource, moment, address)
    cautious = found.truth is Truth.unknown_address and rule.effect is Effect.deny
    return Step(source, rule, found.truth is Truth.yes or cautious, found)


def _verdict(permission: str, allowed: str, denied: str) -> Step:
    if denied:
        why = f"Blocked: a denial beats every allowance. It comes from: {denied}."
    elif allowed:
        why = f"Allowed. It comes from: {allowed}."
    else:
        why = "Blocked: no rule that applies allows it."
    return Step("Answer", permission, bool(allowed) and not denied, why)


def _of_the_platform(subject: Subject, permission: str) -> Decision:
    said = "Only a platform administrator may; no role of an organisation gives it"
    why = "Allowed: a platform administrator." if subject.platform_admin else "Blocked: not a platform administrator."
    step = Step("Platform", said, subject.platform_admin, "It goes by the person, not by rules.")
    return Decision(subject.platform_admin, (step, Step("Answer", permission, subject.platform_admin, why)))


def _said(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment else ""
