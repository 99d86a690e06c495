"""The validators behind one face: does a PDF keep what it claims?

Knows the bytes of a PDF and diagnostics, nothing of how they were made.
"""
