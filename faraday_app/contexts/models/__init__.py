from faraday_app.contexts.models.backups import Backup, BackupSchedule, BackupState, Every, Restore, RestoreState
from faraday_app.contexts.models.conversations import Context, Member, Message, Run
from faraday_app.contexts.models.gpts import Gpt, Orchestration
from faraday_app.contexts.models.imports import Import, ImportedContext, ImportState
from faraday_app.contexts.models.kinds import Access, Author, Given, Mode, Part, Reason, Status, Subject
from faraday_app.contexts.models.versions import Note, Snapshot, Version

__all__ = [
    "Access",
    "Author",
    "Backup",
    "BackupSchedule",
    "BackupState",
    "Context",
    "Every",
    "Given",
    "Gpt",
    "Import",
    "ImportState",
    "ImportedContext",
    "Member",
    "Message",
    "Mode",
    "Note",
    "Orchestration",
    "Part",
    "Reason",
    "Restore",
    "RestoreState",
    "Run",
    "Snapshot",
    "Status",
    "Subject",
    "Version",
]
