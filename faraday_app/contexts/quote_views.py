"""What a browser may know of prices, windows and receipts, and how it is put into words."""

from collections.abc import Sequence
from dataclasses import dataclass

from faraday_app.contexts.models import Given
from faraday_app.contexts.orchestration.quotes import Quote
from faraday_app.contexts.service.budgeting import Portion
from faraday_app.contexts.service.estimates import Accuracy, Estimate
from faraday_app.contexts.service.quotes import Cheaper
from faraday_app.contexts.service.receipts import Line, Receipt
from faraday_app.credits.views import credits_text

LABELS = {
    "instructions": "Instructions",
    Given.data.value: "Data",
    Given.knowledge.value: "Knowledge",
    Given.memory.value: "Memory",
    Given.summary.value: "Summary of old turns",
    "turns": "Earlier messages",
    "question": "Your message",
    "answer": "Kept free for the answer",
    "tools": "Tools, and room for what they find",
    "free": "Unused",
}


@dataclass(frozen=True, slots=True)
class PortionView:
    """A part of the window. ``part`` is how it is drawn, ``percent`` of the whole window, ``note`` what is left out."""

    part: str
    label: str
    tokens: str
    percent: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class QuoteView:
    """``cost`` is the range, ``details`` the rest in sentences; ``problem``: why it could not be sent now."""

    cost: str = ""
    likely: str = ""
    pays: str = ""
    details: str = ""
    problem: str = ""
    cheaper: str = ""
    cheaper_name: str = ""
    accuracy: str = ""


@dataclass(frozen=True, slots=True)
class GivenView:
    """A line of the receipt; ``key`` is empty for what cannot be left out."""

    id: str
    key: str
    title: str
    meta: str
    state: str
    tone: str
    left_out: bool


def portion_views(window: int, portions: Sequence[Portion]) -> list[PortionView]:
    """The parts in their order, and what is unused at the end."""
    unused = max(0, window - sum(each.tokens for each in portions))
    return [_portion(window, each) for each in (*portions, Portion("free", unused, 0))]


def _portion(window: int, portion: Portion) -> PortionView:
    named = LABELS.get(portion.part, portion.part.capitalize())
    counted = portion.part not in ("instructions", "question", "answer", "free")
    label = f"{named} ({portion.count})" if counted else named
    left = f"{portion.left_out} left out: no room" if portion.left_out else ""
    percent = round(portion.tokens * 100 / window) if window else 0
    return PortionView(portion.part, label, f"{portion.tokens:,}", percent, left)


def quote_view(quote: Quote) -> QuoteView:
    whole, cheaper = quote.whole, quote.cheaper
    return QuoteView(
        cost=range_text(whole),
        likely=f"{credits_text(whole.likely)} likely",
        pays=_pays(quote),
        details=_details(quote),
        problem=_problem(quote),
        cheaper=f"{cheaper.label}: {credits_text(cheaper.likely)} likely, quality {cheaper.tier} of 5"
        if cheaper
        else "",
        cheaper_name=cheaper.name if cheaper else "",
        accuracy=accuracy_text(quote.accuracy),
    )


def _cheaper(found: Cheaper) -> str:
    return f"{found.label}: {credits_text(found.likely)} likely, quality {found.tier} of 5"


def range_text(estimate: Estimate) -> str:
    """From the least to the most, in credits."""
    if not estimate.most:
        return "Free"
    least, most = credits_text(estimate.least), credits_text(estimate.most)
    return f"{most} credits" if least == most else f"{least}–{most} credits"


def accuracy_text(found: Accuracy) -> str:
    if found.percent is None:
        return "There is no answer yet by which estimates could be judged."
    answers = "1 answer" if found.answers == 1 else f"{found.answers:,} answers"
    return f"Estimates of the last 30 days were off by {found.percent:.0f} % at the median ({answers})."


def _pays(quote: Quote) -> str:
    if quote.payer is None:
        return "Your credits pay"
    least = max(0, quote.payer.available - quote.whole.most)
    return f"Your credits pay: {credits_text(quote.payer.available)} now, {credits_text(least)} or more afterwards"


def _details(quote: Quote) -> str:
    said = []
    if quote.calls > 1:
        said.append(f"{quote.mode.label}: up to {quote.calls} answers. The first step costs {range_text(quote.first)}.")
    if quote.rounds:
        likely = f"{quote.likely_rounds} as a rule" if quote.likely_rounds else "none as a rule"
        said.append(f"Tools can be used in up to {quote.rounds} rounds for an answer, {likely}; each reads all again.")
    if quote.budget is not None:
        said.append(f"Your limit for a question is {credits_text(quote.budget)} credits.")
    if (spread := quote.one.ready.spread) and spread.turns_left_out:
        said.append("Earlier messages that find no place are summarised afterwards, which you pay too.")
    return " ".join(said)


def _problem(quote: Quote) -> str:
    if not quote.affordable and quote.payer:
        needed, there = credits_text(quote.first.most), credits_text(quote.payer.available)
        return f"This sets {needed} credits aside, and you have {there}. Shorten it or choose a cheaper model."
    if quote.budget is not None and quote.first.most > quote.budget:
        return "The first step may cost more than your limit for a question."
    return ""


def given_views(receipt: Receipt) -> list[GivenView]:
    return [_given(number, line) for number, line in enumerate(receipt.lines)]


def _given(number: int, line: Line) -> GivenView:
    name = LABELS.get(line.kind, line.kind.capitalize())
    title = line.title or (f"{name} ({line.count})" if line.kind == "turns" else name)
    meta = [*([name, f"version {line.version}"] if line.title else []), f"up to {line.tokens:,} tokens"]
    if line.cost is not None and line.given:
        meta.append(f"{credits_text(line.cost)} credits")
    if line.why:
        meta.append(line.why)
    state, tone = ("Given", "green") if line.given else ("No room", "amber")
    if line.left_out:
        state, tone = "Left out from now on", "neutral"
    return GivenView(str(number), line.key, title, " · ".join(meta), state, tone, line.left_out)


def receipt_note(receipt: Receipt) -> str:
    """What is to be said of the whole."""
    if not receipt.lines:
        return "Nothing was kept about what this answer was given."
    said = []
    if receipt.window:
        said.append(f"Up to {receipt.tokens:,} tokens of a window of {receipt.window:,}.")
    if receipt.turns_left_out:
        many = "message" if receipt.turns_left_out == 1 else "messages"
        said.append(f"{receipt.turns_left_out} earlier {many} found no place.")
    return " ".join(said)
