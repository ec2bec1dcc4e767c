"""The closed list of rules by which clauses and agreements are checked.

Purpose: pure, deterministic rules; each has a stable id, a message and a remedy, and returns
findings. Rules of the library (`library_rules`, `source_rules`) see clause trees before
assembly; rules of agreements see the assembled text.
Imports: the Python standard library and `app.domain`.
Entry: `library_rules.check_clauses`, `source_rules.warn_about_clauses`.
"""
