"""From a bulletin to pages: HTML by the theme's templates, layout by WeasyPrint, then checks.

What touches WeasyPrint's inside stands in `engine` and `inspection` alone.
"""
