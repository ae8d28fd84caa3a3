"""Context packs: a GPT with what belongs to it, as one signed file that goes from here to elsewhere and back.

It carries no ids, owners or rights, and none are taken from it: what comes in belongs to whoever brings it in, is
shared with nobody, and passes the rules of anything that is made here.
"""

from faraday_app.contexts.service.packs.file import (
    LARGEST,
    LARGEST_FILES,
    PACK,
    PURPOSE,
    SIGNATURE,
    Checked,
    Origin,
    opened,
    sealed,
)
from faraday_app.contexts.service.packs.moving import (
    MadeElsewhere,
    Outlook,
    Scope,
    bring_in,
    check,
    export,
    outlook,
)

__all__ = [
    "LARGEST",
    "LARGEST_FILES",
    "PACK",
    "PURPOSE",
    "SIGNATURE",
    "Checked",
    "MadeElsewhere",
    "Origin",
    "Outlook",
    "Scope",
    "bring_in",
    "check",
    "export",
    "opened",
    "outlook",
    "sealed",
]
