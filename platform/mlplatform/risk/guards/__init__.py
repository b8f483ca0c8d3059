"""What guards data, ways in, sight and service: tables of settings and resources, and the engine that compares them.

Each row of `tables` names a type, an input and the direction in which it becomes weaker, with its source. Risk rules
that are about such guards hand their rows to `engine.examine_guards`.
"""
