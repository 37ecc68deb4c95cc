"""Single lines around the panes: the header, the tabs, the welcome and the keys."""
