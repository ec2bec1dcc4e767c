"""An agreement as a Word file, to be negotiated in: a frame of the contract template, body by code.

Purpose: the frame (`paper.docx`: letterhead, headers, signature page) is filled in by docxtpl in
a sandbox; clauses, schedules and Key Terms are written by python-docx with real multilevel lists,
bookmarks and REF fields, whose numbers equal those of the tree.
Imports: domain, docxtpl, jinja2, python-docx, lxml, app.rendering.
Entry: `render_docx`, `frame.check_frame`; `make_frame` builds the shipped frames.
"""

from app.rendering.word.document import render_docx

__all__ = ["render_docx"]
