"""The output pane: programs' lines with who wrote them, a search, and a line to type into."""
