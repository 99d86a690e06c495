"""The rules of each language: months, numbers, quotes, spaces, the furniture's words.

Nothing in here knows briefs or pages. A new language is one row in
`languages.LANGUAGES`.
"""
