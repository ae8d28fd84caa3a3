from faraday_app.core.errors import Invalid, Unavailable


class ModelUnavailable(Unavailable):
    def __init__(self, model: str) -> None:
        super().__init__(f"{model} does not answer right now. Nothing is lost: try again in a moment.")


class ModelUnknown(Invalid):
    def __init__(self, model: str) -> None:
        super().__init__(f"There is no model “{model}”.", field="model")
