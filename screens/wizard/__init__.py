"""The request wizard: a page a question, the policy's verdict last. The screen: `screens.wizard.wizard_screen:Wizard`.

It imports `screens.kit` and `models`; it is opened by name, and nothing else is made of it.
"""
