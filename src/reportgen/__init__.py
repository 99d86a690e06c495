"""reportgen turns analysts' briefs into a printed, mailed and archived bulletin.

Importing this package touches no disk, no network and no global state. The
library's entry points are `reportgen.pipeline.build` and
`reportgen.pipeline.check`; nothing inside the package imports from here.
"""



def __getattr__(name: str) -> str:
    """Return `__version__`, which is looked up when it is asked for."""
    if name == "__version__":
        from reportgen.versions import VERSION

        return VERSION
    raise AttributeError(name)
