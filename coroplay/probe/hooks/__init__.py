"""The hooks: for greenlets, lines and generators, spawns, output and threads."""
