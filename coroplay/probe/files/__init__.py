"""Writing the recording's files."""
