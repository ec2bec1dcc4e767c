"""The blueprint that all pages of the lawyer share."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("lawyer", __name__)
