"""The assistant's states: small, flat and rebuilt from the database at any time."""

from faraday_app.contexts.state.answerers import AnswerersState
from faraday_app.contexts.state.backups import BackupsState
from faraday_app.contexts.state.data import DataState
from faraday_app.contexts.state.data_editor import DataEditorState
from faraday_app.contexts.state.gpts import GptEditorState, GptsState
from faraday_app.contexts.state.history import HistoryState
from faraday_app.contexts.state.importing import ImportingState
from faraday_app.contexts.state.judging import JudgeState
from faraday_app.contexts.state.knowledge import KnowledgeState
from faraday_app.contexts.state.lanes import LanesState
from faraday_app.contexts.state.listing import ListingState
from faraday_app.contexts.state.marks import MarksState
from faraday_app.contexts.state.memory import MemoriesState, MemoryTabState
from faraday_app.contexts.state.memory_editor import MemoryEditorState
from faraday_app.contexts.state.notes import NotesState
from faraday_app.contexts.state.packs import PackExportState, PacksState
from faraday_app.contexts.state.picker import PickerState
from faraday_app.contexts.state.preferences import PreferencesState
from faraday_app.contexts.state.quoting import QuoteState
from faraday_app.contexts.state.running import RunningState
from faraday_app.contexts.state.shares import GptSharesState
from faraday_app.contexts.state.sharing import SharingState
from faraday_app.contexts.state.soundness import SoundnessState
from faraday_app.contexts.state.template import TemplateState
from faraday_app.contexts.state.templates import TemplatesState
from faraday_app.contexts.state.thread import ThreadState
from faraday_app.contexts.state.use import UseState
from faraday_app.contexts.state.why import WhyState

__all__ = [
    "AnswerersState",
    "BackupsState",
    "DataEditorState",
    "DataState",
    "GptEditorState",
    "GptSharesState",
    "GptsState",
    "HistoryState",
    "ImportingState",
    "JudgeState",
    "KnowledgeState",
    "LanesState",
    "ListingState",
    "MarksState",
    "MemoriesState",
    "MemoryEditorState",
    "MemoryTabState",
    "NotesState",
    "PackExportState",
    "PacksState",
    "PickerState",
    "PreferencesState",
    "QuoteState",
    "RunningState",
    "SharingState",
    "SoundnessState",
    "TemplateState",
    "TemplatesState",
    "ThreadState",
    "UseState",
    "WhyState",
]
