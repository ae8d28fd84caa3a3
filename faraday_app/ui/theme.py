"""Tokens, fonts and colour mode: what the app needs besides its pages."""

from typing import Any

import reflex as rx
from reflex_components_core.core.banner import has_connection_errors  # type: ignore[import-untyped]

STYLESHEETS = [
    "/styles/base.css",
    "/styles/shell.css",
    "/styles/parts.css",
    "/styles/assistant.css",
    "/styles/gradebook.css",
    "/styles/models.css",
    "/styles/security.css",
    "/styles/coursework.css",
    "/styles/materials.css",
    "/styles/marking.css",
    "/styles/similarity.css",
]

# Before the first paint: the saved or the system's mode on <html>. The observer keeps the theme's own root in step
# while the page hydrates, because it starts out light there.
_COLOR_MODE = (
    "(function(){var d=document.documentElement,s=null;try{s=localStorage.getItem('theme')}catch(e){}"
    "var m=s==='dark'||s==='light'?s:matchMedia('(prefers-color-scheme: dark)').matches?'dark':'light';"
    "d.classList.add(m);d.style.colorScheme=m;"
    "addEventListener('DOMContentLoaded',function(){var r=document.querySelector('[data-is-root-theme=true]');"
    "if(r)new MutationObserver(function(){var k=d.classList.contains('dark'),w=k?'dark':'light',o=k?'light':'dark';"
    "if(r.classList.contains(o)){r.classList.remove(o);r.classList.add(w)}}).observe(r,{attributeFilter:['class']})})})()"
)


def head_components() -> list[rx.Component]:
    """Font, icons, manifest and colour mode, in the head of every page."""
    return [
        rx.el.script(custom_attrs={"dangerouslySetInnerHTML": {"__html": _COLOR_MODE}}),
        rx.el.link(
            rel="preload",
            href="/fonts/inter-latin.woff2",
            type="font/woff2",
            custom_attrs={"as": "font"},
            cross_origin="anonymous",
        ),
        rx.el.link(rel="icon", href="/favicon.svg", type="image/svg+xml"),
        rx.el.link(rel="apple-touch-icon", href="/brand/apple-touch-icon.png"),
        rx.el.link(rel="manifest", href="/manifest.webmanifest"),
        rx.el.meta(name="theme-color", content="#ffffff", media="(prefers-color-scheme: light)"),
        rx.el.meta(name="theme-color", content="#111113", media="(prefers-color-scheme: dark)"),
        rx.el.script(src="/scripts/page.js", custom_attrs={"defer": True}),
        rx.el.script(src="/scripts/factors.js", custom_attrs={"defer": True}),
        rx.el.script(src="/scripts/sending.js", custom_attrs={"defer": True}),
        rx.el.script(src="/scripts/uploads.js", custom_attrs={"defer": True}),
        rx.el.script(src="/scripts/notes.js", custom_attrs={"defer": True}),
        rx.el.script(src="/scripts/marking.js", custom_attrs={"defer": True}),
    ]


@rx.memo
def connection_strip() -> rx.Component:
    """Says that the page is not live, while it is not. Everything typed stays."""
    strip = rx.el.div(
        rx.icon("wifi_off", size=14),
        "Reconnecting. What you see may be out of date.",
        class_name="strip fixed",
        role="status",
    )
    return rx.cond(has_connection_errors, strip, rx.fragment())


def _toaster() -> rx.Component:
    return rx.toast.provider(position="top-center", expand=False, visible_toasts=4, rich_colors=False)


def app_options() -> dict[str, Any]:
    """Everything `rx.App` needs to look like Faraday: `rx.App(**ui.app_options(), ...)`."""
    return {
        "stylesheets": STYLESHEETS,
        "head_components": head_components(),
        "html_lang": "en",
        "toaster": _toaster(),
    }
