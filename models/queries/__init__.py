"""What screens, papers and the command line read: one frozen answer a question, nothing written.

It imports `services` and what is below; `papers`, `demo`, screens and the command line import it.
"""
