"""What is found to be wrong or worth knowing, and what one click does about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from faraday_app.core.errors import Invalid


class Severity(StrEnum):
    error = "error"
    warning = "warning"


class Remedy(StrEnum):
    """What can be done about it with one click."""

    remove_gpt = "remove_gpt"
    choose_auto = "choose_auto"
    answer_alone = "answer_alone"
    gpt_auto = "gpt_auto"
    drop_tools = "drop_tools"
    read_again = "read_again"
    remove_file = "remove_file"
    renew_share = "renew_share"
    end_share = "end_share"
    note_share = "note_share"

    @property
    def label(self) -> str:
        return {
            "remove_gpt": "Remove it",
            "choose_auto": "Let the model be chosen for each question",
            "answer_alone": "Let one answer",
            "gpt_auto": "Let its model be chosen for each question",
            "drop_tools": "Take the tool from it",
            "read_again": "Read it again",
            "remove_file": "Remove the file",
            "renew_share": "Give it as it is now",
            "end_share": "End the share",
            "note_share": "Take note",
        }[self.value]


@dataclass(frozen=True, slots=True)
class Finding:
    """``target`` is what it is about, where it is about one thing: a GPT, or a file or share of the GPT ``of``."""

    severity: Severity
    text: str
    remedy: Remedy | None = None
    target: UUID | None = None
    of: UUID | None = None


def must_be_sound(findings: Sequence[Finding]) -> None:
    """Invalid with the first error, which is the one to mend first."""
    for finding in findings:
        if finding.severity is Severity.error:
            raise Invalid(finding.text)
