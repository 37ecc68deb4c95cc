"""The text in a view of output: rows, the part in sight, the gutter, and their strips."""
