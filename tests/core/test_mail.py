from datetime import timedelta

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError

from faraday_app.core import mail
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.ids import new_id
from faraday_app.core.mail.models import OutgoingMail
from faraday_app.core.mail.service import MOST_ATTEMPTS
from faraday_app.core.permissions import Actor
from tests.factories.mailbox import words_of


@pytest.fixture
def address():
    return f"{new_id().hex}@test.example"


async def post(address, subject="Hello", text="A secret: xyzzy\n"):
    async with transaction(Actor.system()) as session:
        await mail.post(session, address, subject, text)


async def waiting(address):
    async with transaction(Actor.system()) as session:
        return await session.scalar(select(OutgoingMail).where(OutgoingMail.recipient == address))


async def let_it_be_due():
    async with transaction(Actor.system()) as session:
        await session.execute(update(OutgoingMail).values(due_at=now() - timedelta(seconds=1)))


class TestPost:
    async def test_sends_after_the_transaction_and_keeps_nothing(self, mailbox, address):
        await post(address)
        assert mailbox.to(address) == []
        assert await mail.deliver_waiting() >= 1
        assert words_of(mailbox.to(address)[0]) == "A secret: xyzzy\n"
        assert await waiting(address) is None

    async def test_keeps_no_word_that_can_be_read(self, mailbox, address):
        await post(address)
        assert "xyzzy" not in (await waiting(address)).model_dump_json()
        await mail.deliver_waiting()

    async def test_sends_nothing_of_a_transaction_that_failed(self, mailbox, address):
        async def fail():
            async with transaction(Actor.system()) as session:
                await mail.post(session, address, "Hello", "Never")
                await session.execute(text("insert into users default values"))

        with pytest.raises(IntegrityError):
            await fail()
        await mail.deliver_waiting()
        assert mailbox.to(address) == []

    async def test_does_nothing_where_no_e_mail_can_be_sent(self, address):
        await post(address)
        assert await waiting(address) is None

    async def test_takes_no_header_from_a_subject(self, mailbox, address):
        await post(address, subject="Hello\r\nBcc: somebody@else.example")
        await mail.deliver_waiting()
        letter = mailbox.to(address)[0]
        assert letter["Bcc"] is None
        assert letter["Subject"] == "Hello Bcc: somebody@else.example"


class TestDeliverWaiting:
    async def test_tries_again_later_and_then_sends_it(self, mailbox, address):
        mailbox.refusing = "451 Come back later"
        await post(address)
        await mail.deliver_waiting()
        put_off = await waiting(address)
        assert put_off.attempts == 1
        assert put_off.due_at > now() + timedelta(seconds=20)
        mailbox.refusing = ""
        assert await mail.deliver_waiting() == 0
        await let_it_be_due()
        await mail.deliver_waiting()
        assert len(mailbox.to(address)) == 1
        assert await waiting(address) is None

    async def test_does_not_insist_where_there_is_no_such_mailbox(self, mailbox, address):
        mailbox.refusing = "550 No such user"
        await post(address)
        await mail.deliver_waiting()
        assert await waiting(address) is None

    async def test_gives_up_at_last(self, mailbox, address):
        mailbox.refusing = "451 Come back later"
        await post(address)
        async with transaction(Actor.system()) as session:
            await session.execute(update(OutgoingMail).values(attempts=MOST_ATTEMPTS - 1))
        await mail.deliver_waiting()
        assert await waiting(address) is None


class TestLetter:
    def test_greets_says_why_and_holds_one_link(self):
        text = mail.letter("Maya Okafor", "One.", "Two.", link="https://x.example/y", link_says="Open", why="because.")
        assert text == "Hello Maya,\n\nOne.\nTwo.\n\nOpen:\nhttps://x.example/y\n\nYou get this because.\n\nFaraday\n"

    @pytest.mark.parametrize("name", ["", "  "])
    def test_greets_whom_it_does_not_know(self, name):
        assert mail.letter(name, "One.", why="because.").startswith("Hello,\n")
