"""Where persons stand in the tables of conversations, GPTs and templates.

What somebody wrote goes with them. A conversation that others share stays, without the words of whoever was erased;
of one that was theirs, all words go.
"""

from faraday_app.core.personal import Erasing, Place, declare

_WORDS = {"content": "''", "error": "''", "given": "'[]'::jsonb", "tools": "'[]'::jsonb"}
_OTHERS = "Who did it to a thing of somebody else's."
_WHOLE = "Versions are whole; the words in them go with the GPT or conversation they are of."

declare(
    Place("contexts", "owner_id", Erasing.blank, exported=True, blank={"title": "'Erased'"}),
    Place("messages", "author_id", Erasing.blank, exported=True, blank=_WORDS),
    Place("messages", "context_id", Erasing.blank, exported=True, through="contexts", blank=_WORDS),
    Place("context_members", "user_id", Erasing.delete, exported=True),
    Place("context_items", "author_id", Erasing.delete, exported=True),
    Place(
        "context_notes", "context_id", Erasing.blank, exported=True, through="contexts", blank={"sealed_text": "null"}
    ),
    Place("context_notes", "updated_by", Erasing.keep, why=_OTHERS),
    Place("message_pins", "pinned_by", Erasing.delete, exported=True),
    Place("orchestrations", "started_by", Erasing.keep, why="Which GPTs answered, without words."),
    Place(
        "runs",
        "started_by",
        Erasing.blank,
        blank={"sealed_given": "null", "prompt": "null"},
        why="How an answer came about; the answer is exported.",
    ),
    Place(
        "turn_summaries",
        "asked_by_id",
        Erasing.blank,
        exported=True,
        blank={"sealed_text": "null"},
    ),
    Place("memories", "owner_id", Erasing.blank, exported=True, blank={"sealed_text": "null", "forgotten_at": "now()"}),
    Place(
        "memory_vectors",
        "memory_id",
        Erasing.delete,
        through="memories",
        why="What memories mean, in numbers; the words are exported.",
    ),
    Place("memory_looks", "user_id", Erasing.delete, why="What is still to be looked through."),
    Place("gpts", "owner_id", Erasing.blank, exported=True, blank={"name": "'Erased'", "instructions": "''"}),
    Place("gpt_files", "added_by", Erasing.keep, why=_OTHERS),
    Place("gpt_shares", "offered_by", Erasing.keep, why=_OTHERS),
    Place("gpt_shares", "decided_by", Erasing.keep, why=_OTHERS),
    Place("gpt_files", "gpt_id", Erasing.delete, through="gpts", why="Which files a GPT knows."),
    Place(
        "stored_files",
        "added_by",
        Erasing.keep,
        exported=True,
        secret=("sealed_key", "sealed_text", "sealed_digest", "claimed_until"),
        files="sealed_key",
        why="A file goes by itself when no GPT, conversation or version names it any more.",
    ),
    Place("imports", "owner_id", Erasing.delete, exported=True, secret=("path",)),
    Place("imported_contexts", "owner_id", Erasing.delete, why="What was brought in before, by a hash."),
    Place("backups", "started_by", Erasing.keep, why=_OTHERS),
    Place("restores", "started_by", Erasing.keep, why=_OTHERS),
    Place("restores", "confirmed_by", Erasing.keep, why=_OTHERS),
    Place("templates", "owner_id", Erasing.keep, exported=True, why="Forms that others fill in."),
    Place("template_versions", "author_id", Erasing.keep, exported=True, why="Forms that others fill in."),
    Place("template_trials", "started_by", Erasing.keep, why=_OTHERS),
    Place("template_uses", "user_id", Erasing.delete, exported=True),
    Place("versions", "made_by", Erasing.keep, why=_WHOLE),
)
