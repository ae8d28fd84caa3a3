"""The words that conversations and their answers are told apart by."""

from enum import StrEnum


class Access(StrEnum):
    viewer = "viewer"
    editor = "editor"
    owner = "owner"

    @property
    def may_write(self) -> bool:
        return self is not Access.viewer


class Author(StrEnum):
    person = "person"
    model = "model"


class Status(StrEnum):
    running = "running"
    complete = "complete"
    stopped = "stopped"
    failed = "failed"


class Mode(StrEnum):
    """How the GPTs of a conversation answer a question together."""

    single = "single"
    compare = "compare"
    synthesise = "synthesise"
    chain = "chain"
    debate = "debate"
    vote = "vote"
    router = "router"
    delegate = "delegate"

    @property
    def label(self) -> str:
        return {
            "single": "One answers",
            "compare": "Compare",
            "synthesise": "Merge into one",
            "chain": "One after another",
            "debate": "Debate",
            "vote": "Vote",
            "router": "Whoever fits best",
            "delegate": "Plan and share out",
        }[self.value]

    @property
    def about(self) -> str:
        return {
            "single": "The first GPT answers.",
            "compare": "All answer at once. You keep the best.",
            "synthesise": "All draft at once; the first merges the drafts and lists where they disagree.",
            "chain": "Each goes on from the answer of the one before.",
            "debate": "Two rounds in which all see what the others said; then the first judges.",
            "vote": "All answer, then all vote. The answer with the most votes is kept.",
            "router": "A cheap model chooses who fits the question best; where it cannot, the words they share do.",
            "delegate": "The first makes a plan, the others do its steps, and the first writes the whole.",
        }[self.value]


class Part(StrEnum):
    """What a message is to the question that several GPTs were asked."""

    answer = "answer"
    draft = "draft"
    final = "final"
    judge = "judge"
    route = "route"
    plan = "plan"


class Given(StrEnum):
    """Where something that a model is given beside the conversation comes from."""

    data = "data"
    knowledge = "knowledge"
    memory = "memory"
    shared = "shared"
    summary = "summary"


class Subject(StrEnum):
    """What there are versions of."""

    gpt = "gpt"
    conversation = "conversation"


class Reason(StrEnum):
    """Why there is a version."""

    made = "made"
    changed = "changed"
    kept = "kept"
    restored = "restored"
    branched = "branched"
    imported = "imported"
    set_aside = "set_aside"
    archived = "archived"
    unarchived = "unarchived"

    @property
    def label(self) -> str:
        return {
            "made": "Made",
            "changed": "Changed",
            "kept": "As it was",
            "restored": "Restored",
            "branched": "Branched off",
            "imported": "Imported",
            "set_aside": "Set aside when merging",
            "archived": "Archived",
            "unarchived": "Brought back",
        }[self.value]


class DataKind(StrEnum):
    """What an item of data is to whoever looks at it."""

    text = "text"
    file = "file"
    table = "table"
    link = "link"
    note = "note"

    @property
    def label(self) -> str:
        return self.value.capitalize()


class Reading(StrEnum):
    """How far the text of a file is known."""

    reading = "reading"
    ready = "ready"
    failed = "failed"


class Audience(StrEnum):
    """Who may use a template beside its owner."""

    me = "me"
    roles = "roles"
    organization = "organization"

    @property
    def label(self) -> str:
        return {"me": "Only you", "roles": "Some roles", "organization": "Everybody"}[self.value]
