"""The demo city: a seed makes schools, people and a school year under way, with its holes.

Every person is made up from generated names; every record goes through the same facts and audit.
"""
