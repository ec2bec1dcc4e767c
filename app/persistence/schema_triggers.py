"""The triggers that keep what must never change, as SQL of SQLite and of PostgreSQL.

They stop mistakes and slow down an administrator; what proves the log is its checkpoints.
Step 0001 of the migrations calls these functions: later changes come as functions beside them.
"""

from __future__ import annotations

REFUSAL = "is append-only"

# table -> columns of its primary key
APPEND_ONLY: dict[str, tuple[str, ...]] = {
    "audit_leaves": ("sequence",),
    "audit_checkpoints": ("id",),
    "sign_offs": ("id",),
    "signatures": ("envelope_id", "signer_id"),
    "clause_versions": ("digest",),
}
NEXT_SEQUENCE = "(SELECT COALESCE(MAX(sequence) + 1, 0) FROM audit_leaves)"
NEVER_UPDATED = ("audit_personal",)  # erasing a person deletes rows; nothing changes one


def trigger_names() -> frozenset[str]:
    """Every trigger that a sound SQLite database has."""
    names = {f"{table}_no_{verb}" for table in APPEND_ONLY for verb in ("update", "delete", "replace")}
    names |= {f"{table}_no_update" for table in NEVER_UPDATED}
    return frozenset(names | {"audit_leaves_in_order"})


def sqlite_triggers() -> list[str]:
    """CREATE TRIGGER statements for SQLite."""
    statements = []
    for table, key in APPEND_ONLY.items():
        same = " AND ".join(f"{column} = NEW.{column}" for column in key)
        exists = f"EXISTS (SELECT 1 FROM {table} WHERE {same})"  # noqa: S608 - our own names
        statements += [
            _sqlite(table, "update", "UPDATE"),
            _sqlite(table, "delete", "DELETE"),
            _sqlite(table, "replace", "INSERT", f"WHEN {exists} "),
        ]
    statements += [_sqlite(table, "update", "UPDATE") for table in NEVER_UPDATED]
    statements.append(
        "CREATE TRIGGER audit_leaves_in_order BEFORE INSERT ON audit_leaves "
        f"WHEN NEW.sequence <> {NEXT_SEQUENCE} "
        f"BEGIN SELECT RAISE(ABORT, 'audit_leaves {REFUSAL}: not the next sequence'); END"
    )
    return statements


def _sqlite(table: str, verb: str, on: str, when: str = "") -> str:
    return (
        f"CREATE TRIGGER {table}_no_{verb} BEFORE {on} ON {table} {when}"
        f"BEGIN SELECT RAISE(ABORT, '{table} {REFUSAL}'); END"
    )


def postgresql_triggers() -> list[str]:
    """CREATE FUNCTION and CREATE TRIGGER statements for PostgreSQL."""
    statements = [
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' {REFUSAL}'; END $$",
        "CREATE FUNCTION refuse_other_sequence() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF NEW.sequence <> {NEXT_SEQUENCE} THEN "
        f"RAISE EXCEPTION 'audit_leaves {REFUSAL}: not the next sequence'; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER audit_leaves_in_order BEFORE INSERT ON audit_leaves "
        "FOR EACH ROW EXECUTE FUNCTION refuse_other_sequence()",
    ]
    for table in APPEND_ONLY:
        statements += [
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()",
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
        ]
    statements += [
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        for table in NEVER_UPDATED
    ]
    return statements
