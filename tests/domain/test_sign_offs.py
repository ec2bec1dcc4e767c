"""The gate: which decisions carry an agreement, and that no order of them lets a bad one pass."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.agreement_text import AgreementText, ClauseText, SectionText
from app.domain.review import Decision, SignOff, review_state
from app.domain.sign_off_state import Standing, find_standing

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
LAWS = ("GB", "PH")
APPROVED, CONDITIONS, REFUSED = Decision.APPROVED, Decision.APPROVED_WITH_CONDITIONS, Decision.REFUSED


def decision(
    kind: Decision = APPROVED, *, digest: str = "d1", days: int = -1, lawyer: str = "l1", **changed: object
) -> SignOff:
    values: dict[str, object] = {
        "id": f"{lawyer}{days}{kind}",
        "clause_id": "take-home.strict",
        "clause_version": "1",
        "clause_digest": digest,
        "lawyer_id": lawyer,
        "lawyer_name": lawyer,
        "bar_number": "",
        "bar_jurisdiction": "",
        "decision": kind,
        "jurisdictions": LAWS,
        "contract_templates": ("va-nda",),
        "conditions": "",
        "comment": "",
        "decided_at": NOW + timedelta(days=days),
    }
    return SignOff(**(values | changed))  # type: ignore[arg-type]


def text_with(digest: str = "d1") -> AgreementText:
    clause = ClauseText(
        "1", "No take-home", "take-home", "take-home", "strict", "take-home.strict", "1", digest,
        prominent=False, initials=False, addresses=(), summary=(), paragraphs=(),
    )  # fmt: skip
    return AgreementText(
        "LB-1", "NDA", "", "en-GB", "va-nda", "1", "clause", True, "A", "B", "", (),
        (SectionText("", (clause,)),), (), (), (), "",
    )  # fmt: skip


def passes(*decisions: SignOff, laws: tuple[str, ...] = LAWS, at: datetime = NOW) -> bool:
    return review_state(text_with(), decisions, jurisdictions=laws, at=at).passes


@pytest.mark.parametrize(
    ("decisions", "carried"),
    [
        ([], False),
        ([decision()], True),
        ([decision(CONDITIONS, conditions="Only with insurance.")], True),
        ([decision(REFUSED)], False),
        ([decision(digest="an earlier wording")], False),
        ([decision(expires_at=NOW + timedelta(seconds=1))], True),
        ([decision(expires_at=NOW)], False),
        ([decision(jurisdictions=("GB",))], False),
        ([decision(jurisdictions=("*",))], True),
        ([decision(jurisdictions=("GB",)), decision(jurisdictions=("PH",), lawyer="l2")], False),
        ([decision(contract_templates=("outsourcing-services",))], False),
        ([decision(contract_templates=("*",))], True),
        ([decision(days=-5), decision(REFUSED, days=-1)], False),
        ([decision(REFUSED, days=-5), decision(days=-1)], True),
        ([decision(REFUSED, days=-5), decision(days=-1, lawyer="l2")], False),
        ([decision(days=-5, jurisdictions=("*",)), decision(days=-1, jurisdictions=("GB",))], False),
        ([decision(expires_at=NOW), decision(lawyer="l2")], True),
    ],
)  # fmt: skip
def test_the_gate(decisions: list[SignOff], carried: bool) -> None:
    assert passes(*decisions) is carried
    assert passes(*reversed(decisions)) is carried


DECISIONS = st.lists(
    st.builds(
        lambda kind, days, lawyer, expires, laws, digest: decision(
            kind,
            days=days,
            lawyer=lawyer,
            jurisdictions=laws,
            digest=digest,
            expires_at=None if expires is None else NOW + timedelta(days=expires),
        ),
        st.sampled_from(list(Decision)),
        st.integers(-40, -1),
        st.sampled_from(["l1", "l2", "l3"]),
        st.one_of(st.none(), st.integers(-20, 20)),
        st.sampled_from([("*",), ("GB",), ("GB", "PH")]),
        st.sampled_from(["d1", "old"]),
    ),
    max_size=8,
    unique_by=lambda one: (one.lawyer_id, one.decided_at),
)


@given(DECISIONS, st.randoms())
def test_no_order_of_decisions_lets_a_refused_or_expired_clause_pass(
    decisions: list[SignOff], chance
) -> None:
    last = {}
    for one in sorted(decisions, key=lambda one: one.decided_at):
        if one.clause_digest == "d1":
            last[one.lawyer_id] = one
    refused = any(one.decision is REFUSED for one in last.values())
    good = [
        one
        for one in last.values()
        if one.decision is not REFUSED
        and (one.expires_at is None or one.expires_at > NOW)
        and (one.jurisdictions == ("*",) or set(LAWS) <= set(one.jurisdictions))
    ]
    shuffled = list(decisions)
    chance.shuffle(shuffled)
    assert passes(*shuffled) is (bool(good) and not refused)


@given(DECISIONS)
def test_what_the_queue_calls_signed_off_carries_some_agreement(decisions: list[SignOff]) -> None:
    found = find_standing("d1", decisions, NOW)
    if found.standing in (Standing.SIGNED_OFF, Standing.EXPIRING):
        assert passes(*decisions, laws=())
    else:
        assert not passes(*decisions, laws=())


@pytest.mark.parametrize(
    ("decisions", "earlier", "standing"),
    [
        ([], False, Standing.NEVER),
        ([], True, Standing.CHANGED),
        ([decision()], False, Standing.SIGNED_OFF),
        ([decision(expires_at=NOW + timedelta(days=30))], False, Standing.EXPIRING),
        ([decision(expires_at=NOW + timedelta(days=31))], False, Standing.SIGNED_OFF),
        ([decision(expires_at=NOW + timedelta(days=3)), decision(lawyer="l2")], False, Standing.SIGNED_OFF),
        ([decision(expires_at=NOW)], False, Standing.EXPIRED),
        ([decision(REFUSED), decision(lawyer="l2")], False, Standing.REFUSED),
        ([decision(sample=True)], False, Standing.SAMPLE),
    ],
)  # fmt: skip
def test_standings(decisions: list[SignOff], earlier: bool, standing: Standing) -> None:
    assert find_standing("d1", decisions, NOW, earlier=earlier).standing is standing
