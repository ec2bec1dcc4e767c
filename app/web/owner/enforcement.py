"""Where it will be enforced: what is proposed for the two countries, and what to expect there."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.domain.enforcement.outlook import OutlookPoint, Topic
from app.domain.enforcement.proposal import LANGUAGE, POSITION
from app.domain.enforcement.wording import Verdict
from app.domain.finding import Severity
from app.domain.jurisdiction_facts import Confidence
from app.domain.workflow import AgreementStatus
from app.services.enforcement import EnforcementReport, ProposedPoint, read_enforcement
from app.web import access
from app.web.kit import kit
from app.web.owner.page import render
from app.web.owner.places import locate

blueprint = Blueprint("owner_enforcement", __name__)

BEFORE_SENDING = (AgreementStatus.DRAFT, AgreementStatus.IN_REVIEW, AgreementStatus.APPROVED)
UNCONFIRMED = "unconfirmed"

# kind, icon and words of a chip
VERDICTS: Mapping[Verdict, tuple[str, str, str]] = MappingProxyType(
    {
        Verdict.WORKS: ("done", "tick", "Works"),
        Verdict.WITH_CARE: ("you", "warning", "With care"),
        Verdict.WILL_NOT_WORK: ("stop", "cross-circle", "Will not work"),
        Verdict.ASK_A_LAWYER: ("law", "glasses", "Ask a lawyer there"),
    }
)
FINDINGS: Mapping[Severity, tuple[str, str, str]] = MappingProxyType(
    {
        Severity.ERROR: ("stop", "cross-circle", "Must be settled"),
        Severity.WARNING: ("you", "warning", "Look at this"),
        Severity.INFO: ("other", "info", "For information"),
    }
)
TOPICS: Mapping[Topic, str] = MappingProxyType(
    {
        Topic.AWARD: "Awards of arbitrators",
        Topic.JUDGMENT: "Judgments of courts",
        Topic.SIGNATURE: "Electronic signature",
        Topic.AGREED_SUM: "Agreed sums",
        Topic.NON_COMPETE: "Ban on competing",
        Topic.IP_ASSIGNMENT: "Rights in the work",
        Topic.LANGUAGE: "Language",
        Topic.STAMP_DUTY: "Stamp duty",
        Topic.BREACH_NOTICE: "Notice of a data breach",
        Topic.CONTRACTOR_STATUS: "Contractor or employee",
        Topic.EVERYTHING: "The law there",
    }
)
CONFIDENCES: Mapping[Confidence, str] = MappingProxyType(
    {
        Confidence.HIGH: "High: settled law, or confirmed by a source",
        Confidence.MEDIUM: "Medium: believed right, not every citation was checked",
        Confidence.CHECK: "Not verified: ask a lawyer there",
    }
)


@blueprint.get("/agreements/<agreement_id>/enforcement")
@access.workspace(*access.OFFICE)
def show(agreement_id: str) -> ResponseReturnValue:
    report = read_enforcement(kit(), agreement_id)
    can_change = report.agreement.status in BEFORE_SENDING
    links = {one.key: _link(report, one) for one in report.points} if can_change else {}
    findings = report.findings if can_change else ()
    return render(
        "enforcement.html",
        report=report,
        agreement=report.agreement,
        can_change=can_change,
        links=links,
        countries_link=locate(report.draft, "deal.assistant_country") if can_change else "",
        findings=[(one, FINDINGS[one.severity], locate(report.draft, one.subject)) for one in findings],
        places=[(name, _of(report, code)) for code, name in report.places],
        verdicts=VERDICTS,
        topics=TOPICS,
        confidences=CONFIDENCES,
        unconfirmed=UNCONFIRMED,
    )


def _link(report: EnforcementReport, point: ProposedPoint) -> str:
    """Where the point is answered, or "": the language of an arbitration is no question."""
    if not point.applies or point.key == LANGUAGE:
        return ""
    return locate(report.draft, point.key.removeprefix(POSITION))


def _of(report: EnforcementReport, code: str) -> list[OutlookPoint]:
    return [point for point in report.outlook if point.code == code]
