"""Editions: one bulletin as several PDFs, each of which keeps what it claims.

Knows the bytes of a PDF and nothing of how they were made.
"""
