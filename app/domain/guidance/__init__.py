"""Guidance: what the facts of a deal recommend, and which clauses they force.

Purpose: an owner who knows nothing of contracts answers few questions; the rest is filled in
from what is known, each with one sentence why. Imports: the standard library and `app.domain`.
Entry: `guide(library, contract_template, answers) -> Guidance` (guide.py); the rules are in
forcing.py (families that must be there), fact_rules.py, dispute_rules.py, answer_rules.py and
amount_rules.py.
"""
