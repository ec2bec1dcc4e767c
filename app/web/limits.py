"""How often one address may ask: in memory, by named limits that views carry as decorators.

    @limits.code
    @blueprint.post("/s/code")

Only changing requests count. They are wide enough for a whole office behind one address; the
narrow limits (ten wrong passwords, five tries of a code) are kept per account and link by services.
"""

from __future__ import annotations

from flask import Flask
from flask_limiter import Limiter

from app.web.kit import client_address

limiter = Limiter(key_func=client_address, storage_uri="memory://", strategy="moving-window")

CHANGING = ["POST", "PUT", "PATCH", "DELETE"]

login = limiter.shared_limit("60 per 15 minutes", scope="login", methods=CHANGING)
code = limiter.shared_limit("60 per 15 minutes", scope="code", methods=CHANGING)
verify = limiter.shared_limit("60 per 5 minutes", scope="verify", methods=CHANGING)
upload = limiter.shared_limit("60 per 5 minutes", scope="upload", methods=CHANGING)
link = limiter.shared_limit("120 per 15 minutes", scope="link", methods=["GET", *CHANGING])


def register(web: Flask) -> None:
    limiter.init_app(web)
