"""Agreement trees made by hand: small, sixty clauses, long names, other scripts, hostile answers."""

from __future__ import annotations

from dataclasses import replace

from app.domain.agreement_text import (
    AgreementText,
    ClauseText,
    InitialsPlace,
    KeyTerm,
    Paragraph,
    Run,
    RunKind,
    ScheduleText,
    SectionText,
    SignatureBlock,
    TextTable,
)

TITLES = (
    "Parties", "Confidentiality", "Marking", "Sensitive Data", "Written directives", "Approved Systems",
    "No take-home of information", "Sub-contractors", "Sharing offshore", "Access and passwords",
    "Incident notice", "Rules and audit", "Training", "Backups", "Return and erase", "Liability",
    "Agreed compensation", "Law and courts", "Signing",
)  # fmt: skip


def run(text: str, kind: RunKind = RunKind.TEXT, target: str = "") -> Run:
    return Run(text, kind, target)


def plain(text: str) -> tuple[Run, ...]:
    return (Run(text),)


def clause(
    number: int, title: str, family: str, *, initials: bool = False, prominent: bool = False
) -> ClauseText:
    """A clause of two paragraphs, the second with items, a definition, an answer and a reference."""
    second = Paragraph(
        "(b)",
        1,
        (
            run("A "),
            run(f"“Stray Copy {number}”", RunKind.DEFINITION),
            run(
                " is any copy of Sensitive Data outside the Approved Systems. "
                "The Assistant must report it under "
            ),
            run("clause 1", RunKind.REFERENCE, "family-1"),
            run(" within "),
            run("24 hours", RunKind.ANSWER, f"{family}.hours"),
            run(" and must:"),
        ),
        anchor=f"{family}-report",
        path=f"{number}(b)",
        children=(
            Paragraph(
                "(i)",
                2,
                plain("follow the Client’s instructions to return it; and"),
                path=f"{number}(b)(i)",
            ),
            Paragraph(
                "(ii)",
                2,
                plain("erase it from every device on which it was kept."),
                path=f"{number}(b)(ii)",
            ),
        ),
    )
    first = Paragraph(
        "(a)",
        1,
        plain(
            "The Assistant must keep Sensitive Data inside the Approved Systems and must not download, "
            "print, photograph, record or forward it, except where the Client’s written Directive says "
            "so or law requires it."
        ),
        path=f"{number}(a)",
    )
    return ClauseText(
        str(number), title, family, family, "strict", f"{family}.strict", "1", "0" * 64, prominent, initials,
        ("R1",), (plain("You keep data in the client’s systems."),), (first, second),
    )  # fmt: skip


def signature_blocks() -> tuple[SignatureBlock, ...]:
    return (
        SignatureBlock(
            "assistant",
            "assistant",
            "Signed by the Assistant",
            "Liza Santos",
            "Liza Santos",
            "for herself",
        ),
        SignatureBlock(
            "client",
            "client",
            "Signed for the Client",
            "Larkfield Bookkeeping Ltd",
            "Nora Whitlow",
            "director",
        ),
    )


def agreement(count: int = 19, **changes: object) -> AgreementText:
    """An agreement of `count` clauses; every third is initialled by the Assistant."""
    titles = [TITLES[index % len(TITLES)] for index in range(count)]
    clauses = tuple(
        clause(n, title, f"family-{n}", initials=n % 3 == 2, prominent=n == 5)
        for n, title in enumerate(titles, start=1)
    )
    text = AgreementText(
        number="LB-2026-014",
        title="Confidentiality and Services Agreement",
        subtitle="between Larkfield Bookkeeping Ltd and Liza Santos",
        language="en-GB",
        contract_template="va-nda",
        contract_template_version="1",
        unit_word="clause",
        confidential=True,
        owner_name="Larkfield Bookkeeping Ltd",
        counterparty_name="Liza Santos",
        intro="These Key Terms are part of the agreement. The clauses that follow explain them.",
        key_terms=key_terms(),
        sections=(SectionText("", clauses),),
        schedules=schedules(),
        signature_blocks=signature_blocks(),
        initials=tuple(InitialsPlace("assistant", c.family) for c in clauses if c.initials),
        review_note="not reviewed by a lawyer",
    )
    return replace(text, **changes)  # type: ignore[arg-type]


def key_terms() -> tuple[KeyTerm, ...]:
    return (
        KeyTerm("The Client", plain("Larkfield Bookkeeping Ltd, Bristol"), "clause 1", "family-1"),
        KeyTerm("The Assistant", plain("Liza Santos, Cebu City, Philippines"), "clause 1", "family-1"),
        KeyTerm("Starts", plain("on the day the second party signs; no fixed end"), "", ""),
        KeyTerm("Stray copies", plain("reported within 24 hours"), "clause 1", "family-1"),
        KeyTerm("Law and courts", plain("England and Wales; mediation first"), "clause 1", "family-1"),
    )  # fmt: skip


def schedules() -> tuple[ScheduleText, ...]:
    table = TextTable(
        (plain("Data"), plain("Kept in")),
        (
            (plain("customer names and addresses"), plain("the ledger")),
            (plain("bank statements"), plain("the ledger")),
        ),
        "schedule-1-data",
    )
    numbered = Paragraph(
        "1", 1, plain("Each kind of data stays in its system."), path="1",
        children=(Paragraph("(a)", 2, plain("Copies count as the data they are made of."), path="1(a)"),),
    )  # fmt: skip
    plain_text = Paragraph("", 0, plain("The table lists the Sensitive Data."))
    return (
        ScheduleText("1", "Sensitive Data", "schedule-1", "family-1", (plain_text, table, numbered)),
    )


