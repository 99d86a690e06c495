"""Mailing a bulletin to its subscribers, once each, and what comes back of it.

`api` tells a mailing from its start to its end. `subscribers` and `imports` know who gets it,
`messages` what is sent, `smtp` how, `campaigns` what was planned, sent and is in doubt,
`replies` whose fault a refusal is, `returns` what comes back. docs/mail.md has the protocol.
"""
