"""The filter's line: a text that is edited key by key."""

from __future__ import annotations

from tokentui.domain.text import clean

MOST_CHARACTERS = 200


class FilterLine:
    """The filter's text, and whether keys go into it."""

    def __init__(self) -> None:
        self.text = ""
        self.editing = False

    def __bool__(self) -> bool:
        return self.editing or bool(self.text)

    def press(self, key: str, character: str | None) -> bool:
        """Take a key while editing; gives False for a key that is not the filter's."""
        if key in {"enter", "tab"}:
            self.editing = False
        elif key == "backspace":
            self.editing = bool(self.text)
            self.text = self.text[:-1]
        elif key == "ctrl+u":
            self.text = ""
        elif character is not None and character.isprintable():
            self.insert(character)
        else:
            return key in {"left", "right"}  # they would leave the list
        return True

    def insert(self, text: str) -> None:
        """Append typed or pasted text, the first line of it."""
        first_line = text.split("\n", 1)[0].split("\r", 1)[0]
        self.text = (self.text + clean(first_line))[:MOST_CHARACTERS]

    def clear(self) -> None:
        """Empty the filter and end the editing."""
        self.text = ""
        self.editing = False
