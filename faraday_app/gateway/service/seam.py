"""Joining what a second model says to what the first had said."""

LOOKS_BACK = 400  # characters of what was said
LONGEST = 120  # characters of a continuation that are looked at before any of it is shown


class Seam:
    """Takes away what a continuation repeats of the end of what was said. With nothing said, all passes at once."""

    def __init__(self, said: str) -> None:
        self._tail = said[-LOOKS_BACK:]
        self._held = ""

    def join(self, text: str) -> str:
        """What may be shown now; the first characters are held back until it is known that they repeat nothing."""
        if not self._tail:
            return text
        self._held += text
        return self.rest() if len(self._held) >= LONGEST else ""

    def rest(self) -> str:
        """What is still held back, without what it repeats. The end of the continuation."""
        held, self._held = self._held, ""
        if not self._tail or not held:
            return held
        tail, self._tail = self._tail, ""
        for length in range(min(len(tail), len(held)), 2, -1):
            if tail.endswith(held[:length]):
                return held[length:]
        return held
