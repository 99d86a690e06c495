"""From set briefs and a bulletin to pages: painting, the engine for the rest, and joining both.

What touches WeasyPrint's inside stands in `inspection`, `hooks`, `tagging`, `tagwriter` and
`startup` alone.
"""
