"""The parts of the pages of passages in common."""

from faraday_app.coursework.components.similarity.beside import beside_dialog
from faraday_app.coursework.components.similarity.pairs import aside, pair_table, pairs_header, work_table
from faraday_app.coursework.components.similarity.reviews import review_list, statements

__all__ = ["aside", "beside_dialog", "pair_table", "pairs_header", "review_list", "statements", "work_table"]
