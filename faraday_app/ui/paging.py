"""Where one is in a list that is paged by the id of its last row."""

from uuid import UUID

import reflex as rx


class Paged(rx.State, mixin=True):
    """For states with ``rows``. Their own handlers say who may turn the pages, and read again afterwards."""

    shown: str = ""
    has_next: bool = False
    has_previous: bool = False

    _pages: list[UUID] = []

    def _page_after(self) -> UUID | None:
        """The keyset of the page to read; nothing for the first one."""
        return self._pages[-1] if self._pages else None

    def _turn_on(self) -> bool:
        """To the following page; False when there is none."""
        if not (self.has_next and self.rows):
            return False
        self._pages = [*self._pages, UUID(self.rows[-1].id)]
        return True

    def _turn_back(self) -> None:
        self._pages = self._pages[:-1]

    def _place(self, found: int, size: int) -> None:
        """Say where this page stands, by how many were found when one more than its size was asked for."""
        before, shown = len(self._pages) * size, min(found, size)
        self.shown = f"{before + 1:,}–{before + shown:,}" if shown else ""
        self.has_previous, self.has_next = before > 0, found > size
