"""The look, once: base page, components, icons, charts, and the build of the front-end files.

Everything that a person sees stands on the templates here; no other app writes its own CSS.
"""
