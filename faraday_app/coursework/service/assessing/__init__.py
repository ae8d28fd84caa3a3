"""Marking: what markers think of work, remarks on it, and how far several of them agree."""

from faraday_app.coursework.service.assessing import agreeing, anchors, audio, bank, comments, marking
from faraday_app.coursework.service.assessing.agreement import Agreement
from faraday_app.coursework.service.assessing.anchors import Anchor, Segment
from faraday_app.coursework.service.assessing.comments import Comment
from faraday_app.coursework.service.assessing.marking import Held, Meant, Moved
from faraday_app.coursework.service.assessing.sheets import Sheet

__all__ = [
    "Agreement",
    "Anchor",
    "Comment",
    "Held",
    "Meant",
    "Moved",
    "Segment",
    "Sheet",
    "agreeing",
    "anchors",
    "audio",
    "bank",
    "comments",
    "marking",
]
