"""How safe an organisation is, in one number that explains itself.

A domain adds findings with ``check(read, finding, finding, …)``: ``read`` gathers its facts in a few bounded queries,
and each finding is a pure function from those facts to what is wrong, or None.
"""

from faraday_app.security.service.score.findings import add_findings
from faraday_app.security.service.score.registry import Finding, Mended, Score, check, people_words, score

__all__ = ["Finding", "Mended", "Score", "add_findings", "check", "people_words", "score"]
