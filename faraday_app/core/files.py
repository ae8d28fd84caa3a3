"""Where files are: a folder under FARADAY_DATA, or what OBJECT_STORE_URL names."""

from functools import lru_cache
from uuid import UUID

from obstore.store import LocalStore, ObjectStore, from_url

from faraday_app.core.settings import settings


@lru_cache(maxsize=1)
def store() -> ObjectStore:
    if url := settings().object_store_url.get_secret_value():
        return from_url(url)
    return LocalStore(settings().data.resolve() / "files", mkdir=True)


def name(organization_id: UUID, file_id: UUID) -> str:
    return f"{organization_id.hex}/{file_id.hex}"
