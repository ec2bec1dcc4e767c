"""What a person can do: one function for each verb.

Purpose: joins the rooms. A service takes `kit: Toolkit`, an `Actor` and plain values; it
opens one writing unit of work, in which state, audit event and job stand or fall
together. Files are stored before that; network calls (timestamps, mail) hold no transaction.
Imports: domain, toolkit, rendering, signing.
Entry: `drafting`, `answering`, `gate`, `review`, `sending`, `overview`, `dossier`, `downloads`,
`ceremony`, `sealing`, `completion`, `delivery`, `record`, `verification`, `audit`, `clause_library`.
"""
