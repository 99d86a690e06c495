"""Regional maps: atlas, projection, labels, and an SVG of our own.

The flow: `views` decides what is seen and in which projection, `drawing`
takes that part of the atlas and draws it, `labels` places the names, and
`regional` puts it together for a brief or a cover, with alternative text.
"""
