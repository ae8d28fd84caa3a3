"""What the pages of passages in common hold."""

from faraday_app.coursework.state.similarity.pairs import SimilarityState
from faraday_app.coursework.state.similarity.reviews import StatementState

__all__ = ["SimilarityState", "StatementState"]
