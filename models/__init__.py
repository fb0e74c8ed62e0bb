"""Everything that is true without a screen: text, regulation, store, verbs, queries, papers, the sample company.

It imports no Textual and no Rich; `screens` and `tui` import it, and its packages one another one way down.
"""
