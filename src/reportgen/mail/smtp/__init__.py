"""Connections to a mail server: `transport` is their interface, `client` speaks SMTP on its
`wire`, `folder` writes files instead.
"""
