"""stagewright's engine: the map of the house.

::

    commands                                        the door: read options, ask, print
    checks  advance  analysis                       answers: is it sound? may it? what happened?
    simulation  versions  report                             what will happen? what changes? and how it is told
    loading  machine  history  journal              workshops: read, decide, import, keep
    conditions  tables                              two languages: rules, columns
    model  numerics                                 the ground: frozen nouns; arithmetic on arrays

Imports point down, never up or sideways; every room may import ``model``. ``setup.cfg`` holds the
contracts. Data goes one way: YAML -> Process -> Machine -> Decision -> Entry -> journal -> tables -> text.
Simulated runs join at the tables.
"""
