"""How alike two pieces of work are, and where: figures and passages for a teacher to read, never a judgement.

Pure functions, without a database and without a page. ``reading`` (words, of ``prose`` and of ``code``) →
``fingerprints`` (to be stored) → ``candidates`` (whom to compare with) → ``templates`` (what does not count) →
``comparing`` (the passages, by ``alignment``) → ``evidence`` (several assignments together).
"""

from faraday_app.coursework.similarity.candidates import LIMIT, Candidate, candidates
from faraday_app.coursework.similarity.comparing import Comparison, Match, Side, Span, compare
from faraday_app.coursework.similarity.documents import Document, Kind
from faraday_app.coursework.similarity.evidence import Evidence, PastComparison, Strength, evidence
from faraday_app.coursework.similarity.fingerprints import fingerprints
from faraday_app.coursework.similarity.reading import read
from faraday_app.coursework.similarity.templates import AT_LEAST, Template, common_fingerprints, leave_out, template

__all__ = [
    "AT_LEAST",
    "LIMIT",
    "Candidate",
    "Comparison",
    "Document",
    "Evidence",
    "Kind",
    "Match",
    "PastComparison",
    "Side",
    "Span",
    "Strength",
    "Template",
    "candidates",
    "common_fingerprints",
    "compare",
    "evidence",
    "fingerprints",
    "leave_out",
    "read",
    "template",
]
