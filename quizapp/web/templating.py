"""How templates call and speak: as Jinja and its translations do, by a shorter way, which each page goes hundreds of times."""

from functools import lru_cache
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any

from flask import Flask
from jinja2.runtime import Context, Macro
from jinja2.utils import internalcode
from markupsafe import Markup

from quizapp.markup import safe
from quizapp.translations import counted, spoken, told, told_of

SENTENCES_KEPT = 8_192
PLAIN = frozenset({FunctionType, MethodType, BuiltinFunctionType})


def init_app(app: Flask) -> None:
    """Let templates of this app call and speak so."""
    app.jinja_env.context_class = Calls
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    setattr(app.jinja_env, "newstyle_gettext", True)  # noqa: B010 - by the extension; {% trans %} leaves values to the functions
    app.jinja_env.globals.update(_=_said, gettext=_said, ngettext=_counted, pgettext=_said_of)


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
    return safe(told(message)) % values if values else whole(spoken(), message)


@lru_cache(maxsize=SENTENCES_KEPT)
def whole(_language: str, message: str) -> Markup:
    """Return a sentence without values; one per cent stands in it as two, as in the others."""
    return safe(told(message)) % {}


def _counted(one: str, other: str, num: float, /, **values: object) -> Markup:
    return safe(counted(one, other, num)) % {"num": num, **values}


def _said_of(context: str, message: str, /, **values: object) -> Markup:
    return safe(told_of(context, message)) % {"context": context, **values}
