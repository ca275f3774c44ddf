"""May it? Do it. The one room that appends to the journal."""