LONG_NAME = (
    "The Worshipful and Amalgamated Society of Bookkeepers, Ledger Clerks and Allied Professions of "
)
LONG_NAME += "Greater Larkfield and the Surrounding Parishes (Holdings) International Limited"


def small() -> AgreementText:
    """One clause without initials or schedules."""
    return agreement(1, schedules=(), review_note="", initials=())


def long_names() -> AgreementText:
    blocks = tuple(replace(block, party=LONG_NAME, name=LONG_NAME) for block in signature_blocks())
    unbroken = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 2
    return agreement(
        4,
        owner_name=LONG_NAME,
        counterparty_name=unbroken,
        title=f"Agreement of {LONG_NAME}",
        subtitle=f"between {LONG_NAME} and {unbroken}",
        key_terms=(KeyTerm(LONG_NAME, plain(unbroken), "clause 1", "family-1"),),
        signature_blocks=blocks,
        schedules=(),
    )


def other_scripts() -> AgreementText:
    """Hebrew, Arabic and emoji in answers."""
    blocks = (
        SignatureBlock(
            "assistant",
            "assistant",
            "Signed by the Assistant",
            "ليلى (حداد) 12",
            "ليلى حداد",
            "for herself",
        ),
        SignatureBlock(
            "client", "client", "Signed for the Client", "דוד כהן בע״מ", "דוד כהן", "director 👩🏽‍💻"
        ),
    )
    return agreement(
        3,
        owner_name="דוד כהן בע״מ",
        counterparty_name="ليلى حداد",
        subtitle="between דוד כהן בע״מ and ليلى حداد",
        key_terms=(
            KeyTerm("The Client", (Run("דוד כהן בע״מ (12)", RunKind.ANSWER),), "clause 1", "family-1"),
            KeyTerm(
                "The Assistant",
                (Run("ليلى حداد", RunKind.ANSWER), run(", Cairo")),
                "clause 1",
                "family-1",
            ),
            KeyTerm("Mood", (Run("👩🏽‍💻 😀 🎉 ☑", RunKind.ANSWER),), "", ""),
        ),
        signature_blocks=blocks,
    )


HOSTILE = (
    "<script>alert(1)</script>",
    "<img src='http://127.0.0.1:9/x'>",
    "\"><style>@import 'http://127.0.0.1:9/'</style>",
    "{{ 7 * 7 }} {% raw %} {# c #}",
    "</article></body></html>",
    "' onload=alert(1) x='",
    "A & B < C > D &amp; &lt;",
    "\\A content: url(http://127.0.0.1:9/)",
    "<input type=checkbox name=seal>",
    "]]> <!-- -->",
    "${7*7} #{7*7} <%= 7 %>",
)


def hostile(value: str) -> AgreementText:
    """`value` in every place that an answer can reach."""
    blocks = tuple(
        replace(block, party=value, name=value, capacity=value, label=value)
        for block in signature_blocks()
    )
    return agreement(
        2,
        number=value,
        title=value,
        subtitle=value,
        owner_name=value,
        counterparty_name=value,
        intro=value,
        review_note=value,
        key_terms=(KeyTerm(value, (Run(value, RunKind.ANSWER, value),), value, value),),
        signature_blocks=blocks,
    )


def sectioned() -> AgreementText:
    """Titled sections, a sole paragraph with items, thirty paragraphs, references of every kind."""
    many = tuple(
        Paragraph(f"({letter})", 1, plain(f"Duty {index} stands here."), path=f"2({letter})")
        for index, letter in enumerate([*"abcdefghijklmnopqrstuvwxyz", "aa", "ab", "ac", "ad"], start=1)
    )
    items = tuple(
        Paragraph(f"({letter})", 1, plain(f"item {letter};"), f"one.item-{letter}", f"1({letter})")
        for letter in "abcdefghij"
    )
    sole = Paragraph("", 0, plain("The Assistant must keep:"), "one.sole", "1", items)
    references = (
        run("See "),
        run("clause\u00a01(i)", RunKind.REFERENCE, "one.item-i"),
        run(", "),
        run("clause\u00a01", RunKind.REFERENCE, "one.sole"),
        run(", "),
        run("clauses\u00a01", RunKind.REFERENCE, "one"),
        run(" and "),
        run("2", RunKind.REFERENCE, "two"),
        run(", "),
        run("Schedule\u00a01", RunKind.REFERENCE, "schedule-1"),
        run(", "),
        run("this clause", RunKind.REFERENCE, "three"),
        run(" and "),
        run("____", RunKind.OPEN, "three.blank"),
        run("."),
    )
    last = (Paragraph("", 0, references),)
    clauses = (
        replace(clause(1, "One", "one"), paragraphs=(sole,)),
        replace(clause(2, "Two", "two", initials=True), paragraphs=many),
        replace(clause(3, "Three", "three"), paragraphs=last),
    )
    return agreement(
        sections=(SectionText("First things", clauses[:1]), SectionText("Other things", clauses[1:])),
        key_terms=(KeyTerm("Keep", plain("all of it"), "clause\u00a01", "one"),),
        initials=(InitialsPlace("assistant", "two"), InitialsPlace("client", "two")),
    )
