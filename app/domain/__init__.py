"""What an agreement is and what may happen to it.

Purpose: clauses, questionnaire, assembly, numbering, coverage, lint, workflow, envelope,
audit leaf and digests, as pure functions and frozen values.
Imports: the Python standard library only.
Entry: `assembly.assemble`, `lint.agreement_rules.lint_agreement`, `coverage.compute_coverage`,
`questionnaire.derive_questionnaire`, `workflow.next_step`, `digest.digest_of`.
"""
