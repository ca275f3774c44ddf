"""Tests of what answers tell of deals that happened."""
