"""Titles and abstracts lose their markup, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.scholarly.markup import MAX_LENGTH, plain_line, plain_paragraphs


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("Walking in <i>adults</i>", "Walking in adults"),
        ("detecting\n                    <i>KRAS</i>\n                    mutations", "detecting KRAS mutations"),
        ("CO<sub>2</sub> and <jats:italic>in vivo</jats:italic>", "CO2 and in vivo"),
        ("10<sup>6</sup> cells, Ca<sup>2+</sup>, the 4<sup>th</sup>", "10⁶ cells, Ca²⁺, the 4th"),
        ("Cells &amp; cords &lt; 5", "Cells & cords < 5"),
        ("C5&amp;#x2013;T10 &amp;lt;i&amp;gt;in vitro&amp;lt;/i&amp;gt;", "C5–T10 in vitro"),
        ("p<0.05 and n>3, a < b > c", "p<0.05 and n>3, a < b > c"),
        ("T<b and y>x", "T<b and y>x"),
        (
            '<mml:math xmlns:mml="http://www.w3.org/1998/Math/MathML"><mml:mi>α</mml:mi><mml:mo>=</mml:mo>'
            '<mml:mn>2</mml:mn><mml:annotation encoding="application/x-tex">\\alpha=2</mml:annotation></mml:math> mg',
            "α=2 mg",
        ),
        ("<math><mi>x</mi></math> <inline-formula><tex-math>$x$</tex-math></inline-formula>", "x"),
        ("First<br/>second", "First second"),
        ("<![CDATA[Plain]]> <!-- note -->text", "Plain text"),
        ('<span class="x" data-y=1>Styled</span>', "Styled"),
        ("A\u2028B\x00C\x1eD\x1dE", "A BC D E"),
        ("", ""),
    ],
)
def test_a_title_is_one_line_of_plain_text(sent: str, read: str) -> None:
    assert plain_line(sent) == read


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("<h4>Methods</h4>We asked.<h4>Results:</h4>All answered.", "Methods: We asked.\n\nResults: All answered."),
        (
            "<jats:sec>\n <jats:title>Aim</jats:title>\n <jats:p>To\n <jats:italic>see</jats:italic>.</jats:p>\n"
            "</jats:sec>",
            "Aim: To see.",
        ),
        ("<p>One.</p><p>Two.</p>", "One.\n\nTwo."),
        ("One line.", "One line."),
        ("<h4>Only a heading</h4>", "Only a heading"),
        ("<h4>A</h4><h4>B</h4>text", "A: B: text"),
        ("<h4>At 10<sup>2</sup> Hz</h4>4 walked", "At 10² Hz: 4 walked"),
        ("", ""),
    ],
)
def test_an_abstract_keeps_its_paragraphs_and_headings(sent: str, read: str) -> None:
    assert plain_paragraphs(sent) == read


@given(st.text(alphabet="<>/ab:isup=\"'&;!-[] \n", max_size=200))
def test_whatever_is_sent_is_read(sent: str) -> None:
    assert "\n" not in plain_line(sent)
    assert plain_paragraphs(sent) == plain_paragraphs(sent).strip()


@pytest.mark.parametrize("part", ["<", "<p ", "<!--", "<annotation>", "<a b=", "&amp;", "<sup>", "<p\n"])
def test_a_text_without_end_takes_no_time_without_end(part: str) -> None:
    assert len(plain_paragraphs(part * 1_000_000)) <= MAX_LENGTH
