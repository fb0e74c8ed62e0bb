"""What leaves the desk as text: a page for the next shift, the brief for the hosts, the receipt list, the day sheet.

One module a paper: what a query read, in words, as lines. Imported by screens and the command line; imports no Textual.
"""
