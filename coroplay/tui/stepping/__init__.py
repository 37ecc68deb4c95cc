"""The step-through: a sentence and, under it, source, exchange and source, all at the cursor."""
