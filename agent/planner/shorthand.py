"""What clinicians write short, and formal words for order -> the plain words that the rules know.

Only words that are no part of recorded names are listed; abbreviations of things ("A1c", "BP") are for the concepts.
"""

import re

_PLAIN = tuple(
    (re.compile(said, re.IGNORECASE), plain)
    for said, plain in (
        (r"#\s*(?:of\s+)?(?=[A-Za-z(])", "number of "),
        (r"\bd/?c'?e?d\b", "discontinued"),
        (r"\binitial (?:dx|diagnosis)\b", "first diagnosis"),
        (r"\bdx'?d\b", "diagnosed"),
        (r"\bdx(?:s|es)?\b", "diagnosis"),
        (r"\brx(?:s|es)?\b(?!')", "prescription"),
        (r"(?<=\bdiagnosed) in (?:me|him|her|them|the patient)\b", ""),
        (r"\bb/w\b", "between"),
        (r"\bmfr\b", "manufacturer"),
        (r"(?<![/\w])(?:m/f|f/m)(?![/\w])", "male or female"),
        (r"\bvital status\b", "whether deceased"),
        (r"\bday, month,? and year of (?:(?:my|his|her|the patient's|the) )?birth\b", "birth date"),
        (r"\bhow many years of age\b", "how old"),
        (r"\bfirst \+ last\b", "first and last"),
        (r"\bpt's\b", "the patient's"),
        (r"@\s*(?=\d{4}-)", "on "),
        (r"\b(?:predates|precedes)\b", "came before"),
        (r"\b(?:predat(?:ed?|ing)|preceded?|(?<!the )(?<!last )(?<!one )preceding|ahead of)\b", "before"),
        (r"\bup to (?=the first\b)", "before "),
        (r"\bfollowing (?=(?:(?:the|her|his|my) )?first diagnosis\b)", "after "),
        (r"\b(?:immediately|directly|right|shortly) (?=(?:before|after)\b)", "just "),
        (r"\bnewest\b", "latest"),
        (r"\bref(?:erence)? (?:range|interval)\b", "reference range"),
        (r"\bexceeds? (?=(?:the|its|my|her|his) )", "is higher than "),
        (r",?\s*\bn\s*=\s*\?|,\s*number\W*$", ": how many?"),
    )
)


def plainly(text: str) -> str:
    """Return a question in plain words.

    >>> plainly("# ED visits preceding initial dx of asthma"), plainly("Imaging studies until 1975, n = ?")
    ('number of ED visits before first diagnosis of asthma', 'Imaging studies until 1975: how many?')
    """
    for said, plain in _PLAIN:
        text = said.sub(plain, text)
    return text
