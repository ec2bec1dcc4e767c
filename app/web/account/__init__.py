"""Accounts: first start, sign-in, second factor, profile, the business and its members.

Purpose: Flask-Security on our own store of accounts, and the pages around it.
Imports: services, domain, toolkit, flask and its extensions.
Entry: `register`; `sign_in` for views that have checked somebody in another way (a link).
"""

from __future__ import annotations

from flask import Flask

import app.web.account.business as business
import app.web.account.members as members
import app.web.account.profile as profile
import app.web.account.security as security
import app.web.account.set_up as set_up


def register(web: Flask, secret: str) -> None:
    """secret: the root secret of the pages; keys of the accounts library are derived from it."""
    security.register(web, secret)
    for part in (set_up, profile, business, members):
        web.register_blueprint(part.blueprint)
