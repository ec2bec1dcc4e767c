"""Small facts about the installation, by name."""

from __future__ import annotations

from sqlalchemy import Column, Connection, Table, Text, select, update

from app.domain.audit import AuditEvent
from app.persistence.audit_log import AuditRows
from app.persistence.schema import insert_if_missing, metadata

settings = Table(
    "settings",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)


class SettingRows:
    """Implements the Protocol `Settings` inside one transaction."""

    def __init__(self, connection: Connection, audit: AuditRows) -> None:
        self._connection = connection
        self._audit = audit

    def get(self, name: str, default: str = "") -> str:
        query = select(settings.c.value).where(settings.c.name == name)
        found: str | None = self._connection.execute(query).scalar_one_or_none()
        return default if found is None else found

    def set(self, name: str, value: str, event: AuditEvent) -> None:
        changed = update(settings).where(settings.c.name == name).values(value=value)
        if self._connection.execute(changed).rowcount == 0:
            insert_if_missing(self._connection, settings, "name", {"name": name, "value": value})
        self._audit.append(event)
