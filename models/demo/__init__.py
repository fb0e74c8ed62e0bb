"""A sample company with a believable month of visits around a day, for `jiedai demo` and the first run.

It imports `services`, whose verbs it lives through, and what is below; only the command line imports it. Only here may
code name the tiers of the default policy.
"""

GUIDE = "林小雨"
"""The person who acts when the sample company is opened: the coordinator."""
