"""Typesetting: a composed brief in, set pages out. Nothing here knows the engine or PDF.

`specification` says in what is set (data of the theme), `shaping` measures words with HarfBuzz,
`inline` makes an unbroken line of a paragraph, `breaking` breaks it into lines, `galley` makes
the vertical list of a brief, `tables` that of a table, `pages` ends pages in it with the notes at
their feet, `copyfit` chooses size and leading so that the brief fills its pages. Lengths are in pt
(1/72 inch); y grows downwards from the top of the page.
"""
