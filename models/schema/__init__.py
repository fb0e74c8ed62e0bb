"""The store: tables, migrations, journal, backup, and the files beside the store.

It imports `models.words` and `models.frozen`; anything above may import it, screens only what is no table.
"""
