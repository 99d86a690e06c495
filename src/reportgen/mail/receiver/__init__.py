"""The page on which readers unsubscribe, on a web host of its own (RFC 8058).

`config` is what it needs to know: no list of addresses. `receiver.php` is the whole of it for
the cheapest host, `wsgi` the same for a host with Python; `files` makes them. `returns.collecting`
fetches what readers asked for. docs/mail.md has the protocol between the two.
"""
