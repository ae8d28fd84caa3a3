"""Classes: terms, who teaches, who learns, and whose children they are."""
