"""How far the trail is sealed and signed, and how that is verified."""

import reflex as rx

from faraday_app import ui
from faraday_app.security.state import AuditProofState


def audit_proof() -> rx.Component:
    proof = AuditProofState.proof
    facts = rx.el.dl(
        rx.el.dt("Newest sealed block", class_name="muted"),
        rx.el.dd(_figure(proof.block, proof.block_about, "Nothing is sealed yet; events are within a minute or two.")),
        rx.el.dt("Newest signed day", class_name="muted"),
        rx.el.dd(_figure(proof.day, proof.day_about, "None yet; a day is signed when it is over.")),
        class_name="facts",
    )
    how = rx.el.div(
        rx.el.h3("How to verify it", class_name="h2"),
        rx.el.p(
            "Every event is sealed into a block that holds on to the one before; each day's blocks are signed. "
            "Whoever changes, removes or adds something in the past breaks the chain."
        ),
        rx.el.p("On the server, ", rx.el.code("make audit-verify"), " goes through the whole trail."),
        rx.el.p(
            "Anywhere else, export everything as JSON lines, without filters, and run ",
            rx.el.code("python tools/verify_audit.py audit.jsonl KEY"),
            ". It needs nothing of Faraday but its public key. Note the key down early, from ",
            rx.el.code("/.well-known/faraday-audit-key"),
            ".",
        ),
        class_name="stack",
    )
    body = rx.cond(AuditProofState.loaded, facts, ui.skeleton_lines(2))
    words = rx.el.span("Proof", class_name="desk-only")
    return ui.popover(
        ui.ghost_button(words, icon="shield_check", aria_label="Proof"),
        rx.el.div(rx.el.h2("Proof", class_name="h2"), class_name="popover-head"),
        rx.el.div(body, rx.el.hr(class_name="rule"), how, class_name="stack popover-body"),
        label="Proof",
        open=AuditProofState.open,
        on_open_change=AuditProofState.set_open,
    )


def _figure(figure: rx.Var[str], about: rx.Var[str], none: str) -> rx.Component:
    known = rx.fragment(rx.el.span(figure, class_name="strong"), rx.el.span(" · ", about, class_name="muted"))
    return rx.cond(figure, known, none)
