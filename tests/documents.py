"""Reads what the project's documents hold: tables, sections and blocks of code."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONFIGURATION = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
WRITING = (ROOT / "docs" / "writing-a-provider.md").read_text(encoding="utf-8")

_RULE = re.compile(r"[|: -]+")

Row = dict[str, str]


def section(page: str, heading: str) -> str:
    """Give the text below a heading of the second level that begins with these words."""
    found = [part for part in page.split("\n## ")[1:] if part.startswith(heading)]
    assert len(found) == 1, f"there are {len(found)} sections {heading}"
    return found[0]


def tables(page: str) -> list[list[Row]]:
    """Give every table as rows that map a column's title to a cell's text."""
    blocks = re.findall(r"(?:^\|.*\|$\n?)+", page, re.MULTILINE)
    return [_rows(block.splitlines()) for block in blocks]


def table(page: str, first_column: str) -> list[Row]:
    """Give the rows of all tables whose first column has this title."""
    return [row for rows in tables(page) for row in rows if next(iter(row)) == first_column]


def blocks(page: str, language: str) -> list[str]:
    """Give the blocks of code in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)


def words(cell: str) -> list[str]:
    """Give what stands in a cell as code."""
    return re.findall(r"`([^`]+)`", cell)


def _rows(lines: list[str]) -> list[Row]:
    titles, rule, *rest = [_cells(line) for line in lines]
    assert all(_RULE.fullmatch(cell) for cell in rule), f"no rule below {titles}"
    for cells in rest:
        assert len(cells) == len(titles), f"a row does not fit its table: {cells}"
    return [dict(zip(titles, cells, strict=True)) for cells in rest]


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]
