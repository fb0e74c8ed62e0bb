"""The request wizard: one page a question, the policy's verdict last. `screens.wizard.screen:Wizard` is the screen.

It imports `screens.kit` and `models`; it is opened by name, and nothing else is made of it.
"""
