"""What a browser may know of providers: of their keys the labels and the last characters."""

from dataclasses import dataclass

from faraday_app.gateway.models import ProviderKeyRow
from faraday_app.gateway.service.managing.providers import Managed
from faraday_app.gateway.service.managing.testing import FoundModel
from faraday_app.gateway.views import Privacy


@dataclass(frozen=True, slots=True)
class ProviderRowView:
    id: str
    name: str
    base_url: str
    terms: str
    key_count: str
    deployments: str
    enabled: bool


@dataclass(frozen=True, slots=True)
class KeyRowView:
    id: str
    label: str
    ending: str
    enabled: bool


@dataclass(frozen=True, slots=True)
class FoundView:
    """A model that a provider told of; ``known``: it is in the catalogue already."""

    name: str
    window: str
    known: bool


def provider_view(managed: Managed) -> ProviderRowView:
    row, count = managed.row, len(managed.keys)
    terms = " · ".join(filter(None, [row.region, Privacy(row.privacy).label]))
    keys = f"{count} keys" if count > 1 else "1 key" if count else "No key"
    asked = f"{managed.deployments} models" if managed.deployments != 1 else "1 model"
    return ProviderRowView(str(row.id), row.name, row.base_url, terms, keys, asked, row.enabled)


def key_row_view(row: ProviderKeyRow) -> KeyRowView:
    ending = f"ends in {row.ending}" if row.ending else "too short to show its end"
    return KeyRowView(str(row.id), row.label, ending, row.enabled)


def found_view(model: FoundModel, known: set[str]) -> FoundView:
    window = f"{model.window:,} tokens" if model.window else "Window not told"
    return FoundView(model.name, window, model.name in known)
