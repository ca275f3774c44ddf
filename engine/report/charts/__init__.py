"""Pictures of a section's rows, drawn without scripts: they fit a phone as well as a sheet of paper."""
