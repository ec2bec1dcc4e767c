"""Text to paper: an assembled agreement becomes PDF, Word, HTML and page images.

Purpose: PDF/A-3a and PDF/UA-1 papers with every signature and initials field in place,
Word files with real numbering, the HTML of the preview, and the certificate of completion.
Imports: domain, jinja2, weasyprint, pydyf, pikepdf, python-docx, docxtpl, pypdfium2, fontTools, PIL.
Entry: `markup.render_html`, `pdf.render_pdf`, `clean_paper.assert_clean_paper`,
`word.render_docx`, `pages.page_images`, `pages.count_pages`, `pages.extract_text`,
`foreign_pages.picture_foreign_pages` (in a limited process of its own),
`certificate_of_completion.render_certificate_of_completion`, `fonts.missing_characters`.
"""
