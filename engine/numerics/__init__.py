"""Arithmetic on arrays: estimators and intervals, without a word of sales."""
