"""Templates speak and write by shorter ways than Jinja's, and say the same."""

from decimal import Decimal
from types import SimpleNamespace

import pytest
from jinja2 import Environment
from jinja2.ext import i18n
from markupsafe import Markup, escape


@pytest.fixture
def shorter(site):
    with site.test_request_context():
        yield site.jinja_env


@pytest.fixture
def plain():
    """Templates as Jinja has them."""
    made = Environment(autoescape=True, extensions=[i18n])
    made.install_gettext_callables(str, lambda one, other, num: one if num == 1 else other, newstyle=True)
    return made


VALUES = [
    "a <b> & \"c\" 'd'",
    "",
    7,
    -1.5,
    True,
    None,
    Decimal("1.10"),
    Markup("<b>&amp;</b>"),
    escape("<i>"),
    SimpleNamespace(__html__=lambda: "<u>"),
    ["<", Markup("<")],
]
SOURCES = [
    "{{ one }}",
    "x {{ one }} {{ one ~ '<' }} {{ [one, one]|join('&') }}",
    "{% set kept %}<p>{{ one }}</p>{% endset %}{{ kept }}",
    "{% macro said(one) %}<p>{{ one }}</p>{% endmacro %}{{ said(one) }}{{ said(one)|upper }}",
    "{% trans one=one %}<p>{{ one }}</p> 100%{% endtrans %}",
    "{{ gettext('<p>%(one)s</p>', one=one) }}",
    "{% trans num=2, one=one %}<p>{{ one }}</p>{% pluralize %}<p>{{ num }} {{ one }}</p>{% endtrans %}",
]


@pytest.mark.parametrize("source", SOURCES)
def test_what_stands_in_a_page_is_what_jinja_would_write(shorter, plain, source):
    for one in VALUES:
        assert shorter.from_string(source).render(one=one) == plain.from_string(source).render(one=one)


@pytest.mark.parametrize(
    "rows", [[], [(1, "<Ann>")], [(1, "100% & more"), (2, "\0"), (3, "a\0b"), (4, "<b>")], [(True, None)] * 3]
)
def test_lines_that_are_written_at_once_are_those_of_a_loop(shorter, plain, rows):
    at_once = "{% set line %}<li id='%s'>%s</li>{% endset %}{{ line|repeated(rows) }}"
    looped = "{% for id, name in rows %}<li id='{{ id }}'>{{ name }}</li>{% endfor %}"

    assert shorter.from_string(at_once).render(rows=rows) == plain.from_string(looped).render(rows=rows)
