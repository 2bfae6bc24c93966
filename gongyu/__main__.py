"""`python -m gongyu` is the command `gongyu`."""

import sys

from gongyu.command_line.main import main

sys.exit(main())
