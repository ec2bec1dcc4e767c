"""How a mail looks: one column, inline colours, one button, nothing loaded from anywhere."""

from __future__ import annotations

from html import escape

from app.domain.message import SECRET_PLACE

# Colours of the look, written out: mail programs know no custom properties.
INK, INK_2, ACT, GROUND, SURFACE = "#14201f", "#43514e", "#0b4f5e", "#f2f5f4", "#ffffff"
BUTTON = f"display:inline-block;padding:12px 20px;background:{ACT};color:#ffffff;text-decoration:none;"


def lay_out_mail(paragraphs: list[str], closing: list[str], button: str) -> str:
    """The HTML alternative of a mail. With `button` the link stands below it in full, too."""
    body = "".join(_paragraph(text, INK) for text in paragraphs)
    end = "".join(_paragraph(text, INK_2) for text in closing)
    return (
        f'<!doctype html><html lang="en"><body style="margin:0;background:{GROUND};font:16px/1.5 sans-serif">'
        f'<div style="max-width:560px;margin:0 auto;padding:32px 24px;background:{SURFACE}">'
        f"{body}{_button(button) if button else ''}{end}</div></body></html>"
    )


def _paragraph(text: str, colour: str) -> str:
    return f'<p style="margin:0 0 16px;color:{colour}">{escape(text)}</p>'


def _button(words: str) -> str:
    return (
        f'<p style="margin:24px 0"><a href="{SECRET_PLACE}" style="{BUTTON}border-radius:6px">'
        f'{escape(words)}</a></p><p style="margin:0 0 16px;color:{INK_2};font-size:13px;'
        f'word-break:break-all">{SECRET_PLACE}</p>'
    )
