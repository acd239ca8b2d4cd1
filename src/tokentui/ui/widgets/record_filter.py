"""The filter's line: a text that is edited key by key."""

from __future__ import annotations

from tokentui.domain.text import clean

MOST_CHARACTERS = 500


class FilterLine:
    """The filter's text, and whether keys go into it.

    `is_selected`: it was entered before, and what is typed next takes its place.
    """

    def __init__(self) -> None:
        self.text = ""
        self.editing = False
        self.is_selected = False

    def __bool__(self) -> bool:
        return self.editing or bool(self.text)

    def open(self) -> None:
        """Let keys go into it; a text that was entered before is selected."""
        if not self.editing:
            self.is_selected = bool(self.text)
        self.editing = True

    def press(self, key: str, character: str | None) -> bool:
        """Take a key while editing; gives False for a key that is not the filter's."""
        if key in {"enter", "tab"}:
            self.is_selected = False
            self.editing = False
        elif key == "backspace":
            self.is_selected = False
            self.editing = bool(self.text)
            self.text = self.text[:-1]
        elif key == "ctrl+u":
            self.is_selected = False
            self.text = ""
        elif character is not None and character.isprintable():
            self.insert(character)
        elif key in {"left", "right"}:  # they would leave the list
            self.is_selected = False
        else:
            return False
        return True

    def insert(self, text: str) -> None:
        """Append typed or pasted text, the first line of it; it replaces what is selected."""
        first_line = text.split("\n", 1)[0].split("\r", 1)[0]
        before = "" if self.is_selected else self.text
        self.is_selected = False
        self.text = (before + clean(first_line))[:MOST_CHARACTERS]

    def clear(self) -> None:
        """Empty the filter and end the editing."""
        self.is_selected = False
        self.text = ""
        self.editing = False
