"""Revocation lists and certificates of root and issuing authorities, present and former. Read only."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Response, abort, make_response, request

from app.domain.errors import KeysUnavailable
from app.services.keys import as_pem, authorities
from app.web import access
from app.web.kit import kit

blueprint = Blueprint("trust", __name__, url_prefix="/trust")

KEPT = "public, max-age=3600"  # a revocation is seen everywhere after an hour
LIST, CERTIFICATE = "application/pkix-crl", "application/pkix-cert"  # RFC 2585, 4
CHAIN = "application/pem-certificate-chain"  # RFC 8555, 9.1


@blueprint.get("/<name>.crl")
@access.public
def revocation_list(name: str) -> Response:
    """The list of an authority, DER."""
    try:
        lists = kit().credentials.crls()
    except KeysUnavailable:
        abort(404)
    return _answer(lists.get(name), LIST, f"{name}.crl")


@blueprint.get("/<name>.crt")
@access.public
def certificate(name: str) -> Response:
    """The certificate of an authority, DER."""
    return _answer(_authorities().get(name), CERTIFICATE, f"{name}.crt")


@blueprint.get("/ca.pem")
@access.public
def every_certificate() -> Response:
    """All of them in one file, as for `verify --trust`."""
    found = "".join(as_pem(der) for der in _authorities().values())
    return _answer(found.encode("ascii") or None, CHAIN, "ca.pem")


def _authorities() -> Mapping[str, bytes]:
    """Nothing before the business is entered: there are no keys yet."""
    try:
        return authorities(kit())
    except KeysUnavailable:
        return {}


def _answer(content: bytes | None, kind: str, file_name: str) -> Response:
    if content is None:
        abort(404)
    answer = make_response(content)
    answer.headers["Content-Type"] = kind
    answer.headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
    answer.headers["Cache-Control"] = KEPT
    answer.add_etag()
    answer.make_conditional(request.environ)
    return answer
