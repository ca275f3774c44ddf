"""Figures broken down by groups of deals, and versions beside each other."""
