"""A conversation of a ChatGPT export: a tree of nodes in ``mapping``, of which ``current_node`` was shown."""

from collections.abc import Mapping
from typing import Any

from faraday_app.contexts.service.importing.drafts import (
    Draft,
    DraftMessage,
    arranged,
    clean_text,
    moment_of,
    texts,
)
from faraday_app.core.errors import Invalid

NAME = "ChatGPT"
_NOTES = {
    "image_asset_pointer": "[An image was here.]",
    "audio_asset_pointer": "[A recording was here.]",
    "real_time_user_audio_video_asset_pointer": "[A recording was here.]",
    "video_container_asset_pointer": "[A film was here.]",
}
_SILENT = {"user_editable_context", "model_editable_context", "reasoning_recap"}


def is_one(item: object) -> bool:
    return isinstance(item, dict) and isinstance(item.get("mapping"), dict)


def draft_of(item: Mapping[str, Any]) -> Draft:
    nodes = {str(key): node for key, node in item["mapping"].items() if isinstance(node, dict)}
    found = [_message(key, node) for key, node in nodes.items()]
    key = str(item.get("conversation_id") or item.get("id") or "")[:200]
    at = moment_of(item.get("update_time")) or moment_of(item.get("create_time"))
    return arranged(key, item.get("title") or "", found, str(item.get("current_node") or ""), at)


def _message(key: str, node: Mapping[str, Any]) -> DraftMessage:
    """A node without a message, or with one that ChatGPT never showed, says nothing but keeps its place."""
    message = _object(node.get("message"))
    role, about = str(_object(message.get("author")).get("role") or ""), _object(message.get("metadata"))
    hidden = about.get("is_visually_hidden_from_conversation") is True or role in ("", "system")
    said = "" if hidden else _said(_object(message.get("content")), message)
    return DraftMessage(
        key=key,
        parent=str(node.get("parent") or ""),
        by_model=role != "user",
        text=clean_text(said),
        model=clean_text(about.get("model_slug") or "")[:120],
        at=moment_of(message.get("create_time")),
    )


def _said(content: Mapping[str, Any], message: Mapping[str, Any]) -> str:
    kind = str(content.get("content_type") or "")
    if kind in _SILENT:
        return ""
    reading = _READINGS.get(kind)
    said = reading(content) if reading else ""
    if not said and kind == "text":
        return _attached(message)
    return texts([said or f"[Something of the kind “{kind[:60]}” was here, which cannot be read.]", _attached(message)])


def _parts(content: Mapping[str, Any]) -> str:
    parts = content.get("parts")
    return texts(_part(part) for part in (parts if isinstance(parts, list) else []))


def _part(part: object) -> str:
    if isinstance(part, str):
        return part
    if not isinstance(part, dict):
        return ""
    kind = str(part.get("content_type") or "")
    if kind == "audio_transcription":
        return str(part.get("text") or "")
    return _NOTES.get(kind, f"[Something of the kind “{kind[:60]}” was here, which cannot be read.]")


def _code(content: Mapping[str, Any]) -> str:
    language = str(content.get("language") or "")
    return _fenced(content.get("text"), language if language.isalnum() and language != "unknown" else "")


def _quoted(content: Mapping[str, Any]) -> str:
    head = texts(str(content.get(name) or "") for name in ("title", "url"))
    return texts([head, *("> " + line for line in str(content.get("text") or "").splitlines())])


def _thoughts(content: Mapping[str, Any]) -> str:
    thoughts = content.get("thoughts")
    told = [_object(each) for each in (thoughts if isinstance(thoughts, list) else [])]
    lines = texts(f"{each.get('summary') or ''}\n{each.get('content') or ''}".strip() for each in told)
    return "\n".join(f"> {line}" for line in lines.splitlines())


def _error(content: Mapping[str, Any]) -> str:
    return f"[{content.get('name') or 'An error'}: {content.get('text') or ''}]"


def _attached(message: Mapping[str, Any]) -> str:
    files = _object(message.get("metadata")).get("attachments")
    named = [str(_object(each).get("name") or "without a name") for each in (files if isinstance(files, list) else [])]
    return texts(f"[A file was here: {name[:120]}]" for name in named)


def _fenced(text: object, language: str = "") -> str:
    said = str(text or "")
    fence = "```" if "```" not in said else "~~~~"
    return f"{fence}{language}\n{said}\n{fence}" if said.strip() else ""


_READINGS = {
    "text": _parts,
    "multimodal_text": _parts,
    "code": _code,
    "execution_output": lambda content: _fenced(content.get("text")),
    "tether_browsing_display": lambda content: str(content.get("result") or content.get("summary") or ""),
    "tether_quote": _quoted,
    "thoughts": _thoughts,
    "system_error": _error,
}


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def refuse_unknown(item: object) -> None:
    if not is_one(item):
        raise Invalid("it has no “mapping”, which a conversation of a ChatGPT export has")
