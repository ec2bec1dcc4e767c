"""Headers, cookies, addresses: what protects a page before any of it is read."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

from app import create_app
from app.domain.actor import Part
from app.domain.errors import InvalidInput
from app.web import WebSettings, make_web
from app.web.public_url import is_loopback, require_safe, require_safe_host

from .conftest import OWNER, PASSWORD, SECRET, settings_for

SITE = "https://sign.example.com"


def test_every_answer_says_what_may_be_loaded(visitor):
    for path in ("/sign-in", "/nowhere", "/healthz", "/static/css/tokens.css", "/set-up/" + "x" * 43):
        headers = visitor.get(path).headers
        policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
        assert policy["default-src"] == "'none'"
        assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
        assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert "Strict-Transport-Security" not in headers
        assert "Server" not in headers or "Python" not in headers["Server"]


def test_pages_are_not_kept_and_hold_no_inline_code(site, visitor):
    site.make(Part.OWNER)
    visitor.sign_in()
    for path in ("/sign-in", "/account", "/members", "/business", "/welcome", "/account/password"):
        answer = visitor.get(path)
        assert "no-store" in answer.headers["Cache-Control"]
        assert " style=" not in answer.text
        assert " onclick=" not in answer.text
        assert "<script>" not in answer.text
        assert "http://" not in answer.text.replace("http://localhost", "").replace("http://www.w3.org", "")


def test_under_https_cookies_are_bound_to_the_host(make_site):
    site = make_site(SITE)
    site.make(Part.OWNER)
    client = site.web.test_client()
    answer = client.get("/sign-in", base_url=SITE)
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-session=")
    for flag in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert flag in cookie
    assert "Domain" not in cookie
    age, _, rest = answer.headers["Strict-Transport-Security"].partition("; ")
    assert int(age.removeprefix("max-age=")) >= 31_536_000
    assert rest == "includeSubDomains"


def test_forms_work_under_https_though_addresses_are_kept_back(make_site):
    site = make_site(SITE)
    site.make(Part.OWNER)
    browser = site.browser()
    browser.client.environ_base["wsgi.url_scheme"] = "https"
    browser.client.environ_base["HTTP_HOST"] = "sign.example.com"
    page = browser.get("/sign-in")
    token = page.text.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    answer = browser.client.post(
        "/sign-in",
        data={"csrf_token": token, "email": OWNER[1], "password": PASSWORD},
        # as browsers do where the page keeps its address back
        headers={"Origin": "null", "Sec-Fetch-Site": "same-origin"},
    )
    assert answer.status_code == 302
    assert "/sign-in" not in answer.location


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://localhost.evil.example"},
    ],
)
def test_changes_from_other_sites_are_refused(site, visitor, headers):
    site.make(Part.OWNER)
    token = visitor.token_of("/sign-in")
    form = {"csrf_token": token, "email": OWNER[1], "password": PASSWORD}
    assert visitor.client.post("/sign-in", data=form, headers=headers).status_code == 403
    ours = visitor.client.post("/sign-in", data=form, headers={"Origin": "http://localhost"})
    assert ours.status_code == 302


def test_plain_http_from_elsewhere_is_refused(site, visitor):
    assert visitor.get("/sign-in", environ_base={"REMOTE_ADDR": "203.0.113.9"}).status_code == 403
    assert visitor.get("/sign-in", environ_base={"REMOTE_ADDR": "::1"}).status_code == 200


def test_other_names_of_the_host_are_refused(visitor):
    assert visitor.get("/sign-in", headers={"Host": "evil.example"}).status_code == 400
    assert visitor.get("/sign-in", headers={"Host": "127.0.0.1:8000"}).status_code == 200


def address_of(web, headers) -> str:
    from flask import request

    from app.web import access

    web.add_url_rule("/address", "address", access.public(lambda: f"{request.remote_addr} {request.scheme}"))
    client = web.test_client()
    return client.get("/address", base_url="http://sign.example.com", headers=headers).text


def test_forwarded_addresses_count_only_from_our_own_proxies(make_site):
    forged = {"X-Forwarded-For": "198.51.100.7", "X-Forwarded-Proto": "https", "Host": "sign.example.com"}
    assert address_of(make_site(SITE).web, forged) == "127.0.0.1 http"
    assert address_of(make_site(SITE, trusted_proxies=1).web, forged) == "198.51.100.7 https"
    longer = {**forged, "X-Forwarded-For": "8.8.8.8, 198.51.100.7"}
    assert address_of(make_site(SITE, trusted_proxies=1).web, longer) == "198.51.100.7 https"


@pytest.mark.parametrize(
    "url",
    [
        "http://sign.example.com",
        "http://192.168.1.4:8000",
        "http://0.0.0.0:8000",
        "http://localhost.example.com",
        "ftp://sign.example.com",
        "sign.example.com",
        "https://",
        "https://sign.example.com/path",
        "https://user@sign.example.com",
        "https://sign.example.com:99999",
        "https://[broken",
    ],
)
def test_unsafe_addresses_stop_the_start(first_installation, url):
    with pytest.raises(InvalidInput):
        require_safe(url)
    with pytest.raises(InvalidInput):
        make_web(first_installation.toolkit, WebSettings(url, 0, SECRET))


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000", "http://localhost", "http://[::1]:8000", SITE])
def test_safe_addresses(url):
    require_safe(url)
    assert is_loopback(url) == (url != SITE)


def test_the_network_is_listened_to_only_for_https():
    require_safe_host("127.0.0.1", "http://127.0.0.1:8000")
    require_safe_host("0.0.0.0", SITE)
    with pytest.raises(InvalidInput) as refused:
        require_safe_host("0.0.0.0", "http://127.0.0.1:8000")
    assert refused.value.code == "host-open"


def test_the_application_starts_from_settings_alone(tmp_path):
    web = create_app(settings_for(tmp_path, PORT="8123"))
    assert web.test_client().get("/healthz").json == {"status": "ok"}
    assert web.config["PUBLIC_URL"] == "http://127.0.0.1:8123"
    secret = tmp_path / "web-secret"
    assert secret.stat().st_mode & 0o777 == 0o400
    assert secret.read_text() not in (web.secret_key, web.config["SECURITY_TOTP_SECRETS"]["1"])


def test_static_files_are_compressed_and_kept(visitor):
    page = visitor.get("/sign-in").text
    path = page.split('href="/bootstrap/')[1].split('"')[0]
    plain = visitor.get(f"/bootstrap/{path}")
    packed = visitor.get(f"/bootstrap/{path}", headers={"Accept-Encoding": "gzip, br"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert "immutable" in packed.headers["Cache-Control"]
    assert "Accept-Encoding" in packed.headers["Vary"]
    again = visitor.get(f"/bootstrap/{path}", headers={"If-None-Match": plain.headers["ETag"]})
    assert again.status_code == 304
    old = visitor.get(f"/bootstrap/{path.partition('?')[0]}?v=000000000000")
    assert old.headers["Cache-Control"] == "no-cache"


def test_pages_are_never_compressed(visitor):
    answer = visitor.get("/sign-in", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in answer.headers


@pytest.mark.parametrize(
    "name", ["../access.py", "..%2faccess.py", "%2e%2e/access.py", "/etc/passwd", "css", "nothing.css"]
)
def test_nothing_outside_the_folder_is_a_static_file(visitor, name):
    assert visitor.get(f"/static/{name}").status_code in (308, 404)


def test_the_first_view_is_small(visitor):
    page = visitor.get("/sign-in")
    total = len(page.data)
    for part in page.text.split('="/')[1:]:
        path = "/" + part.split('"')[0]
        if "static/" in path:
            total += len(visitor.get(path.split("#")[0], headers={"Accept-Encoding": "gzip"}).data)
    assert 30_000 < total < 150_000


def test_every_icon_that_pages_name_exists():
    room = Path(__file__).resolve().parents[2] / "app" / "web"
    drawn = set(re.findall(r'<symbol id="([a-z-]+)"', (room / "static" / "icons.svg").read_text()))
    for page in (room / "templates").rglob("*.html"):
        text = page.read_text()
        named = set(re.findall(r"icon\('([a-z-]+)'\)", text))
        named |= set(re.findall(r"chip\('[a-z]+', '([a-z-]+)'", text))
        assert named <= drawn, f"{page.name}: {named - drawn}"


def test_a_body_too_large_is_refused(site, visitor):
    answer = visitor.client.post(
        "/sign-in",
        content_type="application/x-www-form-urlencoded",
        environ_overrides={"CONTENT_LENGTH": str(60 * 1024 * 1024)},
    )
    assert answer.status_code == 413


def test_errors_say_what_to_do_and_nothing_else(visitor):
    page = visitor.get("/nowhere")
    assert page.status_code == 404
    assert "There is no such page." in page.text
    script = visitor.get("/nowhere", headers={"Accept": "application/json"})
    assert script.json == {
        "code": "http-404",
        "message": "There is no such page.",
        "remedy": "Check the address, or begin at the start page.",
        "retryable": False,
    }


def test_a_fault_of_ours_shows_no_insides(site, visitor):
    from app.web import access

    def broken():
        raise RuntimeError("the secret is 42")

    site.web.testing = False
    site.web.config["PROPAGATE_EXCEPTIONS"] = False
    site.web.add_url_rule("/broken", "broken", access.public(broken))
    answer = visitor.get("/broken")
    assert answer.status_code == 500
    assert "42" not in answer.text
    assert "Something went wrong" in answer.text
