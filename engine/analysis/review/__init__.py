"""How deals went: steps, contacts, times, detours, and what sets won deals apart."""
