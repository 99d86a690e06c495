"""reportgen turns analysts' briefs into a printed, mailed and archived bulletin.

Importing this package touches no disk, no network and no global state. The
library's entry points are `reportgen.pipeline.build` and
`reportgen.pipeline.check`; nothing inside the package imports from here.
"""

__version__ = "0.1.0"
