"""One name as others may write it, for the property tests of comparing and finding."""

from __future__ import annotations

from hypothesis import strategies as st

MARKS = " \u3000·•・‧．-－–—"


@st.composite
def rewritten(draw: st.DrawFn, text: str) -> str:
    """A text with marks and blanks before any character, in other case, in full width."""
    written = []
    for char in text:
        form = draw(st.sampled_from((str.upper, str.lower, str.title)))(char)
        if form.isascii() and form.isalnum() and draw(st.booleans()):
            form = chr(ord(form) + 0xFEE0)
        written.append(draw(st.sampled_from(("", "", *MARKS))) + form)
    return "".join(written) + draw(st.sampled_from(("", " ", "\u3000")))
