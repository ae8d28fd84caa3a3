from faraday_app.contexts.models.conversations import Context, Member, Message, Run
from faraday_app.contexts.models.gpts import Gpt, Orchestration
from faraday_app.contexts.models.kinds import Access, Author, Given, Mode, Part, Status

__all__ = [
    "Access",
    "Author",
    "Context",
    "Given",
    "Gpt",
    "Member",
    "Message",
    "Mode",
    "Orchestration",
    "Part",
    "Run",
    "Status",
]
