"""What makes the many sites of tests cheap to make. Start from `made_cheap`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, MethodType

import pytest
from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule

from quizapp.web.journal import Site


@contextmanager
def made_cheap(folder: Path) -> Iterator[None]:
    """Have templates and addresses compiled once for all sites, which is nearly all of making one."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Site, "jinja_options", {**Site.jinja_options, "bytecode_cache": _Templates(str(folder))})
        patched.setattr(Rule, "compile", _once(Rule.compile))
        yield


class _Templates(FileSystemBytecodeCache):
    """The compiled templates of a folder, which are read from it once."""

    def __init__(self, folder: str) -> None:
        super().__init__(folder)
        self._known: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give a template its code, when there is any."""
        bucket.code = self._known.get((bucket.key, bucket.checksum))
        if bucket.code is None:
            super().load_bytecode(bucket)
            self._keep(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        super().dump_bytecode(bucket)
        self._keep(bucket)

    def _keep(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._known[bucket.key, bucket.checksum] = bucket.code


def _once(compiled: Callable[[Rule], None]) -> Callable[[Rule], None]:
    """Return what takes an address apart, and writes the code that builds it, once: it is the same on every site."""
    known: dict[object, Rule] = {}

    def compile_rule(rule: Rule) -> None:
        pattern = rule.rule, repr(rule.defaults), tuple(rule.map.converters.items())
        if pattern not in known:
            compiled(rule)
            known[pattern] = rule
        alike = vars(known[pattern])
        vars(rule).update({name: alike[name] for name in ("arguments", "_parts", "_trace", "_converters")})
        vars(rule).update({name: MethodType(alike[name].__func__, rule) for name in ("_build", "_build_unknown")})

    return compile_rule
