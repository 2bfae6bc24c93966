"""A whole city from a seed: places, people and a school year of facts, as columns.

Nouns: size, tree, classes, people, batch of facts, producer. Flow: size and seed → tree → people →
producers (one for each kind of fact) → numbered facts → columnar files, or a database.
"""
