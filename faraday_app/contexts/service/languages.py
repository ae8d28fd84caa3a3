"""In which language a conversation is answered. A sentence of the instructions says it to the model."""

from dataclasses import replace
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.contexts.models import Context
from faraday_app.contexts.service.conversations import announce, get_context
from faraday_app.contexts.service.prompts import Prompt
from faraday_app.core.errors import Invalid
from faraday_app.core.permissions import Actor
from faraday_app.security.service import record

AS_ASKED = "question"
NAMES = {
    "ar": "Arabic", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek", "en": "English", "es": "Spanish",
    "et": "Estonian", "fi": "Finnish", "fr": "French", "hu": "Hungarian", "it": "Italian", "ja": "Japanese",
    "lt": "Lithuanian", "lv": "Latvian", "nb": "Norwegian", "nl": "Dutch", "pl": "Polish", "pt": "Portuguese",
    "ro": "Romanian", "ru": "Russian", "sv": "Swedish", "tr": "Turkish", "uk": "Ukrainian", "zh": "Chinese",
}  # fmt: skip
CHOICES = [
    ("", "As the model chooses"),
    (AS_ASKED, "Same as the question"),
    *sorted(NAMES.items(), key=lambda each: each[1]),
]


def instruction(language: str) -> str:
    """The sentence for a model; none where it chooses itself."""
    if language == AS_ASKED:
        return "Answer in the language in which the question is asked."
    return f"Answer in {NAMES[language]}, whatever language the question is in." if language in NAMES else ""


def spoken(prompt: Prompt, context: Context) -> Prompt:
    """With the sentence at the end of its instructions. A vote has no language."""
    words = "" if prompt.choices else instruction(context.answer_language)
    return replace(prompt, system="\n\n".join(part for part in (prompt.system, words) if part)) if words else prompt


async def choose(session: AsyncSession, actor: Actor, context_id: UUID, language: str) -> Context:
    """For all answers from now on, whoever asks."""
    context, _ = await get_context(session, actor, context_id, write=True, lock=True)
    if language not in dict(CHOICES):
        raise Invalid("Choose one of the languages.", field="language")
    if context.answer_language != language:
        before, after = {"language": context.answer_language}, {"language": language}
        context.answer_language = language
        context.version += 1
        record(session, actor, "context.language_chosen", context, before=before, after=after)
        await announce(session, context)
    return context
