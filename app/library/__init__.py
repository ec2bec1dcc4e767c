"""Reads the clause files, the contract templates, and the names of jurisdictions with what is known of them.

Purpose: parse files into the values of `app.domain`, reporting every fault as a finding with
file and line; a library with an error is never loaded half.
Imports: `app.domain`, pydantic, tomli and the standard library.
Entry: `loading.load_library`, `loading.check_library`, `clause_file.parse_clause`,
`export.clause_to_text`, `export.write_clause`, `jurisdictions.load_jurisdictions`,
`jurisdiction_file.read_jurisdiction_facts`.
"""
