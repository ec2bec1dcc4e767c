"""Countersign: agreements assembled from reviewed clauses, signed in the browser, kept as proof.

Rooms, from the bottom: `domain` (what an agreement is), then `library`, `persistence`,
`rendering`, `signing` and `mail`, which never import one another, then `services` (what
a person can do), then `jobs`, `web` and `cli`. Each package's docstring is its door sign.
"""
