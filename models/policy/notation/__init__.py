"""How a policy file is read: the tables with their keys, the readers of values, the lines of a text."""
