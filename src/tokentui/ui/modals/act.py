"""What the dialogs share that change one credential."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tokentui.domain.text import clean
from tokentui.ui import verb_words as words
from tokentui.ui.modals.asking import AskingModal
from tokentui.ui.widgets.text_part import TextPart

if TYPE_CHECKING:
    from tokentui.services.held import Held
    from tokentui.services.verbs import Verb
    from tokentui.ui.session import Session
    from tokentui.ui.wishes import Doer, Wish

_LABEL_WIDTH = 13
_LONGEST_TITLE = 90


class ActModal(AskingModal):
    """Names the credential and what would happen to it."""

    def __init__(self, session: Session, doer: Doer, verb: Verb, held: Held, word: str) -> None:
        """Open for one credential; `word` is the provider's own for the verb."""
        super().__init__(session)
        self.verb = verb
        self.held = held
        self.word = word
        self.doing = words.doing(verb, word)
        self._doer = doer
        self._facts = TextPart("facts")

    def wish(self) -> Wish:
        """Give what is wished, as it stands now."""
        raise NotImplementedError

    def send(self) -> None:
        self._doer.do(self, self.wish())

    def on_mount(self) -> None:
        self.title_with(clean(words.question(self.held, self.verb, self.word), _LONGEST_TITLE))

    def draw(self) -> None:
        lines = words.facts(self.held, self.session.when)
        self._facts.show(
            "\n".join(f"{label:<{_LABEL_WIDTH}}{clean(text)}" for label, text in lines)
        )
