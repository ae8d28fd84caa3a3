"""What the people of the demo school do beforehand, through the services and against the instance's database."""

from collections.abc import Sequence
from uuid import UUID

from benchmarks.people import Person
from faraday_app.contexts.models import Access
from faraday_app.contexts.service import branches, conversations, sharing
from faraday_app.core.database import transaction
from faraday_app.core.permissions import Actor
from faraday_app.organizations.service import actor_of_session


async def actor_of(person: Person) -> Actor:
    """The same person, for calling services."""
    actor = await actor_of_session(person.session_token)
    assert actor
    return actor


async def give_conversations(people: Sequence[Person], count: int) -> None:
    """A list as long as this for each; those there are count."""
    for person in people:
        actor = await actor_of(person)
        async with transaction(actor) as session:
            have = len(await conversations.search(session, actor, limit=count))
            for number in range(have, count):
                await conversations.begin(session, actor, f"Lesson {number + 1}: fractions and decimals")


async def begin_conversation(person: Person, title: str, *readers: Person) -> UUID:
    """A conversation of this person that the readers may read."""
    owner = await actor_of(person)
    async with transaction(owner) as session:
        context = await conversations.begin(session, owner, title)
        for reader in readers:
            await sharing.share(session, owner, context.id, (await actor_of(reader)).user, Access.viewer)
    return context.id


async def first_token_ms(person: Person, context_id: UUID) -> int:
    """What Faraday noted of its newest answer: from asking the model to its first token."""
    actor = await actor_of(person)
    async with transaction(actor) as session:
        shown = await branches.branch(session, actor, context_id)
    return shown[-1].message.first_token_ms or 0
