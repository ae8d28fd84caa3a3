"""Where persons stand in the tables of the gateway."""

from faraday_app.core.personal import Erasing, Place, declare

_FIGURES = "Figures of the organisation, which hold no words of a person."

declare(
    Place("answer_ratings", "user_id", Erasing.delete, exported=True),
    Place("failover_drills", "started_by", Erasing.keep, why=_FIGURES),
    Place("route_receipts", "user_id", Erasing.blank, exported=True, blank={"user_id": "null"}),
    Place("sent_requests", "receipt_id", Erasing.delete, through="route_receipts", why="Sealed; read on the receipt."),
    Place("routing_replays", "started_by", Erasing.keep, why=_FIGURES),
)
