"""The lessons pane: the list, the chosen lesson's text, and its parameters."""
