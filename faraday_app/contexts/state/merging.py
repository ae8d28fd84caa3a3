"""Choosing what stands where two changed the same."""

from collections.abc import Mapping
from typing import Any

import reflex as rx

from faraday_app.contexts.service.merging import Choice, MergedFields
from faraday_app.contexts.version_views import ClashView, ResultView, clash_views, result_views
from faraday_app.core.errors import Invalid


class Merging(rx.State, mixin=True):
    """For states whose changes can clash. Their own handlers say who may choose, and write what was chosen."""

    clashes: list[ClashView] = []
    result: list[ResultView] = []
    choosing: bool = False

    _merged: MergedFields | None = None
    _choices: dict[str, list[Choice]] = {}
    _names: dict[str, str] = {}

    def _begin_choosing(self, merged: MergedFields, names: Mapping[str, str]) -> None:
        """Of texts both stand until somebody chooses otherwise; of values one's own."""
        self._merged, self._names = merged, dict(names)
        texts = {name: [Choice.both] * len(text.clashes) for name, text in merged.texts.items()}
        self._choices = {**{name: [Choice.mine] for name in merged.clashing}, **texts}
        self.choosing = True
        self._show_choices()

    def _choose_one(self, clash_id: str, side: str) -> None:
        name, _, place = str(clash_id).rpartition(":")
        clash = next((each for each in self.clashes if each.id == clash_id), None)
        if clash is None or side not in Choice.__members__ or (side == Choice.both and not clash.joins):
            raise Invalid("Choose one of the sides.")
        chosen = list(self._choices[name])
        chosen[int(place)] = Choice(side)
        self._choices = {**self._choices, name: chosen}
        self._show_choices()

    def _chosen(self) -> dict[str, Any]:
        """All fields as they were chosen."""
        if self._merged is None:
            raise Invalid("There is nothing to choose any more.")
        return self._merged.chosen(self._choices)

    def _end_choosing(self) -> None:
        self._merged, self._choices = None, {}
        self.clashes, self.result, self.choosing = [], [], False

    def _show_choices(self) -> None:
        assert self._merged
        self.clashes = clash_views(self._merged, self._names, self._choices)
        self.result = result_views(self._merged, self._names, self._choices)
