"""What the pages of materials hold."""

from faraday_app.coursework.state.materials.attached import AttachedState, AttachState
from faraday_app.coursework.state.materials.editor import MaterialEditorState
from faraday_app.coursework.state.materials.material import MaterialState
from faraday_app.coursework.state.materials.mine import MyMaterialsState
from faraday_app.coursework.state.materials.shelf import ShelfState

__all__ = ["AttachState", "AttachedState", "MaterialEditorState", "MaterialState", "MyMaterialsState", "ShelfState"]
