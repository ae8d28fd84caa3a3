"""What a worker knows of the deployments: how they fare, and who is left alone. Drills have a standing of their own."""

from dataclasses import dataclass, field

from faraday_app.gateway.service.cooling import Coolers
from faraday_app.gateway.service.measures import Measures


@dataclass(frozen=True, slots=True)
class Standing:
    measures: Measures = field(default_factory=Measures)
    deployments: Coolers = field(default_factory=Coolers)
    keys: Coolers = field(default_factory=lambda: Coolers(failures_to_open=1))

    def forget(self) -> None:
        self.measures.forget()
        self.deployments.forget()
        self.keys.forget()


here = Standing()
