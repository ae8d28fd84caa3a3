"""In which language is answered: as the conversation says, or else as whoever asks prefers.

A sentence of the instructions says it to the model.
"""

from dataclasses import replace
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.accounts.service import preferences
from faraday_app.contexts.models import Context
from faraday_app.contexts.service.conversations import announce, get_context
from faraday_app.contexts.service.prompts import Prompt
from faraday_app.core.errors import Invalid
from faraday_app.core.permissions import Actor, Permission
from faraday_app.security.service import record

AS_ASKED = "question"
FREE = "model"
NAMES = {
    "ar": "Arabic", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek", "en": "English", "es": "Spanish",
    "et": "Estonian", "fi": "Finnish", "fr": "French", "hu": "Hungarian", "it": "Italian", "ja": "Japanese",
    "lt": "Lithuanian", "lv": "Latvian", "nb": "Norwegian", "nl": "Dutch", "pl": "Polish", "pt": "Portuguese",
    "ro": "Romanian", "ru": "Russian", "sv": "Swedish", "tr": "Turkish", "uk": "Ukrainian", "zh": "Chinese",
}  # fmt: skip
_LANGUAGES = [(AS_ASKED, "Same as the question"), *sorted(NAMES.items(), key=lambda each: each[1])]
CHOICES = [("", "As whoever asks prefers"), (FREE, "As the model chooses"), *_LANGUAGES]
OWN_CHOICES = [("", "As the model chooses"), *_LANGUAGES]


def instruction(language: str) -> str:
    """The sentence for a model; none where it chooses itself."""
    if language == AS_ASKED:
        return "Answer in the language in which the question is asked."
    return f"Answer in {NAMES[language]}, whatever language the question is in." if language in NAMES else ""


async def of(session: AsyncSession, actor: Actor, context: Context) -> str:
    """What the conversation says, or else what the actor prefers who asks in it."""
    return context.answer_language or await preferences.answer_language(session, actor)


def spoken(prompt: Prompt, language: str) -> Prompt:
    """With the sentence at the end of its instructions. A vote has no language."""
    words = "" if prompt.choices else instruction(language)
    return replace(prompt, system="\n\n".join(part for part in (prompt.system, words) if part)) if words else prompt


async def own(session: AsyncSession, actor: Actor) -> str:
    actor.must_at_all(Permission.assistant_use)
    return await preferences.answer_language(session, actor)


async def choose_own(session: AsyncSession, actor: Actor, language: str) -> None:
    """For the actor's questions wherever a conversation says nothing else, from now on."""
    actor.must_at_all(Permission.assistant_use)
    if language not in dict(OWN_CHOICES):
        raise Invalid("Choose one of the languages.", field="language")
    await preferences.choose_answer_language(session, actor, language)


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
