"""The room that remembers: database, audit log, jobs and stored files.

Purpose: repositories for each noun of the domain inside one transaction (the unit of work),
the one writer of the audit log, the job table, content-addressed files, migrations.
Domain objects go in and come out; rows and connections never leave.
Imports: domain, sqlalchemy, alembic, obstore.
Entry: `database.open_database(url) -> Database` (`unit_of_work`, `upgrade`, `backup_to`,
`check`, `close`), `files.open_local_files(folder) -> StoredFiles`.
"""
