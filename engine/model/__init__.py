"""The nouns of the house: frozen values that every room shares. Imports nothing of the engine."""
