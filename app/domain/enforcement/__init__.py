"""Where an agreement will be enforced: what to propose, and what to expect, from coded facts.

Purpose: from the countries of the two parties propose governing law, court or arbitration, seat,
rules and languages, with one plain reason for each; describe for people what works where the
Assistant lives, with care or not at all. Only coded fields decide, and only of `jurisdiction_facts`;
what is uncertain reads "ask a lawyer there". Nothing here is legal advice.
Imports: the Python standard library and of `app.domain` what the deal does not stand on: a deal
may be opened with a proposal.
Entry: `proposal.propose`, `outlook.describe_outlook`, `routes.judgment_instrument`,
`seats.refusal_of_seat`. The findings of this kind are `lint/enforcement_rules.py`.
"""
