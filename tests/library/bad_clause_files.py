"""Bad clause files: for every error of the format one example or more, each with one fault."""

from __future__ import annotations

from tests.library.clause_texts import BODY, clause_text, parameter

TEXT = parameter("place", type='"text"', max_length="40")
YESNO = parameter("cloud", type='"yesno"')
LIST = parameter("kinds", type='"list"', of='"text"', max_length="40")
ENUM = parameter(
    "tool", type='"enum"', options='[{ value = "a", print = "A" }, { value = "b", print = "B" }]'
)
ROWS = parameter(
    "rows", type='"table"', columns='[{ name = "a", type = "text", title = "A", max_length = 9 }]'
)
CLOUD = '[conditions]\ncloud = "cloud"\n'
USE = "# Backups\n\nErase after {{hours}}.\n"


def with_hours(**keys: str) -> str:
    """A clause that prints the parameter `hours`, declared with these keys."""
    return clause_text(USE, parameter("hours", **keys))


def body(*lines: str) -> str:
    return "# Backups\n\n" + "\n\n".join(lines) + "\n"


def two(first: str, second: str = "(b) Second.") -> str:
    return body(first, second)


SCHEDULE = body("See {ref:#list}.", "## List {#list}")

# id of the case: (expected rule, file text)
BAD: dict[str, tuple[str, str]] = {
    "tab": ("text-encoding", clause_text(BODY + "\tx")),
    "carriage return": ("text-encoding", clause_text().replace("\n", "\r\n")),
    "bidirectional override": ("text-encoding", clause_text(body("A \u202e b."))),
    "zero width": ("text-encoding", clause_text(body("A\u200bb."))),
    "byte order mark": ("text-encoding", "\ufeff" + clause_text()),
    "surrogate": ("text-encoding", clause_text(body("A \ud800 b."))),
    "decomposed": ("text-encoding", clause_text(body("Cafe\u0301."))),
    "too large": ("text-encoding", clause_text(body("x" * 300_000))),
    "no front matter": ("front-matter", BODY),
    "unclosed front matter": ("front-matter", "+++\nid = 1\n"),
    "unknown key": ("front-matter", clause_text(titel='"x"')),
    "missing key": ("front-matter", clause_text(version=None)),
    "wrong type": ("front-matter", clause_text(initials='"no"')),
    "not TOML": ("front-matter", clause_text(version="0.1.0")),
    "fraction": ("front-matter", clause_text(version="0.1")),
    "date": ("front-matter", clause_text(version="2027-01-01")),
    "unknown key of a jurisdiction": ("front-matter", clause_text(jurisdictions="{ fits = [], revue = [] }")),
    "id in another folder": ("id-mismatch", clause_text(id='"x.strict"')),
    "family in another folder": ("id-mismatch", clause_text(family='"exit"')),
    "position of another file": ("id-mismatch", clause_text(position='"standard"')),
    "unknown code": ("value-unknown", clause_text(addresses='["R11"]')),
    "code twice": ("value-unknown", clause_text(addresses='["R1", "R1"]')),
    "unknown schema": ("value-unknown", clause_text(schema='"clause/2"')),
    "unknown category": ("value-unknown", clause_text(category='"other"')),
    "unknown position": ("value-unknown", clause_text(position='"light"')),
    "version": ("value-unknown", clause_text(version='"1.0"')),
    "place": ("value-unknown", clause_text(jurisdictions='{ fits = ["Peru"], review = [] }')),
    "requires an id": ("family-unknown", clause_text(requires='["exit.strict"]')),
    "conflicts with nothing": ("value-unknown", clause_text(conflicts='["exit.light"]')),
    "no licence": ("value-unknown", clause_text(provenance='{ author = "x" }')),
    "no summary": ("value-unknown", clause_text(summary='" "')),
    "term of nobody": ("value-unknown", clause_text(tables='[terms]\n"Copy" = []\n')),
    "option that is none": (
        "value-unknown",
        clause_text(two("(a) {{tool}}.", "(b) B. {when=c}"), ENUM + "[conditions]\nc = \"tool == 'x'\"\n"),
    ),
    "unknown type": ("param-schema", with_hours(type='"int"')),
    "key of another type": (
        "param-schema",
        with_hours(type='"email"', unit='"days"'),
    ),
    "unknown parameter key": (
        "param-schema",
        with_hours(type='"email"', units='"x"'),
    ),
    "unknown unit": ("param-schema", with_hours(type='"integer"', unit='"ages"')),
    "text without a limit": ("param-schema", with_hours(type='"text"')),
    "list of nothing": ("param-schema", with_hours(type='"list"')),
    "limit of another type": (
        "param-schema",
        with_hours(type='"integer"', min='"1"'),
    ),
    "money default": (
        "param-default",
        with_hours(type='"money"', default='"5"'),
    ),
    "default of another type": (
        "param-default",
        with_hours(type='"integer"', default='"5"'),
    ),
    "default that is no option": (
        "param-default",
        clause_text(body("{{tool}}."), ENUM.replace("label =", 'default = "z"\nlabel =')),
    ),
    "role word in a default": (
        "param-default",
        clause_text(body("{{place}}."), TEXT.replace("label =", 'default = "the Client"\nlabel =')),
    ),
    "percent default": (
        "param-default",
        with_hours(type='"percent"', default='"x"'),
    ),
    "date default": (
        "param-default",
        with_hours(type='"date"', default='"2027-02-30"'),
    ),
    "e-mail default": (
        "param-default",
        with_hours(type='"email"', default='"a b@c.d"'),
    ),
    "default above max": (
        "param-range",
        with_hours(type='"integer"', default="10", max="9"),
    ),
    "min above max": (
        "param-range",
        with_hours(type='"integer"', min="5", max="4"),
    ),
    "default too long": (
        "param-range",
        clause_text(body("{{place}}."), TEXT.replace("label =", f'default = "{"x" * 41}"\nlabel =')),
    ),
    "unknown parameter": ("param-unknown", clause_text(body("After {{huors}}."))),
    "unknown parameter in a condition": (
        "param-unknown",
        clause_text(two("(a) A. {when=c}"), '[conditions]\nc = "nothing"\n'),
    ),
    "unused parameter": ("param-unused", clause_text(tables=parameter())),
    "parameter of the summary only": (
        "param-unused",
        clause_text(tables=parameter(), summary='"Erase after {{hours}}."'),
    ),
    "unguarded use": (
        "param-unguarded",
        clause_text(
            two("(a) After {{hours}}."),
            parameter().replace("label =", 'when = "cloud"\nlabel =') + YESNO + CLOUD,
        ),
    ),
    "yes or no in a text": (
        "param-not-printable",
        clause_text(two("(a) {{cloud}}.", "(b) B. {when=cloud}"), YESNO + CLOUD),
    ),
    "table in a text": ("param-not-printable", clause_text(body("See {{rows}}."), ROWS)),
    "fact for conditions": ("param-not-printable", clause_text(body("In {{deal.countries}}."))),
    "thirteen words": (
        "enum-print-long",
        clause_text(body("{{tool}}."), ENUM.replace('"A"', '"' + "a " * 12 + 'a"')),
    ),
    "unit twice": ("unit-twice", clause_text(body("After {{hours}} hours."), parameter())),
    "unit twice in another form": ("unit-twice", clause_text(body("An {{hours}} hour limit."), parameter())),
    "unknown fact": ("fact-unknown", clause_text(body("In {{deal.town}}."))),
    "unknown fact in a condition": (
        "fact-unknown",
        clause_text(two("(a) A. {when=c}"), "[conditions]\nc = \"deal.town == 'x'\"\n"),
    ),
    "call": ("condition-syntax", clause_text(two("(a) A. {when=c}"), '[conditions]\nc = "f(x)"\n')),
    "text as a yes or no": (
        "condition-syntax",
        clause_text(two("(a) {{place}}. {when=c}"), TEXT + '[conditions]\nc = "place"\n'),
    ),
    "unknown condition": ("condition-unknown", clause_text(two("(a) A. {when=abrod}"))),
    "unknown condition in the summary": ("condition-unknown", clause_text(summary='"You do. {when=abrod}"')),
    "unknown condition of a parameter": (
        "condition-unknown",
        clause_text(
            two("(a) {{hours}}. {when=abrod}"), parameter().replace("label =", 'when = "abrod"\nlabel =')
        ),
    ),
    "unused condition": (
        "condition-unused",
        clause_text(tables="[conditions]\nc = \"'US' in deal.countries\"\n"),
    ),
    "condition in front": (
        "when-not-trailing",
        clause_text(two("(a) {when=has:exit} A.")),
    ),
    "two headings": ("heading", clause_text(BODY + "\n# Second\n")),
    "no heading": ("heading", clause_text("Text only.\n")),
    "third level": ("heading", clause_text(BODY + "\n### Third\n")),
    "no text": ("heading", clause_text("# Backups\n")),
    "markup in the heading": ("heading", clause_text("# **Backups**\n\nText.\n")),
    "letters out of order": ("label-order", clause_text(body("(a) A.", "(c) C."))),
    "letters instead of numerals": ("label-order", clause_text(two("(a) A:\n\n  (a) x; and\n\n  (b) y."))),
    "numerals instead of letters": ("label-order", clause_text(body("(a) A.", "(ii) B."))),
    "one paragraph": ("label-single", clause_text(body("(a) A."))),
    "three spaces": ("item-indent", clause_text(two("(a) A:\n\n   (i) x; and\n\n  (ii) y."))),
    "one space": ("item-indent", clause_text(two("(a) A:\n\n (i) x; and\n\n  (ii) y."))),
    "item first": ("item-orphan", clause_text(body("  (i) x.", "(a) A.", "(b) B."))),
    "item under a table": (
        "item-orphan",
        clause_text(SCHEDULE + "\n| A |\n|---|\n| x |\n\n  (a) x.\n"),
    ),
    "loose text": ("text-unmarked", clause_text(body("(a) A.", "Loose.", "(b) B."))),
    "text after a list": ("text-unmarked", clause_text(two("(a) A:\n\n  (i) x; and\n\n  (ii) y.\n\nMore."))),
    "two texts": ("text-unmarked", clause_text(body("One.", "Two."))),
    "text before labels": ("text-unmarked", clause_text(body("One.", "(a) A.", "(b) B."))),
    "comma": ("list-form", clause_text(two("(a) A:\n\n  (i) safe,\n\n  (ii) x; and\n\n  (iii) y."))),
    "no joint": ("list-form", clause_text(two("(a) A:\n\n  (i) x;\n\n  (ii) y."))),
    "two joints": ("list-form", clause_text(two("(a) A:\n\n  (i) x; and\n\n  (ii) y; or\n\n  (iii) z."))),
    "no end": ("list-form", clause_text(two("(a) A:\n\n  (i) x; and\n\n  (ii) y;"))),
    "no colon": ("list-form", clause_text(two("(a) A\n\n  (i) x; and\n\n  (ii) y."))),
    "colon without items": ("list-form", clause_text(two("(a) A:"))),
    "words beside a list": (
        "list-form",
        clause_text(two("(a) A:\n\n  (*) all {{kinds}}; or\n\n  (i) y."), LIST),
    ),
    "a number as a list": (
        "list-form",
        clause_text(two("(a) A:\n\n  (*) {{hours}}; and\n\n  (i) y."), parameter()),
    ),
    "empty reference": ("ref-syntax", clause_text(body("See {ref:}."))),
    "capital family": ("ref-syntax", clause_text(body("See {ref:Exit}."))),
    "empty entry": ("ref-syntax", clause_text(body("See {refs:exit,}."), requires='["exit"]')),
    "own family": ("ref-self", clause_text(body("See {ref:backups}."))),
    "unrequired family": ("ref-unguarded", clause_text(body("See {ref:exit}."))),
    "unrequired family in a list": ("ref-unguarded", clause_text(body("See {refs:exit, fees?}."))),
    "guarded by another family": ("ref-unguarded", clause_text(two("(a) See {ref:exit}. {when=has:fees}"))),
    "guarded by absence": ("ref-unguarded", clause_text(two("(a) See {ref:exit}. {unless=has:exit}"))),
    "target that can vanish": (
        "ref-unguarded",
        clause_text(two("(a) A. {#x} {when=has:fees}", "(b) See {ref:#x}.")),
    ),
    "unknown family": ("family-unknown", clause_text(body("See {ref:incidents}."))),
    "unknown family in requires": ("family-unknown", clause_text(requires='["incidents"]')),
    "unknown family in conflicts": ("family-unknown", clause_text(conflicts='["incidents.strict"]')),
    "unknown family in a condition": ("family-unknown", clause_text(two("(a) A. {when=has:incidents}"))),
    "unknown anchor": ("anchor-unknown", clause_text(body("See {ref:#nowhere}."))),
    "anchor twice": ("anchor-twice", clause_text(body("(a) {ref:#a}. {#a}", "(b) B. {#a}"))),
    "blank in brackets": ("placeholder-left", clause_text(body("At [address]."))),
    "blank as a line": ("placeholder-left", clause_text(body("At ______."))),
    "to be done": ("placeholder-left", clause_text(body("At TBD."))),
    "single braces": ("brace-stray", clause_text(body("An {x}."))),
    "lone brace": ("brace-stray", clause_text(body("An } x."))),
    "capital parameter": ("brace-stray", clause_text(body("An {{Hours}}."))),
    "emphasis": ("markup-unknown", clause_text(body("Keep *safe*."))),
    "bold": ("markup-unknown", clause_text(body("Keep **safe**."))),
    "tag": ("markup-unknown", clause_text(body("Keep <b>safe."))),
    "strange escape": ("markup-unknown", clause_text(body("Keep \\safe."))),
    "an Assistant": ("role-form", clause_text(body("Ask an Assistant."))),
    "plural": ("role-form", clause_text(body("Ask the Clients."))),
    "role in a term": ("role-form", clause_text(body('A **"Client Copy"** is a copy.'))),
    "role in an option": ("role-form", clause_text(body("{{tool}}."), ENUM.replace('"A"', '"the Client"'))),
    "table in the clause": ("schedule-form", clause_text(body("| A |\n|---|\n| x |", "Text."))),
    "schedule without an anchor": ("schedule-form", clause_text(BODY + "\n## List\n\nText.\n")),
    "empty schedule": ("schedule-form", clause_text(SCHEDULE)),
    "row too short": ("schedule-form", clause_text(SCHEDULE + "\n| A | B |\n|---|---|\n| x |\n")),
    "no ruler": ("schedule-form", clause_text(SCHEDULE + "\n| A |\n| x |\n")),
    "row without an end": ("schedule-form", clause_text(SCHEDULE + "\n| A |\n|---|\n| x | y\n")),
    "term in the summary": ("summary-markup", clause_text(summary='"Keep [[Copies]]."')),
    "reference in the summary": ("summary-markup", clause_text(summary='"See {ref:this}."')),
    "anchor in the summary": ("summary-markup", clause_text(summary='"See. {#a}"')),
}
