"""Mailing a bulletin to its subscribers, once each.

A wing of its own: it knows the model's `Letter` and the PDF that it sends, not
how they were made; `cli.send` wires it. docs/mail.md tells the protocol.
"""
