"""The owner and the lawyer at their desks: first start, person, draft, sign-offs, sending, downloads."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from app.demo.mailbox import Mailbox
from app.demo.site import COUNTRY, ORGANISATION, Site
from app.demo.visitor import Page, Visitor
from app.domain.answers import Answers
from app.domain.clause import Answer
from app.domain.errors import AppError
from app.services.accounts import set_up_url

OWNER_NAME, OWNER_EMAIL = "Nora Whitlow", "nora@larkfield.example"
LAWYER_NAME, LAWYER_EMAIL = "SAMPLE sign-off, no lawyer has read this", "lawyer@larkfield.example"
BUSINESS = {
    "organisation": ORGANISATION,
    "address": "14 Tanner Row, Bristol BS1 4QD",
    "country": COUNTRY,
    "number_prefix": "LB",
}
STEP_TO_MEND = re.compile(r"/draft\?step=(\d+)")
AGREEMENT = re.compile(r"/agreements/([0-9a-f]{32})")


def enter_workspace(site: Site) -> Visitor:
    """The owner signed in: by the set-up link at the first demo, with the password afterwards."""
    visitor = Visitor(site.url)
    link = set_up_url(site.installation.toolkit)
    password = site.passwords["owner"]
    if link is None:
        sign_in(visitor, OWNER_EMAIL, password)
        return visitor
    values = {
        "name": OWNER_NAME,
        "email": OWNER_EMAIL,
        "password": password,
        "password_again": password,
        **BUSINESS,
    }
    visitor.submit(visitor.visit(link), "/set-up/", values)
    return visitor


def sign_in(visitor: Visitor, email: str, password: str) -> Page:
    return visitor.submit(visitor.visit("/sign-in"), "/sign-in", {"email": email, "password": password})


def invite_lawyer(site: Site, owner: Visitor) -> Visitor:
    """The lawyer signed in: invited by mail at the first demo."""
    members = owner.visit("/members")
    visitor = Visitor(site.url)
    password = site.passwords["lawyer"]
    if LAWYER_EMAIL in members.text:
        sign_in(visitor, LAWYER_EMAIL, password)
        return visitor
    mailbox = Mailbox(site.outbox, LAWYER_EMAIL)
    owner.submit(members, "/members", {"name": LAWYER_NAME, "email": LAWYER_EMAIL, "part": "lawyer"})
    page = visitor.visit(mailbox.wait_for_link())
    visitor.submit(page, "/join/", {"password": password, "password_again": password})
    sign_in(visitor, LAWYER_EMAIL, password)
    return visitor


def draft_agreement(owner: Visitor, template: str, answers: Answers) -> str:
    """Add the person where needed, begin the agreement, answer everything. Returns its id."""
    page = owner.submit(
        owner.visit("/agreements/new"),
        "/agreements/new",
        {"template": template, "person": _person(owner, answers)},
    )
    found = AGREEMENT.search(page.url)
    if found is None:
        raise AppError("demo-no-draft", "The draft did not open.", "Report this fault.")
    for family, position in answers.positions.items():
        path = f"/agreements/{found[1]}/positions/{family}"
        owner.submit(owner.visit(path), path, {"position": position})
    values = _fields(answers)
    page = _answer_all(owner, found[1], values)
    for step in sorted(set(STEP_TO_MEND.findall(page.text))):
        # Some answers bring further questions into steps already passed; the page says where.
        mended = owner.visit(f"/agreements/{found[1]}/draft?step={step}")
        owner.submit(mended, "/draft", values)
    return found[1]


def _answer_all(owner: Visitor, agreement_id: str, values: Mapping[str, str | Sequence[str]]) -> Page:
    """Go through the steps of the draft; the page after the last is the one for sending."""
    page = owner.visit(f"/agreements/{agreement_id}/draft")
    seen: set[str] = set()
    while "/draft" in page.path and page.url not in seen:
        seen.add(page.url)
        page = owner.submit(page, "/draft", {**values, "go": "next"})
    return page


def sign_off(lawyer: Visitor, clauses: Sequence[str]) -> int:
    """Decide on each of these clauses that has no decision yet. Returns how many were decided."""
    decided = 0
    for clause_id in clauses:
        page = lawyer.visit(f"/clauses/{clause_id}")
        values = {
            "decision": "approved",
            "reach": "*",
            "contract_templates": ["va-nda", "outsourcing-services"],
        }
        lawyer.submit(page, f"/clauses/{clause_id}", {**values, "words": "SAMPLE"})
        decided += 1
    return decided


def send(owner: Visitor, agreement_id: str) -> None:
    page = owner.visit(f"/agreements/{agreement_id}/send")
    owner.submit(page, f"/agreements/{agreement_id}/send", {"message": "Please read and sign."})


def begin_signing(owner: Visitor, agreement_id: str) -> Page:
    """The owner's own signature: from the workspace into the ceremony."""
    page = owner.visit(f"/agreements/{agreement_id}/sign")
    return owner.submit(page, f"/agreements/{agreement_id}/sign", {})


def download(owner: Visitor, agreement_id: str, kind: str) -> bytes:
    page = owner.visit(f"/agreements/{agreement_id}")
    return owner.submit(page, f"/download/{kind}", {}).data


def _person(owner: Visitor, answers: Answers) -> str:
    """The id of the assistant among the owner's people, added where missing."""
    signer = answers.signers["assistant"]
    parties = answers.families["parties"]
    for _ in range(2):
        page = owner.visit("/people")
        found = re.search(rf'/people/([0-9a-f]{{32}})"[^>]*>\s*{re.escape(signer.name)}', page.text)
        if found:
            return found[1]
        owner.submit(
            owner.visit("/people/add"),
            "/people/add",
            {
                "name": signer.name,
                "email": signer.email,
                "country": str(answers.facts["assistant_country"]),
                "capacity": signer.capacity,
                "kind": "individual",
                "address": str(parties["assistant_address"]),
            },
        )
    raise AppError("demo-no-person", "The person could not be added.", "Report this fault.")


def _fields(answers: Answers) -> dict[str, str | Sequence[str]]:
    """The answers as the fields of the draft's forms; a step takes those that it asks."""
    fields: dict[str, str | Sequence[str]] = {}
    questions: dict[str, Answer] = {f"deal.{name}": value for name, value in answers.facts.items()}
    for family, values in answers.families.items():
        questions |= {f"{family}.{name}": value for name, value in values.items()}
    for role, who in answers.signers.items():
        questions |= {f"signers.{role}.name": who.name, f"signers.{role}.email": who.email}
        questions[f"signers.{role}.capacity"] = who.capacity
    for key, value in questions.items():
        fields |= _field(f"a:{key}", value)
    return fields


def _field(name: str, value: Answer) -> Mapping[str, str | Sequence[str]]:
    if isinstance(value, bool):
        return {name: "yes" if value else "no"}
    if not isinstance(value, list):
        return {name: str(value)}
    rows = [row for row in value if isinstance(row, dict)]
    if rows:
        cells = {f"{name}:{i}:{column}": cell for i, row in enumerate(rows) for column, cell in row.items()}
        return {**cells, f"{name}:here": "1"}
    texts = [item for item in value if isinstance(item, str)]
    chosen = all(re.fullmatch("[a-z_]+", text) for text in texts)
    return {name: texts, f"{name}:here": "1"} if chosen else {name: "\n".join(texts)}
