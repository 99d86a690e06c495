"""Finding citations in running text, and turning them into notes.

The flow: `spans` finds bracketed groups, `items` tells what each cites and how
sure that is, `lift` takes the sure ones out of the text, puts the mark where a
typesetter would, and keeps the author's own words as the note.
"""
