"""Looking after an installation: backup, restore, self-check.

Purpose: works on the parts of an installation themselves (database, folder of files, keys), which
no person's action does; only the terminal calls it.
Imports: config, installation, toolkit, services, domain, persistence.
Entry: `backup.back_up`, `restoring.restore`, `doctor.examine`, `in_use.hold`.
"""
