"""No plain text reaches a part of Textual that would read markup in it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).parent.parent.parent / "src" / "tokentui" / "ui"

WIDGETS = frozenset(
    {
        "Static", "Label", "Button", "Checkbox", "Collapsible", "Digits", "Link", "Option",
        "OptionList", "Placeholder", "RadioButton", "Select", "Selection", "SelectionList",
        "Switch", "Tab", "TabPane", "ToggleButton", "Tooltip", "Hit", "DiscoveryHit",
    }
)  # fmt: skip
METHODS = frozenset(
    {
        "notify", "update", "from_markup", "set_content", "add_option", "add_options",
        "set_options", "push_tooltip", "render_markup", "visualize",
    }
)  # fmt: skip
ATTRIBUTES = frozenset(
    {"border_title", "border_subtitle", "tooltip", "label", "content", "prompt", "icon"}
)
LITERAL = frozenset({"Content", "Text"})
NOT_SHOWN = frozenset(
    {"id", "classes", "name", "disabled", "variant", "markup", "timeout", "severity", "style"}
)

ALLOWED = {
    ("palette.py", "DiscoveryHit(Content(name), run, name, help_)"): "a key of our own table",
    ("palette.py", "Hit(score, matcher.highlight(name), run, name, help_)"): (
        "a key of our own table; `highlight` gives Content"
    ),
    (
        "widgets/button.py",
        "DialogButton: super().__init__(Content(label), variant, id=name, compact=True)",
    ): ("the variant is a word of Textual's"),
    (
        "widgets/record_model.py",
        "self._records.update(((record.key, record) for record in records))",
    ): "a dictionary",
    ("widgets/record_marks.py", "self._keys.update((record.key for record in records))"): "a set",
}

VIOLATIONS = """
class Line(Static):
    def __init__(self, text):
        super().__init__(text)

class Number(Widget):
    def render(self) -> str:
        return self.number

def draw(self, name):
    Static(name)
    Static(content=name)
    yield Label(f"it is {name}", id="x")
    Button("[b]" + name)
    self.app.notify(name, title="x")
    self.notify("x", title=name)
    self.query_one("#a").update(name.upper())
    self.box.border_title = name
    self.tooltip: str = name
    Content.from_markup(name)
    Static(Content.from_markup(name))
    Select([(name, name)])
    Static(name, markup=True)
    Static("a" if self.b else name)
"""
HARMLESS = """
class Line(Static):
    def __init__(self, text):
        super().__init__(Content(text), markup=False)

class Number(Widget):
    def render(self) -> Content:
        return Content(self.number)

def draw(self, name):
    Static("[b]ours[/]", id=name)
    Static(name, markup=False)
    Static(Content(name), classes=name)
    Static(Content.styled(name, "bold"))
    Static(Content("x").join(map(Content, name)))
    Button(Content(name), id=name)
    self.box.border_title = Content(name)
    self.notify(name, markup=False)
    self.say(name)
"""


def sinks(tree: ast.Module, inherited: frozenset[str] = frozenset()) -> Iterator[str]:
    """Give the source of each place where something that is no literal may be read as markup."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and _bases(node) & (WIDGETS | inherited):
            yield from _of_constructor(node)
        elif isinstance(node, ast.Call) and _name(node.func) in WIDGETS | METHODS:
            if _may_read_markup(node):
                yield ast.unparse(node)
        elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = {t.attr for t in targets if isinstance(t, ast.Attribute)}
            if names & ATTRIBUTES and not _is_literal(node.value):
                yield ast.unparse(node)
        elif isinstance(node, ast.FunctionDef) and node.name == "render" and _gives_text(node):
            yield "def render"


def widgets_among(trees: list[ast.Module]) -> frozenset[str]:
    """Give the names of our classes that inherit, at any distance, from a widget of `WIDGETS`."""
    classes = [n for tree in trees for n in ast.walk(tree) if isinstance(n, ast.ClassDef)]
    found: frozenset[str] = frozenset()
    while True:
        more = frozenset(c.name for c in classes if _bases(c) & (WIDGETS | found))
        if more == found:
            return found
        found = more


def _of_constructor(node: ast.ClassDef) -> Iterator[str]:
    for call in ast.walk(node):
        if (
            isinstance(call, ast.Call)
            and ast.unparse(call.func) == "super().__init__"
            and _may_read_markup(call)
        ):
            yield f"{node.name}: {ast.unparse(call)}"


def _may_read_markup(call: ast.Call) -> bool:
    if any(k.arg == "markup" and _is_false(k.value) for k in call.keywords):
        return False
    if _name(call.func) == "from_markup":
        return True
    named = [k.value for k in call.keywords if k.arg not in NOT_SHOWN]
    return not all(_is_literal(value) for value in (*call.args, *named))


def _gives_text(render: ast.FunctionDef) -> bool:
    return render.returns is None or ast.unparse(render.returns) not in LITERAL


def _is_false(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is False


def _is_literal(value: ast.expr) -> bool:
    """Whether it is written out in the source, or made by something that reads no markup."""
    if isinstance(value, ast.IfExp):
        return _is_literal(value.body) and _is_literal(value.orelse)
    if isinstance(value, ast.Constant):
        return True
    return isinstance(value, ast.Call) and _maker(value) in LITERAL


def _maker(call: ast.Call) -> str:
    """Give the name at the root of `Content(..)`, `Content.styled(..)`, `Content(..).join(..)`."""
    node: ast.expr = call
    while isinstance(node, ast.Call | ast.Attribute):
        if isinstance(node, ast.Attribute) and node.attr == "from_markup":
            return ""
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _bases(node: ast.ClassDef) -> set[str]:
    bases = (b.value if isinstance(b, ast.Subscript) else b for b in node.bases)
    return {_name(base) for base in bases}


def found_in_source() -> set[tuple[str, str]]:
    paths = sorted(SOURCE.rglob("*.py"))
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in paths]
    inherited = widgets_among(trees)
    return {
        (str(path.relative_to(SOURCE)), sink)
        for path, tree in zip(paths, trees, strict=True)
        for sink in sinks(tree, inherited)
    }


def test_what_may_be_read_as_markup_is_listed_with_its_reason() -> None:
    """A new place is a decision: wrap the text in Content, or add it here with its reason."""
    assert found_in_source() == set(ALLOWED)


def test_each_way_to_pass_plain_text_is_caught() -> None:
    tree = ast.parse(VIOLATIONS)
    found = set(sinks(tree))
    statements = [ast.unparse(s) for s in tree.body[-1].body]  # type: ignore[attr-defined]
    missed = [s for s in statements if s.removeprefix("yield ") not in found]
    assert missed == []
    assert "Line: super().__init__(text)" in found
    assert "def render" in found


def test_a_widget_that_inherits_from_our_own_is_caught() -> None:
    trees = [
        ast.parse(VIOLATIONS),
        ast.parse(
            "class Deep(Line):\n    def __init__(self, t):\n        super().__init__(f'{t}')\n"
        ),
    ]
    assert widgets_among(trees) == {"Line", "Deep"}
    assert list(sinks(trees[1], widgets_among(trees))) == ["Deep: super().__init__(f'{t}')"]


def test_literal_text_is_left_alone() -> None:
    assert list(sinks(ast.parse(HARMLESS))) == []
