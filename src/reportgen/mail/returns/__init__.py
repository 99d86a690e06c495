"""What comes back: bounces, complaints, requests to unsubscribe, letters.

`reading` opens the mailbox of mail.toml, `processor` does what each mail asks for.
"""
