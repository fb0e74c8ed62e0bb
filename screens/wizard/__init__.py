"""The request wizard: one page a question, the policy's verdict last. `screens.wizard.screen:Wizard` is the screen."""
