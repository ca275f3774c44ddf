"""YAML to located nouns, and back: processes, rule sets and maps, from files or from the journal's texts."""
