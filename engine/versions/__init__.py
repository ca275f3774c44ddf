"""What changes from version to version: compared in the process's words, proved, and held against deals."""
