from faraday_app.contexts.models import personal as personal
from faraday_app.contexts.models.backups import Backup, BackupSchedule, BackupState, Every, Restore, RestoreState
from faraday_app.contexts.models.conversations import Context, Member, Message, Run
from faraday_app.contexts.models.data import DataItem, KnowledgeFile, Passage, StoredFile
from faraday_app.contexts.models.gpts import Gpt, Orchestration
from faraday_app.contexts.models.imports import Import, ImportedContext, ImportState
from faraday_app.contexts.models.kinds import (
    Access,
    Audience,
    Author,
    DataKind,
    Given,
    Mode,
    Part,
    Reading,
    Reason,
    Status,
    Subject,
)
from faraday_app.contexts.models.memory import (
    Forgotten,
    Gone,
    LookStatus,
    Memory,
    MemoryKind,
    MemoryLook,
    MemoryRights,
    MemoryScope,
    MemoryStatus,
)
from faraday_app.contexts.models.shares import GptShare, SharePart, ShareStatus
from faraday_app.contexts.models.summaries import Stage, TurnSummary
from faraday_app.contexts.models.templates import Pin, Template, TemplateTrial, TemplateUse, TemplateVersion
from faraday_app.contexts.models.versions import Note, Snapshot, Version

__all__ = [
    "Access",
    "Audience",
    "Author",
    "Backup",
    "BackupSchedule",
    "BackupState",
    "Context",
    "DataItem",
    "DataKind",
    "Every",
    "Forgotten",
    "Given",
    "Gone",
    "Gpt",
    "GptShare",
    "Import",
    "ImportState",
    "ImportedContext",
    "KnowledgeFile",
    "LookStatus",
    "Member",
    "Memory",
    "MemoryKind",
    "MemoryLook",
    "MemoryRights",
    "MemoryScope",
    "MemoryStatus",
    "Message",
    "Mode",
    "Note",
    "Orchestration",
    "Part",
    "Passage",
    "Pin",
    "Reading",
    "Reason",
    "Restore",
    "RestoreState",
    "Run",
    "SharePart",
    "ShareStatus",
    "Snapshot",
    "Stage",
    "Status",
    "StoredFile",
    "Subject",
    "Template",
    "TemplateTrial",
    "TemplateUse",
    "TemplateVersion",
    "TurnSummary",
    "Version",
]
