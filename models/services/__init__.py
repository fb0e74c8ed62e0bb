"""The verbs that change the store, and the computations on a visit that they and the queries share.

It imports `schema`, `form`, `policy` and `words`, no query, no paper, no screen; anything above may import it. A verb
opens `frame.changing` and calls no other verb.
"""
