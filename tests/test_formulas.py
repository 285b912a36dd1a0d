import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp import formulas
from quizapp.markup import inline_html, plain, to_html

PIECES = st.sampled_from(
    (
        *("\\frac", "\\sqrt", "{", "}", "_", "^", "\\left(", "\\right)", "\\begin{matrix}", "\\end{matrix}", "&"),
        *("\\\\", "\\text{", "\\color{red}", "\\href{javascript:x}", "\\style{a:b}", "\\mathbb", "x", "1", "+"),
        *("<", ">", "</math>", "<script>", '"', "\u202e"),
    )
)
TAG = re.compile(r"<(/?)([a-z]+)((?: [a-z]+=\"[^\"]*\")*)>")


def typeset(text):
    return str(formulas.typeset(to_html(text)))


def test_a_formula_is_typeset_and_says_its_source():
    assert typeset(r"Half is $\frac{1}{2}$.") == (
        r'<p>Half is <math display="inline" alttext="\frac{1}{2}"><mrow><mfrac><mrow><mn>1</mn></mrow>'
        "<mrow><mn>2</mn></mrow></mfrac></mrow></math>.</p>"
    )


def test_two_dollars_put_a_formula_on_a_line_of_its_own():
    assert '<math display="block"' in typeset("$$x^2$$")


@pytest.mark.parametrize(
    "latex",
    [
        pytest.param(r"\frac{a", id="not closed"),
        pytest.param(r"\unknown{a}", id="unknown command"),
        pytest.param("_", id="nothing to stand below"),
        pytest.param(r"\begin{matrix}a", id="no end"),
        pytest.param(r"\left( a", id="one bracket"),
        pytest.param("x" * 1_001, id="long"),
        pytest.param("x^{" * 80 + "1" + "}" * 80, id="deep"),
        pytest.param(r"\sqrt" * 150 + "x", id="deep without brackets"),
    ],
)
def test_what_is_no_latex_stays_as_it_was_written(latex):
    assert typeset(f"${latex}$") == str(to_html(f"${latex}$"))


def test_a_text_full_of_formulas_is_typeset_as_far_as_there_is_room():
    html = typeset("$x+y$ " * 5_000)

    assert html.count("<math") == formulas.LIMIT_ALL_CHARS // len("x+y")
    assert html.count('class="math"') == 5_000 - html.count("<math")


def test_nothing_in_a_formula_becomes_html_or_leads_anywhere():
    html = typeset(r"$\text{<b onclick=x>}$ $\href{javascript:alert(1)}{x}$ $\style{color:red}{x}$")

    assert "<mtext>&lt;b&nbsp;onclick=x&gt;</mtext>" in html
    assert " href" not in html
    assert " style" not in html


def test_a_gap_in_a_formula_is_typeset_and_not_taken_for_latex():
    assert "<mo>…</mo>" in str(formulas.typeset(inline_html("$x=<var>[…]</var>$")))


def test_exports_and_comparisons_see_the_formula_as_it_was_written():
    assert plain(r"Half is $\frac{1}{2}$.") == r"Half is $\frac{1}{2}$."


@given(st.lists(PIECES, max_size=30).map(" ".join))
def test_any_formula_gives_only_tags_and_attributes_of_the_list(latex):
    html = formulas.mathml(latex, display=False) or "<math></math>"

    assert TAG.sub("", html).count("<") == 0
    for _, name, attributes in TAG.findall(html):
        assert name in formulas.ELEMENTS
        assert set(re.findall(r" ([a-z]+)=", attributes)) <= formulas.ATTRIBUTES.get(name, set())
