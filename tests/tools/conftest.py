"""The tools lie beside the package; their modules are imported from there."""

import sys
from pathlib import Path

TOOLS = Path(__file__).parent.parent.parent / "tools"
sys.path.insert(0, str(TOOLS))
