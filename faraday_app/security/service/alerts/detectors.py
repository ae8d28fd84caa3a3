"""What counts as a reason to alert: one pure function each, from a window of facts to the causes in it.

Another domain adds its own with ``DETECTORS.append(...)``; the actions it looks at go into ``WATCHED``.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from itertools import pairwise
from statistics import median

from faraday_app.core.permissions import Role
from faraday_app.security.service.alerts.window import (
    Cause,
    Event,
    SignIn,
    Thresholds,
    Window,
    bucket,
    crossings,
    grouped,
    ids_of,
)
from faraday_app.security.service.countries import distance, name_of

Detector = Callable[[Window, Thresholds], Iterable[Cause]]

HOUR = timedelta(hours=1)
NEAR = 500  # kilometres that the middles of neighbours may lie apart without anybody travelling
FOUNDING = timedelta(minutes=5)
REFUSALS_SPAN = timedelta(minutes=10)
CROWD = 4  # times as many accounts, where everybody usually signs in from one address

# Read as the window's exports, its changes, its failures and its refusals.
EXPORTS = {"audit.exported", "context.exported", "data.exported", "people.exported"}
RIGHTS = {"role.assigned", "role.changed", "role.deleted", "role.term_changed", "role.withdrawn", "rules.changed"}
WATCHED = {"membership.changed", "membership.created", "factor.reset", *RIGHTS}
FAILURES = {"session.refused"}
REFUSALS = {"access.refused"}


def impossible_travel(window: Window, limits: Thresholds) -> Iterable[Cause]:
    """Two sign-ins of one person, farther apart than anybody travels. From a device they use, a VPN is likelier."""
    for sign_ins in grouped(window.sign_ins, lambda each: each.user_id).values():
        placed = [each for each in sign_ins if each.country]
        for before, after in pairwise(placed):
            kilometres = max(distance(before.country, after.country) - NEAR, 0)
            hours = max((after.at - before.at) / HOUR, 1 / 60)
            if after.at >= window.since and kilometres / hours > limits.travel_speed:
                yield _travel(window, before, after, sign_ins)


def _travel(window: Window, before: SignIn, after: SignIn, sign_ins: Sequence[SignIn]) -> Cause:
    known = bool(after.device) and any(each.device == after.device and each.at < after.at for each in sign_ins)
    minutes = max(int((after.at - before.at).total_seconds() // 60), 1)
    name, apart = window.name(after.user_id), distance(before.country, after.country)
    return Cause(
        key=f"travel:{after.id}",
        kind="travel",
        severity="low" if known else "high",
        title=f"{name} signed in from two countries within {_spoken(minutes)}",
        text=f"First from {name_of(before.country)} ({before.address}), then from {name_of(after.country)} "
        f"({after.address}), about {round(apart, -2):,.0f} km apart. "
        + ("The browser is one they have used before: a VPN is likely." if known else "Ask them whether it was them."),
        happened_at=after.at,
        evidence=(before.id, after.id),
        subject_id=after.user_id,
        address=after.address,
    )


def many_accounts_from_one_address(window: Window, limits: Thresholds) -> Iterable[Cause]:
    """Somebody tries a list of stolen passwords. People who mistype where they usually are count only as a crowd."""
    span = timedelta(minutes=limits.window_minutes)
    for address, failures in grouped(window.failures, lambda each: each.address).items():
        strangers = [each for each in failures if (each.target_id, address) not in window.familiar]
        found = [
            *crossings(strangers, span, limits.accounts_per_address, lambda each: each.target_id),
            *crossings(failures, span, limits.accounts_per_address * CROWD, lambda each: each.target_id),
        ]
        for events in found if address else ():
            if events[-1].at >= window.since:
                accounts = len({each.target_id for each in events})
                yield Cause(
                    key=f"stuffing:address:{address}:{bucket(events[-1].at, span)}",
                    kind="stuffing",
                    severity="high",
                    title=f"{accounts} accounts were tried from one address",
                    text=f"{len(events)} sign-ins failed from {address} within {_spoken(limits.window_minutes)}. "
                    "Consider blocking the address, and look at who signed in from it.",
                    happened_at=events[-1].at,
                    evidence=ids_of(events),
                    address=address,
                )


def one_account_from_many_addresses(window: Window, limits: Thresholds) -> Iterable[Cause]:
    """Somebody wants one account and hides where they come from."""
    span = timedelta(minutes=limits.window_minutes)
    for user_id, failures in grouped(window.failures, lambda each: each.target_id).items():
        strange = [each for each in failures if each.address and (user_id, each.address) not in window.familiar]
        for events in crossings(strange, span, limits.addresses_per_account, lambda each: each.address):
            if events[-1].at >= window.since and user_id:
                addresses = len({each.address for each in events})
                yield Cause(
                    key=f"stuffing:account:{user_id}:{bucket(events[-1].at, span)}",
                    kind="stuffing",
                    severity="high",
                    title=f"Sign-in as {window.name(user_id)} failed from {addresses} addresses",
                    text=f"{len(events)} attempts within {_spoken(limits.window_minutes)}, none from where they "
                    "usually sign in. Tell them, and have them choose a new password if it was not them.",
                    happened_at=events[-1].at,
                    evidence=ids_of(events),
                    subject_id=user_id,
                )


def export_spike(window: Window, limits: Thresholds) -> Iterable[Cause]:
    """One person takes out far more within an hour than they usually do in an hour in which they take out anything."""
    for user_id, exports in grouped(window.exports, lambda each: each.actor_id).items():
        usual = _usual_per_hour([each for each in exports if each.at < window.since - HOUR])
        limit = int(max(limits.exports_minimum, limits.exports_factor * usual)) + 1
        for events in crossings(exports, HOUR, limit):
            if events[-1].at >= window.since and user_id:
                name = events[-1].actor_name or window.name(user_id)
                yield Cause(
                    key=f"exports:{user_id}:{bucket(events[-1].at, HOUR)}",
                    kind="exports",
                    severity="medium",
                    title=f"{name} exported {len(events)} times within an hour",
                    text=f"They usually export {usual:g} times in an hour in which they export at all. "
                    "Ask what the data is for.",
                    happened_at=events[-1].at,
                    evidence=ids_of(events),
                    subject_id=user_id,
                    address=events[-1].address,
                )


def _usual_per_hour(exports: Sequence[Event]) -> float:
    hours = Counter(bucket(each.at, HOUR) for each in exports)
    return float(median(hours.values())) if hours else 0.0


def new_administrator(window: Window, limits: Thresholds) -> Iterable[Cause]:
    """Somebody got an administrator's power, by what they are or by a role or rule. Founders are no news."""
    for event in window.changes:
        made = _made_administrators(event)
        if not made or event.at < window.since:
            continue
        if window.founded and event.at - window.founded < FOUNDING:
            continue
        yield Cause(
            key=f"administrator:{event.id}",
            kind="administrator",
            severity="medium",
            title=_new_administrators(made),
            text=f"{event.actor_name or 'Somebody'} {_HOW.get(event.action, 'made them one')}. Administrators may "
            "change everything here.",
            happened_at=event.at,
            evidence=(event.id,),
            address=event.address,
        )


