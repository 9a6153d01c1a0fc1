"""One file per output: results in, lines out; nothing here measures anything."""
