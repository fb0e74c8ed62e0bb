"""Everything about text: sentences, names by language, cell width, cleaning, pinyin, typed dates and amounts.

It imports nothing of the program; everything may import it. Only the light modules are imported here; ask `dates`,
`money` and `pinyin` by name.
"""

from __future__ import annotations

from models.words.catalogue import Name, Phrase, Unreadable, Words, words
from models.words.clean import clean, clean_lines
from models.words.person_names import Acting, Inactive, acting, called
from models.words.width import cell_len, cut, pad, spread

__all__ = [
    "Acting",
    "Inactive",
    "Name",
    "Phrase",
    "Unreadable",
    "Words",
    "acting",
    "called",
    "cell_len",
    "clean",
    "clean_lines",
    "cut",
    "pad",
    "spread",
    "words",
]