_HOW = {
    "role.assigned": "gave them a role",
    "role.changed": "changed a role that they have",
    "role.deleted": "deleted a role that had kept them from it",
    "role.term_changed": "changed how long they have a role",
    "role.withdrawn": "took a role from them that had kept them from it",
    "rules.changed": "changed the rules for them",
}


def _new_administrators(names: Sequence[str]) -> str:
    if len(names) == 1:
        return f"{names[0]} is now an administrator"
    first, last = (names[:-1], names[-1]) if len(names) <= 3 else (names[:2], f"{len(names) - 2} others")
    return f"{', '.join(first)} and {last} are now administrators"


def _made_administrators(event: Event) -> list[str]:
    """Their names. What a change of roles or rules made of people stands in the event itself."""
    if event.action in RIGHTS:
        return [str(name) for name in event.details.get("administrators") or ()]
    before, after = event.details.get("before") or {}, event.details.get("after") or {}
    became = event.action == "membership.changed" and before.get("role") != after.get("role") == Role.administrator
    joined = event.action == "membership.created" and after.get("role") == Role.administrator
    return [str(event.details.get("name") or "Somebody")] if became or joined else []


def reset_of_a_guardian(window: Window, limits: Thresholds) -> Iterable[Cause]:
    """Two-factor sign-in of somebody who looks after security was reset: for a while a password is enough."""
    for event in window.changes:
        if event.action == "factor.reset" and event.target_id in window.guardians and event.at >= window.since:
            yield Cause(
                key=f"reset:{event.id}",
                kind="reset",
                severity="high",
                title=f"Two-factor sign-in of {window.name(event.target_id)} was reset",
                text=f"By {event.actor_name or 'somebody'}. Until they set it up again, their password is enough.",
                happened_at=event.at,
                evidence=(event.id,),
                subject_id=event.target_id,
                address=event.address,
            )


