"""What the pages of the gradebook hold."""

from faraday_app.gradebook.state.gradebook import GradebookState
from faraday_app.gradebook.state.receipt import ReceiptState

__all__ = ["GradebookState", "ReceiptState"]
