"""One HTML page that needs no other file: its style, sections and tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

STYLE = """
:root { color-scheme: light dark; --line: #8884; --quiet: #767676; --good: #1a7f4b;
  --look: #9a6700; --bad: #b3261e; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 50rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; margin-bottom: 0; } h2 { font-size: 1.15rem; margin-top: 2.2rem; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid var(--line); }
caption, .quiet { color: var(--quiet); }
caption { caption-side: bottom; text-align: left; font-size: .85rem; padding-top: .4rem; }
.verdict { border-left: .4rem solid; padding: .4rem 1rem; margin: 1.5rem 0; }
.verdict h2 { margin: 0; } .promote { border-color: var(--good); }
.review { border-color: var(--look); } .refuse { border-color: var(--bad); }
.worse, .fail { color: var(--bad); } .warn { color: var(--look); }
figure { margin: 1rem 0; background: white; } svg { max-width: 100%; height: auto; }
"""

Cell = str | int | float | None


def page(title: str, sections: Iterable[str]) -> str:
    """The whole page; sections that are empty are left out."""
    body = "\n".join(section for section in sections if section)
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>\n"
        f"<body><main>\n{body}\n</main></body></html>\n"
    )


def section(heading: str, *parts: str) -> str:
    """A heading over parts that are HTML already."""
    return f"<section><h2>{heading}</h2>{''.join(parts)}</section>"


def table(names: Sequence[str], rows: Iterable[Sequence[Cell]], caption: str = "") -> str:
    """A table of text, escaped; the first cell of a row is its heading."""
    head = "".join(f"<th scope='col'>{escape(name)}</th>" for name in names)
    body = "".join(f"<tr>{_row(row)}</tr>" for row in rows)
    return (
        "<table>"
        + (f"<caption>{escape(caption)}</caption>" if caption else "")
        + (f"<thead><tr>{head}</tr></thead>" if head else "")
        + f"<tbody>{body}</tbody></table>"
    )


def _row(cells: Sequence[Cell]) -> str:
    first, *rest = (escape(str(cell)) for cell in cells)
    return f"<th scope='row'>{first}</th>" + "".join(f"<td>{cell}</td>" for cell in rest)
