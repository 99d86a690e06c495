"""Starting WeasyPrint without the third of its start-up time that nothing here needs.

Two things are slow when WeasyPrint 70.0 is imported: cffi parses the C
declarations of Pango with a parser written in Python, and fontTools' subsetter
is loaded although HarfBuzz does the work. The declarations are compiled once
into the user's cache folder; the subsetter is loaded when it is asked for.
Where the cache cannot be used, WeasyPrint starts as it always does.
"""

from __future__ import annotations

import hashlib
import importlib
import sys
import tempfile
import threading
import types
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import module_from_spec
from pathlib import Path
from typing import Any

from reportgen.workspace import cache_folder, write_whole

_lock = threading.Lock()


def start_engine() -> None:
    """Import WeasyPrint; further calls do nothing."""
    with _lock:
        if "weasyprint" not in sys.modules:
            with _subsetter_on_demand(), _declarations_from(cache_folder()):
                importlib.import_module("weasyprint")


# ---------------------------------------------------------------- fontTools


class _OnDemand(types.ModuleType):
    """Stands for a module until something of it is used."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(importlib.import_module(self.__name__), name)


def _instantiate(*args: Any, **kwargs: Any) -> Any:
    module = importlib.import_module("fontTools.varLib.instancer")
    return module.instantiateVariableFont(*args, **kwargs)


@contextmanager
def _subsetter_on_demand() -> Iterator[None]:
    """Put stand-ins where WeasyPrint looks for fontTools' subsetter and instancer."""
    import fontTools

    names = ("fontTools.subset", "fontTools.varLib.instancer")
    if any(name in sys.modules for name in names):
        yield
        return
    stand_ins = {name: _OnDemand(name) for name in names}
    stand_ins["fontTools.varLib.instancer"].instantiateVariableFont = _instantiate  # type: ignore[attr-defined]
    fonttools: Any = fontTools
    fonttools.subset = stand_ins["fontTools.subset"]
    sys.modules.update(stand_ins)
    try:
        yield
    finally:
        for name, stand_in in stand_ins.items():
            if sys.modules.get(name) is stand_in:
                del sys.modules[name]
        del fonttools.subset


# ---------------------------------------------------------------- cffi


class _Declarations:
    """What WeasyPrint takes for a `cffi.FFI`: compiled declarations once they are known."""

    def __init__(self, plain: type[Any], folder: Path | None) -> None:
        self._plain = plain
        self._folder = folder

    def cdef(self, source: str) -> None:
        """Take the declarations from the cache; parse and cache them if they are not there."""
        ffi = self._cached(source)
        if ffi is None:
            ffi = self._plain()
            ffi.cdef(source)
            self._keep(source)
        for name in dir(ffi):
            if not name.startswith("_") and name != "cdef":
                setattr(self, name, getattr(ffi, name))

    def _path(self, source: str) -> Path | None:
        import cffi

        if self._folder is None:
            return None
        key = f"{cffi.__version__} {sys.version} {source}"
        return self._folder / f"declarations-{hashlib.sha256(key.encode()).hexdigest()[:32]}.py"

    def _cached(self, source: str) -> Any:
        path = self._path(source)
        try:
            if path is None or not path.is_file():
                return None
            loader = SourceFileLoader("reportgen_declarations", str(path))
            module = module_from_spec(ModuleSpec(loader.name, loader, origin=str(path)))
            loader.exec_module(module)
            return module.ffi
        except Exception:  # a damaged cache is no reason to fail: what it holds is made anew
            return None

    def _keep(self, source: str) -> None:
        path = self._path(source)
        if path is None:
            return
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            from cffi import recompiler

            declared = self._plain()
            declared.cdef(source)
            with tempfile.TemporaryDirectory() as folder:
                draft = Path(folder) / "declarations.py"
                recompiler.make_py_source(declared, "reportgen_declarations", str(draft))
                write_whole(path, draft.read_bytes())
        except OSError:
            return  # no cache, then


@contextmanager
def _declarations_from(folder: Path | None) -> Iterator[None]:
    """Let `cffi.FFI()` give compiled declarations while this lasts."""
    import cffi

    plain = cffi.FFI
    cffi.FFI = lambda: _Declarations(plain, folder)
    try:
        yield
    finally:
        cffi.FFI = plain
