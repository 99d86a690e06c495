"""Briefs that are no text: Word, OpenDocument, RTF and HTML files, read as the Markdown they say.

`package` opens the ZIP file of a Word document, `word` settles in its XML what a converter would
lose or print wrongly, mammoth makes HTML of it, `hypertext` makes lines of Markdown of HTML, and
`office` asks LibreOffice for what only it can read. `source` is the front door. A line knows the
paragraph that it comes from, so a diagnostic can name it (docs/briefs.md).
"""
