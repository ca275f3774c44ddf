"""What stands around every page: it may load nothing and run nothing, and follows the reader's day and night."""

from __future__ import annotations

from collections.abc import Iterator

from engine.report.escape import html

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def head(title: str, css: str) -> Iterator[str]:
    """The beginning of a page, up to where its body starts."""
    yield "<!DOCTYPE html>"
    yield '<html lang="en">'
    yield "<head>"
    yield '<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield '<meta name="color-scheme" content="light dark">'
    yield '<meta name="referrer" content="no-referrer">'
    yield f"<title>{html(title)}</title>"
    yield f"<style>{css}</style>"
    yield "</head>"
    yield "<body>"
