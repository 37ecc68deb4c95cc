"""Drawing: colours, themes, what a program's bytes look like, and a canvas of finished strips."""
