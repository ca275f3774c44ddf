"""Tests of what plays a scenario."""
