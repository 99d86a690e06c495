"""A mailing before and after it is sent.

`names` tells one mailing from another, `checks` refuses what nobody could call back, `planning`
and `prepare` make a plan, `trial` tries it out; `recover` finds what a dead run left, `evidence`
and `resolve` settle what is in doubt, `report` is what is kept.
"""
