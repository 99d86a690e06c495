"""What is certain of each mailing: what was planned, what was sent, what cannot be known.

`campaign` has the types, `store` the database beside the series, `journal` this machine's
second record of what it sent.
"""