def probing(window: Window, limits: Thresholds) -> Iterable[Cause]:
    """Somebody asks again and again for what their role does not allow: pages do not, programs do."""
    for user_id, refusals in grouped(window.refusals, lambda each: each.actor_id).items():
        single = [each for each in refusals for _ in range(min(int(each.details.get("count", 1)), limits.refusals))]
        for events in crossings(single, REFUSALS_SPAN, limits.refusals):
            if events[-1].at >= window.since and user_id:
                evidence = tuple(dict.fromkeys(ids_of(events)))
                yield Cause(
                    key=f"probing:{user_id}:{bucket(events[-1].at, REFUSALS_SPAN)}",
                    kind="probing",
                    severity="medium",
                    title=f"{events[-1].actor_name or window.name(user_id)} asks for what they may not do",
                    text=f"At least {len(events)} refusals within 10 minutes. A page does not do that: somebody "
                    "may be trying what a stolen session can reach. Consider signing them out.",
                    happened_at=events[-1].at,
                    evidence=evidence,
                    subject_id=user_id,
                    address=events[-1].address,
                )


def key_abroad(window: Window, limits: Thresholds) -> Iterable[Cause]:
    """An API key is used from a country from which it never was."""
    for key_id, sightings in grouped(window.sightings, lambda each: each.target_id).items():
        for number, event in enumerate(sightings):
            if not number or event.at < window.since:
                continue
            name, country = str(event.details.get("name", "")), str(event.details.get("country", ""))
            before = ", ".join(dict.fromkeys(name_of(str(each.details.get("country"))) for each in sightings[:number]))
            yield Cause(
                key=f"key:{key_id}:{country}",
                kind="key",
                severity="medium",
                title=f"API key “{name}” was used from {name_of(country)}",
                text=f"From {event.address}. Until now it was used from {before}. Ask {event.actor_name} whether "
                "their program has moved; if not, revoke the key.",
                happened_at=event.at,
                evidence=(event.id,),
                subject_id=event.actor_id,
                address=event.address,
            )


DETECTORS: list[Detector] = [
    impossible_travel,
    many_accounts_from_one_address,
    one_account_from_many_addresses,
    export_spike,
    new_administrator,
    reset_of_a_guardian,
    probing,
    key_abroad,
]


def detect(window: Window, limits: Thresholds) -> list[Cause]:
    """Every cause in the window, oldest first, each key once."""
    found = {cause.key: cause for detector in DETECTORS for cause in detector(window, limits)}
    return sorted(found.values(), key=lambda cause: cause.happened_at)


def _spoken(minutes: int) -> str:
    if minutes < 60:
        return f"{minutes} minute{'s' if minutes != 1 else ''}"
    hours = round(minutes / 60)
    return f"{hours} hour{'s' if hours != 1 else ''}"
