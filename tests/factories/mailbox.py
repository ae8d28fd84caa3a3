"""A mail server that keeps what it is given: for tests of what people are sent."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from faraday_app.core.embedded import free_port


class Mailbox:
    """Everybody's letters. While ``refusing`` it takes nobody's."""

    def __init__(self, port: int) -> None:
        self.url = f"smtp://127.0.0.1:{port}"
        self.letters: list[EmailMessage] = []
        self.refusing = ""

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        if self.refusing:
            return self.refusing
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        letter = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        return "250 OK"

    def to(self, address: str) -> list[EmailMessage]:
        return [letter for letter in self.letters if letter["To"] == address]

    def awaited(self, address: str, number: int = 1, within: float = 15) -> EmailMessage:
        """The newest of so many letters to an address, once they have come; for journeys."""
        end = time.monotonic() + within
        while len(self.to(address)) < number:
            assert time.monotonic() < end, f"No letter came for {address}"
            time.sleep(0.1)
        return self.to(address)[-1]


def words_of(letter: EmailMessage) -> str:
    return str(letter.get_content()).replace("\r\n", "\n")


def link_in(letter: EmailMessage) -> str:
    """The one link of a letter."""
    links = re.findall(r"https?://\S+", words_of(letter))
    assert len(links) == 1, links
    return str(links[0])


def token_in(letter: EmailMessage) -> str:
    return link_in(letter).partition("token=")[2]


@contextmanager
def open_mailbox() -> Iterator[Mailbox]:
    port = free_port()
    box = Mailbox(port)
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    try:
        yield box
    finally:
        server.stop()
