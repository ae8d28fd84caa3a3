"""GPTs, and conversations in which several of them answer."""

import asyncio
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from faraday_app.contexts.models import Gpt, Message, Mode
from faraday_app.contexts.service import gpts
from faraday_app.core.database import transaction
from faraday_app.core.permissions import Actor
from tests.factories.contexts import begin

SHORT = {"model": "auto", "longest_answer": 12}


async def make_gpt(actor: Actor, name: str = "Nova", **more) -> Gpt:
    async with transaction(actor) as session:
        return await gpts.create(session, actor, gpts.Draft(name, **{**SHORT, **more}))
