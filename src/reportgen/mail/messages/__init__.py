"""What is sent: a message to one person, made of parts that are the same for everybody.

`composer` writes the MIME message, `dkim` signs it, `factory` makes it again from what the
ledger has frozen.
"""
