"""Assembly: clause trees, a contract template and answers become the one printed text.

Pure and deterministic, a few milliseconds. Never raises on missing answers: an open place is
a run of kind OPEN, and the lint says what must be settled before sending.
"""

from __future__ import annotations

from app.domain.agreement_text import (
    AgreementText,
    ClauseText,
    InitialsPlace,
    Paragraph,
    Runs,
    SectionText,
    SignatureBlock,
)
from app.domain.answers import Answers
from app.domain.blocks import print_block
from app.domain.clause import Clause, Role
from app.domain.contract_template import ContractTemplate, Library, SignerRole
from app.domain.deal import Deal
from app.domain.definitions import INDEX_BLOCK, print_index
from app.domain.key_terms import print_key_terms
from app.domain.numbering import NumberedBlock, NumberedClause
from app.domain.outline import Outline, outline_agreement
from app.domain.references import anchor_of
from app.domain.schedules import print_schedules
from app.domain.text_printer import TextPrinter
from app.domain.typography import print_heading

LANGUAGE = "en-GB"


def assemble(
    library: Library,
    contract_template: ContractTemplate,
    answers: Answers,
    *,
    number: str = "",
    review_note: str = "",
) -> AgreementText:
    """The agreement that these answers give.

    number: the owner's reference, printed in the footer.
    review_note: "not reviewed by a lawyer", or "".
    """
    return print_agreement(
        outline_agreement(library, contract_template, answers), number=number, review_note=review_note
    )


def print_agreement(outline: Outline, *, number: str = "", review_note: str = "") -> AgreementText:
    """The printed text of an outline that is already at hand."""
    deal, template = outline.deal, outline.deal.contract_template
    words = template.role_words
    printer = TextPrinter(deal, outline.references, outline.anchors, words)
    client, assistant = deal.party_name("client_name"), deal.party_name("assistant_name")
    return AgreementText(
        number=number,
        title=print_heading(template.title, words),
        subtitle=f"between {client or _the(deal, Role.CLIENT)} and {assistant or _the(deal, Role.ASSISTANT)}",
        language=LANGUAGE,
        contract_template=template.id,
        contract_template_version=template.version,
        unit_word=template.unit_word,
        confidential=template.confidential,
        owner_name=client,
        counterparty_name=assistant,
        intro=print_heading(template.intro, words),
        key_terms=print_key_terms(outline, printer),
        sections=_print_sections(outline, printer),
        schedules=tuple(
            schedule for clause in outline.clauses for schedule in print_schedules(printer, clause)
        ),
        signature_blocks=tuple(_signature_block(deal, role) for role in template.signer_roles),
        initials=_initials_places(deal),
        review_note=review_note,
    )


def _print_sections(outline: Outline, printer: TextPrinter) -> tuple[SectionText, ...]:
    waiting = iter(outline.clauses)
    sections = []
    for section in outline.deal.selection.sections:
        clauses = tuple(_print_clause(outline, printer, next(waiting)) for _ in section.clauses)
        if clauses:
            sections.append(SectionText(print_heading(section.title, printer.role_words), clauses))
    return tuple(sections)


def _print_clause(outline: Outline, printer: TextPrinter, numbered: NumberedClause) -> ClauseText:
    clause = numbered.kept.clause
    return ClauseText(
        number=numbered.number,
        title=print_heading(clause.title, printer.role_words),
        anchor=clause.family,
        family=clause.family,
        position=str(clause.position),
        clause_id=clause.id,
        version=clause.version,
        digest=clause.digest,
        prominent=clause.prominent,
        initials=clause.initials,
        addresses=clause.addresses,
        summary=_print_summary(printer, clause),
        paragraphs=tuple(_print_paragraph(outline, printer, clause, block) for block in numbered.blocks),
    )


def _print_paragraph(
    outline: Outline, printer: TextPrinter, clause: Clause, block: NumberedBlock
) -> Paragraph:
    if block.kept.block is not INDEX_BLOCK:
        return print_block(printer, clause, block)
    anchor = anchor_of(clause.family, INDEX_BLOCK.anchor)
    return Paragraph(block.number, block.level, print_index(outline.definitions), anchor, block.path)


def _print_summary(printer: TextPrinter, clause: Clause) -> tuple[Runs, ...]:
    lines = []
    for line in clause.summary:
        decision = printer.deal.decide(clause, line.guards)
        if decision.stands is not False:
            lines.append(printer.waiting_runs(decision.waiting) + printer.runs(clause, line.inlines))
    return tuple(lines)


def _signature_block(deal: Deal, role: SignerRole) -> SignatureBlock:
    signer = deal.answers.signers.get(role.id)
    name = "assistant_name" if role.side is Role.ASSISTANT else "client_name"
    return SignatureBlock(
        role=role.id,
        side=str(role.side).lower(),
        label=print_heading(role.label, deal.contract_template.role_words),
        party=deal.party_name(name),
        name=signer.name if signer else "",
        capacity=signer.capacity if signer else "",
    )


def _initials_places(deal: Deal) -> tuple[InitialsPlace, ...]:
    """Every signer of the Assistant's side initials every clause that asks for it."""
    roles = [role.id for role in deal.contract_template.signer_roles if role.side is Role.ASSISTANT]
    families = dict.fromkeys(clause.family for clause in deal.selection.clauses if clause.initials)
    return tuple(InitialsPlace(role, family) for family in families for role in roles)


def _the(deal: Deal, role: Role) -> str:
    return f"the {deal.contract_template.role_words.get(role, str(role))}"
