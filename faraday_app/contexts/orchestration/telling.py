"""What the parts about the way of a question tell: who was chosen and why."""

from faraday_app.contexts.models import Mode, Part
from faraday_app.contexts.orchestration.plans import chosen
from faraday_app.contexts.service.lanes import Lanes


def choice(found: Lanes) -> str:
    """Why this GPT answers, where one was chosen for the question; empty until then."""
    route = next((part for part in found.parts if part.part == Part.route), None)
    answer = next((part for part in found.parts if part.part == Part.final), None)
    if found.orchestration.mode != Mode.router or answer is None:
        return ""
    name = found.gpts[answer.lane].name
    lane, why = chosen(route.content, len(found.gpts)) if route else (None, "")
    if route and lane == answer.lane:
        return f"{route.model} chose {name}" + (f": {why}" if why else ".")
    reason = (route.error if route else "") or "The model that was to choose named nobody."
    return f"{reason} {name} was taken by the words that it shares with the question."
