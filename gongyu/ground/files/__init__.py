"""Files that people hand in: known by their content, drawn anew without what they carry unseen.

`cleaned(data)` takes a picture (JPEG, PNG, WebP) or a PDF and gives back one that holds what is seen and
nothing else: no place, no camera, no author, no script, no form, no file inside. Everything else is
refused with words that say how to mend it. Nothing is kept here: whoever asks keeps.
"""

from .cleaning import Clean, FileRefused, cleaned

__all__ = ["Clean", "FileRefused", "cleaned"]
