"""A browser without pictures: keeps cookies, reads forms, sends them as a person would."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin, urlsplit
from urllib.request import HTTPCookieProcessor, ProxyHandler, Request, build_opener

from app.domain.errors import AppError

PATIENCE_SECONDS = 60
SENT_KINDS = {"hidden", "text", "email", "password", "date", "number", "search", "tel", "url"}


@dataclass
class Form:
    """A form of a page that is sent by POST, with the values it comes with."""

    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Page:
    """What an address answered, after redirects."""

    url: str
    data: bytes
    forms: tuple[Form, ...]
    token: str  # of the csrf meta element

    @property
    def text(self) -> str:
        return self.data.decode("utf-8", "replace")

    @property
    def path(self) -> str:
        return urlsplit(self.url).path

    def form(self, action: str) -> Form:
        """The first form whose action holds `action`. Raises AppError."""
        for found in self.forms:
            if action in found.action:
                return found
        raise AppError(
            "demo-form-missing", f"The page {self.path} has no form for {action}.", "Report this fault."
        )


class Visitor:
    """One person's browser."""

    def __init__(self, site: str) -> None:
        self.site = site
        self._open = build_opener(ProxyHandler({}), HTTPCookieProcessor(CookieJar())).open

    def visit(self, address: str) -> Page:
        return self._fetch(Request(urljoin(self.site, address)))  # noqa: S310  only our own address

    def submit(self, page: Page, action: str, values: Mapping[str, str | Sequence[str]]) -> Page:
        """Send a form of the page with `values` in place of what it came with."""
        form = page.form(action)
        sent = [(name, value) for name, value in form.fields if name not in values]
        for name, value in values.items():
            sent += [(name, value)] if isinstance(value, str) else [(name, one) for one in value]
        return self._fetch(
            Request(  # noqa: S310  only our own address
                form.action, urlencode(sent).encode(), self._headers(page)
            )
        )

    def ask(self, page: Page, address: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """What the script of a page does: send JSON, get JSON."""
        headers = {
            **self._headers(page),
            "Content-Type": "application/json",
            "Accept": "application/json",
            "X-CSRFToken": page.token,
        }
        answer = self._fetch(
            Request(urljoin(self.site, address), json.dumps(body).encode(), headers)  # noqa: S310
        )
        result: dict[str, Any] = json.loads(answer.data)
        return result

    def _headers(self, page: Page) -> dict[str, str]:
        return {"Origin": self.site, "Sec-Fetch-Site": "same-origin"}

    def _fetch(self, request: Request) -> Page:
        try:
            with self._open(request, timeout=PATIENCE_SECONDS) as answer:
                return _read(answer.geturl(), answer.read(), answer.headers.get_content_type())
        except HTTPError as error:
            page = _read(request.full_url, error.read(), "text/html")
            raise AppError(
                "demo-refused",
                f"{request.get_method()} {urlsplit(request.full_url).path} was answered with {error.code}: "
                f"{_words(page.text)}",
                "Report this fault.",
            ) from error


def _read(url: str, data: bytes, media_type: str) -> Page:
    if media_type != "text/html":
        return Page(url, data, (), "")
    reader = _FormReader()
    reader.feed(data.decode("utf-8", "replace"))
    for form in reader.forms:
        form.action = urljoin(url, form.action)  # an empty action is the page itself
    return Page(url, data, tuple(reader.forms), reader.token)


def _words(text: str) -> str:
    """The first heading and errors of a page, or the whole of a JSON answer."""
    reader = _HeadingReader()
    reader.feed(text)
    return " ".join(reader.words) or text[:300]


class _FormReader(HTMLParser):
    """Collects forms, with inputs, chosen options and text areas."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.token = ""
        self._form: Form | None = None
        self._select = ""
        self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(values.get("action", ""))
            if values.get("method", "").lower() == "post":
                self.forms.append(self._form)
        elif tag == "meta" and values.get("name") == "csrf-token":
            self.token = values.get("content", "")
        elif self._form is not None and tag == "input" and "name" in values:
            self._take_input(self._form, values)
        elif tag == "select":
            self._select = values.get("name", "")
        elif tag == "textarea":
            self._area = values.get("name", "")
            self._put(self._area, "")
        elif tag == "option" and "selected" in values:
            self._put(self._select, values.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area and self._form is not None:
            name, value = self._form.fields[-1]
            self._form.fields[-1] = (name, (value + data).removeprefix("\n"))

    def _take_input(self, form: Form, values: Mapping[str, str]) -> None:
        kind = values.get("type", "text")
        ticked = kind in ("checkbox", "radio") and "checked" in values
        if kind in SENT_KINDS or ticked:
            form.fields.append((values["name"], values.get("value", "on" if ticked else "")))

    def _put(self, name: str, value: str) -> None:
        if self._form is not None and name:
            self._form.fields.append((name, value))


class _HeadingReader(HTMLParser):
    """Collects what a page says loudest: its heading and the errors beside fields."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._inside = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        loud = tag == "h1" or "field-error" in (dict(attrs).get("class") or "")
        if loud or self._inside:
            self._inside += tag not in ("use", "svg", "input", "br", "img", "path")

    def handle_endtag(self, tag: str) -> None:
        if self._inside and tag not in ("use", "svg", "input", "br", "img", "path"):
            self._inside -= 1

    def handle_data(self, data: str) -> None:
        if self._inside and data.strip():
            self.words.append(data.strip())
