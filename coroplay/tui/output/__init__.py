"""What programs print: kept in bounded memory, made harmless, and shown with who wrote it."""
