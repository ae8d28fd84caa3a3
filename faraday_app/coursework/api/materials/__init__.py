"""HTTP: the library of a class."""

from faraday_app.core.http.parts import Part
from faraday_app.coursework.api.materials import contents, folders, library, versions

router = Part(tags=["materials"])
for part in (folders, versions, contents, library):
    router.include_router(part.router, prefix="/classes/{class_id}/materials")

__all__ = ["router"]
