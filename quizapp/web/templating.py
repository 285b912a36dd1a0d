"""How templates call, speak and write: as Jinja and its translations do, by a shorter way, which each page goes hundreds of times."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any, cast

from flask import Flask
from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.runtime import Context, Macro
from jinja2.utils import internalcode
from markupsafe import Markup, escape

from quizapp.markup import safe
from quizapp.translations import counted, spoken, told, told_of

SENTENCES_KEPT = 8_192
BETWEEN = "\0"
PLAIN = frozenset({FunctionType, MethodType, BuiltinFunctionType})
NUMBERS = frozenset({int, float})


def init_app(app: Flask) -> None:
    """Let templates of this app call, speak and write so."""
    app.jinja_env.code_generator_class = Code
    app.jinja_env.context_class = Calls
    app.jinja_env.filters["repeated"] = repeated
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    setattr(app.jinja_env, "newstyle_gettext", True)  # noqa: B010 - by the extension; {% trans %} leaves values to the functions
    app.jinja_env.globals.update(_=_said, gettext=_said, ngettext=_counted, pgettext=_said_of)


class Code(CodeGenerator):
    """Templates as Python, which write what stands in them by `shown`."""

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802 - called so by Jinja
        """Write the code of a template; the name that its functions escape by is looked up when they run."""
        super().visit_Template(node, frame)
        self.writeline(f"from {__name__} import shown as escape")


def shown(value: object, /) -> str:
    """Return a value as a page has it: escaped, but for the two kinds that stand there most and need it not."""
    kind = type(value)
    if kind is Markup:
        return cast(Markup, value)
    return str(value) if kind is int else escape(value)


def repeated(line: Markup, rows: Sequence[Sequence[object]]) -> Markup:
    """Return a line for each row, its values in the places of %s: a thousand are written as quickly as fifty in a loop."""
    values = [str(value) for row in rows for value in row]
    together = str(escape(BETWEEN.join(values)))
    are_apart = together.count(BETWEEN) == len(values) - 1  # none of them has in it what is between them
    written = together.split(BETWEEN) if are_apart else map(escape, values)
    return safe(str(line) * len(rows) % tuple(written))


class Calls(Context):
    """The names that a template knows. What it calls is nearly always a macro, or a function that asks for nothing."""

    @internalcode
    def call(self, thing: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Call it; the rarer kinds as Jinja does, which looks at each for what it wants to be given."""
        kind = type(thing)
        if kind is Macro:
            args = (self.eval_ctx, *args)
        elif kind not in PLAIN or hasattr(thing, "jinja_pass_arg"):
            return super().call(thing, *args, **kwargs)
        kwargs.pop("_block_vars", None)  # which the template hands over for those
        kwargs.pop("_loop_vars", None)
        return thing(*args, **kwargs)


def _said(message: str, /, **values: object) -> Markup:
    return _filled(told(message), values) if values else whole(spoken(), message)


@lru_cache(maxsize=SENTENCES_KEPT)
def whole(_language: str, message: str) -> Markup:
    """Return a sentence without values; one per cent stands in it as two, as in the others."""
    return safe(told(message)) % {}


def _counted(one: str, other: str, num: float, /, **values: object) -> Markup:
    return _filled(counted(one, other, num), {"num": num, **values})


def _said_of(context: str, message: str, /, **values: object) -> Markup:
    return _filled(told_of(context, message), {"context": context, **values})


def _filled(message: str, values: Mapping[str, object]) -> Markup:
    """Return a sentence with these values, escaped before they are in it: `Markup` asks each once more, in twice the time."""
    return safe(message % {name: one if type(one) in NUMBERS else escape(one) for name, one in values.items()})
