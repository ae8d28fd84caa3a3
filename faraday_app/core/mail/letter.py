"""The words of every e-mail: a greeting, what happened, the one link, and why it came."""


def letter(name: str, *sentences: str, link: str = "", link_says: str = "Open this link", why: str) -> str:
    """A plain text. ``link_says`` stands before the link, without a colon; ``why`` begins with "because"."""
    parts = [f"Hello {name.split(maxsplit=1)[0]}," if name.strip() else "Hello,", "\n".join(sentences)]
    if link:
        parts.append(f"{link_says}:\n{link}")
    parts.append(f"You get this {why}\n\nFaraday")
    return "\n\n".join(parts) + "\n"
