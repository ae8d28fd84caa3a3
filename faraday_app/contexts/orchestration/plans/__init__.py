"""What comes next when several GPTs answer a question. Pure: the same parts so far give the same next parts.

A lane is a GPT's place among them. A part that came to nothing does not end the others: the next step goes on with
those that answered.
"""

from collections.abc import Callable, Sequence

from faraday_app.contexts.models import Mode, Part
from faraday_app.contexts.orchestration.plans.choosing import chosen, fitting, router
from faraday_app.contexts.orchestration.plans.delegating import Task, delegate, tasks_of
from faraday_app.contexts.orchestration.plans.shapes import Ask, End, Next, Question, Said, Wanted
from faraday_app.contexts.orchestration.plans.together import (
    ROUNDS,
    VOTE,
    chain,
    compare,
    debate,
    synthesise,
    vote,
    voted,
)

ABOUT_THE_WAY = (Part.route, Part.plan)  # they answer nothing themselves


def following(mode: Mode, question: Question, said: Sequence[Said]) -> Next:
    """What comes after the parts so far, all of which are finished. The newest of each lane and step counts."""
    return _PLANS[mode](question, list({(each.lane, each.step): each for each in said}.values()))


_PLANS: dict[Mode, Callable[[Question, list[Said]], Next]] = {
    Mode.single: router,
    Mode.compare: compare,
    Mode.synthesise: synthesise,
    Mode.chain: chain,
    Mode.debate: debate,
    Mode.vote: vote,
    Mode.router: router,
    Mode.delegate: delegate,
}

__all__ = [
    "ABOUT_THE_WAY",
    "ROUNDS",
    "VOTE",
    "Ask",
    "End",
    "Next",
    "Question",
    "Said",
    "Task",
    "Wanted",
    "chosen",
    "fitting",
    "following",
    "tasks_of",
    "voted",
]
