"""A scenario with something set otherwise: ``stages.demo.dwell*=0.8``."""
