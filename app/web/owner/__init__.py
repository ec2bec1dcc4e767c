"""Pages of the owner audience. Filled by their own views; `register` adds their blueprints."""

from __future__ import annotations

from flask import Flask


def register(web: Flask) -> None:
    """Add the blueprints of these pages."""
