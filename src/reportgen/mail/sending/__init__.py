"""Sending a mailing so that nobody gets two and nobody is forgotten.

`protocol` delivers one message, `sender` all that are open, over several connections, `run` puts
down in the ledger how that went.
"""
