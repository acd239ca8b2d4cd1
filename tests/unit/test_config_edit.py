"""Profiles written into configurations of all styles, and taken out again."""

from __future__ import annotations

import stat
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from configs import CLOUDY, GOOD, about
from tokentui.domain.about import SettingValue
from tokentui.domain.errors import ConfigError, UsageError
from tokentui.domain.model import ProfileName
from tokentui.domain.profile_draft import ByHand, Draft
from tokentui.storage.config import load
from tokentui.storage.config_edit import ConfigEditor

NEW = """\
  new:
    provider: cloudy
    project_id: 0c6c
    zones:
    - a
    - '7'
    endpoints:
      edge: https://edge.example
    timeout: 2.5
    auth:
      method: file
      path: ~/token
    guard:
      protected: true
      max_lifetime: 30d
"""


def draft(name: str = "new", **settings: SettingValue) -> Draft:
    return Draft(
        name=ProfileName(name),
        provider=CLOUDY.key,
        method="file",
        options={"path": "~/token"},
        settings=settings or {
            "project_id": "0c6c",
            "zones": ("a", "7"),
            "endpoints": {"edge": "https://edge.example"},
            "timeout": 2.5,
        },
        guard={"protected": True, "max_lifetime": "30d"},
    )  # fmt: skip


def editor(folder: Path, content: str | bytes | None) -> ConfigEditor:
    path = folder / "config.yaml"
    if content is not None:
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        path.chmod(0o600)
    return ConfigEditor(path, folder)


def added(folder: Path, content: str | None) -> str:
    """Add the new profile and give the file's text."""
    edit = editor(folder, content)
    edit.add(draft())
    return edit.path.read_bytes().decode()


def test_a_missing_file_is_made_with_its_folder_for_its_owner_alone(tmp_path: Path) -> None:
    edit = ConfigEditor(tmp_path / "conf" / "config.yaml", tmp_path)
    edit.add(draft())
    header, rest = edit.path.read_text().split("\n", 1)
    assert header == "# tokentui: profiles and settings. Secrets never stand in this file."
    assert rest == "profiles:\n" + NEW
    assert stat.S_IMODE(edit.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(edit.path.parent.stat().st_mode) == 0o700
    assert [profile.name for profile in load(edit.path, about).profiles] == ["new"]


def test_what_is_written_is_what_was_checked(tmp_path: Path) -> None:
    edit = editor(tmp_path, GOOD)
    checked = edit.check(draft(), CLOUDY)
    edit.add(draft())
    config = load(edit.path, about)
    assert config.problems == ()
    assert config.profiles[-1] == checked
    assert [profile.name for profile in config.profiles] == ["ops-prod", "dev", "new"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "# tokentui: profiles and settings. Secrets never stand in this file.\nprofiles:\n+"),
        ("# mine\n", "# mine\nprofiles:\n+"),
        ("# mine", "# mine\nprofiles:\n+"),
        ("---\n", "---\nprofiles:\n+"),
        ("settings: {theme: x}", "settings: {theme: x}\nprofiles:\n+"),
        ("settings:\n  theme: x\n  # keys: {}\n\n# end\n",
         "settings:\n  theme: x\n  # keys: {}\nprofiles:\n+\n# end\n"),
        ("profiles:\n", "profiles:\n+"),
        ("profiles:\nsettings: {}\n", "profiles:\n+settings: {}\n"),
        ("profiles: # none\n\nsettings: {}\n", "profiles: # none\n+\nsettings: {}\n"),
        ("profiles: {} # none\n", "profiles:  # none\n+"),
        ("profiles: ~\n", "profiles: \n+"),
        ("profiles:\n  # a: {}\nsettings: {}\n", "profiles:\n  # a: {}\n+settings: {}\n"),
        ("profiles:\n  a:\n    b: 1\n    # of a\n  # of none\n\n# of settings\nsettings: {}\n",
         "profiles:\n  a:\n    b: 1\n    # of a\n+  # of none\n\n# of settings\nsettings: {}\n"),
        ("profiles:\n  a: {b: 1}  # one\n...\n", "profiles:\n  a: {b: 1}  # one\n+...\n"),
        ("profiles:\n  a: &x {b: 1}\n  c: *x\nsettings: *x\n",
         "profiles:\n  a: &x {b: 1}\n  c: *x\n+settings: *x\n"),
        ("profiles:\n  a: |\n    # text\n\nsettings: {}\n",
         "profiles:\n  a: |\n    # text\n+\nsettings: {}\n"),
        ("'profiles':\n  \"a\":\n", "'profiles':\n  \"a\":\n+"),
        ("profiles:\n  ä😀: 1\n", "profiles:\n  ä😀: 1\n+"),
    ],
)  # fmt: skip
def test_a_profile_stands_behind_the_others(tmp_path: Path, before: str, after: str) -> None:
    assert added(tmp_path, before) == after.replace("+", NEW)


@pytest.mark.parametrize("column", [1, 4, 8])
def test_the_indentation_of_the_file_is_kept(tmp_path: Path, column: int) -> None:
    before = f"profiles:\n{' ' * column}a:\n{' ' * (column + 1)}b: 1\n"
    new = "".join(" " * (column - 2) + line if column >= 2 else line[1:]
                  for line in NEW.splitlines(keepends=True))  # fmt: skip
    assert added(tmp_path, before) == before + new


def test_line_ends_and_a_byte_order_mark_are_kept(tmp_path: Path) -> None:
    text = added(tmp_path, "\ufeff" + GOOD.replace("\n", "\r\n"))
    assert text.startswith("\ufeff# kept in git\r\n")
    assert text.count("\n") == text.count("\r\n") == GOOD.count("\n") + NEW.count("\n")


@pytest.mark.parametrize(
    "content",
    [
        "{profiles: {a: {b: 1}}}\n",
        "profiles: {a: {b: 1}}\n",
        "profiles:\n  {a: 1}\n",
        "x: &p {a: 1}\nprofiles: *p\n",
        "x: &p\n  a: 1\nprofiles: *p\n",
        "profiles: &p\nx: *p\n",
        "profiles:\n  ? a\n  : 1\n",
        "? profiles\n: a: 1\n",
        "profiles: [a]\n",
        "profiles: words\n",
        "profiles:\n  a: |+\n    text\n\n",
        "profiles:\n  a: 1\nprofiles:\n  b: 1\n",
    ],
)
def test_what_cannot_be_edited_without_risk_is_left_with_words(
    tmp_path: Path, content: str
) -> None:
    edit = editor(tmp_path, content)
    with pytest.raises(ByHand, match="cannot be edited without risk: write the profile") as told:
        edit.add(draft())
    assert edit.path.read_text() == content
    assert told.value.block == "".join(line[2:] for line in NEW.splitlines(keepends=True))


@pytest.mark.parametrize(
    ("content", "after"),
    [
        ("profiles:\n  new:\n    a: 1\n", "profiles:\n"),
        ("profiles:\n  new: {a: 1}\nsettings: {}\n", "profiles:\nsettings: {}\n"),
        ("profiles:\n  # one\n  a: 1\n  # two\n  new:\n    # in it\n    x: 1\n    # its end\n"
         "  # three\n\n  b: 1\n",
         "profiles:\n  # one\n  a: 1\n  # two\n  # three\n\n  b: 1\n"),
        ("profiles:\n  new: |+\n    # text\n\n  b: 1\n", "profiles:\n\n  b: 1\n"),
        ("profiles:\n  new:\n    a: 1\n# end", "profiles:\n# end"),
        ("profiles:\n  a: &x {b: 1}\n  new: *x\n...\n", "profiles:\n  a: &x {b: 1}\n...\n"),
    ],
)  # fmt: skip
def test_a_profile_is_removed_and_comments_around_it_stay(
    tmp_path: Path, content: str, after: str
) -> None:
    edit = editor(tmp_path, content)
    edit.remove("new")
    assert edit.path.read_text() == after


@pytest.mark.parametrize(
    "content",
    [
        "profiles:\n  new: &x {a: 1}\n  b: *x\n",
        "profiles:\n  new: &x {a: 1}\nsettings: *x\n",
        "profiles: {new: {a: 1}}\n",
        "profiles:\n  ? new\n  : 1\n",
        "profiles:\n  new: 1\n  new: 2\n",
    ],
)
def test_what_cannot_be_removed_without_risk_is_left(tmp_path: Path, content: str) -> None:
    edit = editor(tmp_path, content)
    with pytest.raises(ByHand, match=r"line \d: new cannot be removed without risk"):
        edit.remove("new")
    assert edit.path.read_text() == content


def test_what_is_not_there_cannot_be_removed(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no profile nev in .*: did you mean new"):
        editor(tmp_path, "profiles:\n  new: 1\n").remove("nev")
    with pytest.raises(UsageError, match="it has no profiles"):
        editor(tmp_path, "").remove("nev")


def test_a_name_that_is_taken_is_refused_with_its_line(tmp_path: Path) -> None:
    edit = editor(tmp_path, GOOD)
    for refuse in (lambda: edit.check(draft("dev"), CLOUDY), lambda: edit.add(draft("dev"))):
        with pytest.raises(ConfigError, match="line 17: there is a profile dev already: choose"):
            refuse()
    assert edit.path.read_text() == GOOD


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (draft("a/b"), "profile a/b cannot be a profile's name: use up to 40 letters"),
        (draft(zones=("a",)), "profile new has no project_id: add it: the project"),
        (draft(project_id=""), "profile new: project_id is empty"),
        (draft(project_id="x", zoned="y"), "profile new: zoned is not a setting of cloudy"),
        (draft(project_id="x", zones=("a", "")), "profile new: zones[1] is empty"),
        (draft(project_id="x", proxy="y"), "profile new: proxy must be a URL"),
        (draft(project_id="a\x1b[0mb"), "profile new: project_id holds characters"),
    ],
)
def test_a_fault_is_told_with_its_key(tmp_path: Path, wrong: Draft, sentence: str) -> None:
    with pytest.raises(ConfigError) as told:
        editor(tmp_path, None).check(wrong, CLOUDY)
    assert told.value.sentence.startswith(sentence)


def test_a_command_is_refused_in_a_file_that_others_can_write(tmp_path: Path) -> None:
    edit = editor(tmp_path, GOOD)
    edit.path.chmod(0o666)
    runs = Draft(ProfileName("new"), CLOUDY.key, "command", {"command": ("x",)},
                 {"project_id": "x"})  # fmt: skip
    with pytest.raises(ConfigError, match="profile new: auth runs a command, but the file can be"):
        edit.check(runs, CLOUDY)


def test_a_broken_file_is_refused_as_it_is_read(tmp_path: Path) -> None:
    edit = editor(tmp_path, "profiles:\n\ta: 1\n")
    with pytest.raises(ConfigError, match="line 2: a tab stands where YAML wants blanks"):
        edit.add(draft())


def test_mode_and_symbolic_link_are_kept(tmp_path: Path) -> None:
    real = tmp_path / "dotfiles" / "tokentui.yaml"
    real.parent.mkdir(0o755)
    real.write_text(GOOD)
    real.chmod(0o644)
    link = tmp_path / "config.yaml"
    link.symlink_to(real)
    ConfigEditor(link, tmp_path).add(draft())
    assert link.is_symlink()
    assert "new:" in real.read_text()
    assert stat.S_IMODE(real.stat().st_mode) == 0o644
    assert stat.S_IMODE(real.parent.stat().st_mode) == 0o755
    assert [path.name for path in real.parent.iterdir()] == ["tokentui.yaml"]


def test_a_link_to_nothing_leads_to_the_new_file(tmp_path: Path) -> None:
    link = tmp_path / "config.yaml"
    link.symlink_to(tmp_path / "dotfiles" / "tokentui.yaml")
    ConfigEditor(link, tmp_path).add(draft())
    assert link.is_symlink()
    assert (tmp_path / "dotfiles" / "tokentui.yaml").read_text().endswith(NEW)


def test_one_after_the_other_none_is_lost(tmp_path: Path) -> None:
    edit = editor(tmp_path, GOOD)
    names = [f"p{number}" for number in range(5)]
    for name in names:
        edit.add(draft(name))
    for name in names[::2]:
        edit.remove(name)
    for name in names[1::2]:
        edit.remove(name)
    assert edit.path.read_text() == GOOD


# --- any file: the rest stays, or nothing is changed --------------------------------------------

COMMENTS = st.sampled_from(["", "# c\n", "\n", "  # in\n", "    # deep\n", "\n\n# c\n"])
VALUES = st.sampled_from(
    [" 1\n", "\n", " {b: 1}\n", " &x {b: 1}\n", " *x\n", " |\n      t\n", " |+\n      t\n\n",
     "\n    b: 1\n", "\n    b:\n      - 1\n      # c\n      - 2\n", "\n    b: [1,\n  2]\n",
     " 'a # b'\n", " \"a\n\n    b\"\n", " # c\n    b: 1\n", " !t x\n", " >-\n      t\n     \n"]
)  # fmt: skip
ENTRIES = st.lists(st.tuples(COMMENTS, st.sampled_from("abcdef"), VALUES), max_size=4)
HEADS = st.sampled_from(["", "# head\n", "---\n", "%YAML 1.1\n---\n", "base: &x {b: 1}\n", "\n"])
TAILS = st.sampled_from(["", "settings:\n  theme: x\n", "# end", "...\n", "s: {}", "---\n", "~"])
PROFILES = st.sampled_from(
    ["profiles:\n", "profiles: # c\n", "", "profiles: &p\n", "'profiles':\n"]
)


@st.composite
def odd_files(make: st.DrawFn) -> str:
    entries = "".join(f"{comment}  {name}:{value}" for comment, name, value in make(ENTRIES))
    return make(HEADS) + make(PROFILES) + entries + make(COMMENTS) + make(TAILS)


def tree(node: yaml.Node | None, within: tuple[int, ...] = ()) -> object:
    """Give a node as plain tuples, without places and styles."""
    if node is None or id(node) in within:
        return None
    inner = (*within, id(node))
    if isinstance(node, yaml.MappingNode):
        return tuple((tree(key, inner), tree(value, inner)) for key, value in node.value)
    if isinstance(node, yaml.SequenceNode):
        return tuple(tree(item, inner) for item in node.value)
    return (node.tag, node.value)


def parts(text: str) -> tuple[tuple[object, ...], tuple[object, ...]]:
    """Give the profiles and the rest, as the other one of PyYAML's parsers sees them."""
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    pairs = root.value if isinstance(root, yaml.MappingNode) else []
    found = [value for key, value in pairs if key.value == "profiles"]
    inner = found[0].value if found and isinstance(found[0], yaml.MappingNode) else []
    profiles = tuple((tree(key), tree(value)) for key, value in inner)
    return profiles, tuple((tree(k), tree(v)) for k, v in pairs if k.value != "profiles")


def without_new(text: str) -> list[str]:
    """Give the lines that are not the new profile's, nor the line above the first one."""
    new = {line.strip() for line in NEW.splitlines()} | {"profiles:"}
    lines = [line.rstrip() for line in text.rstrip().split("\n")]
    return [line for line in lines if line.strip() not in new]


def check_any(content: str) -> None:
    with TemporaryDirectory() as folder:
        edit = editor(Path(folder), content)
        before = edit.path.read_bytes()
        try:
            edit.add(draft())
        except ConfigError:
            assert edit.path.read_bytes() == before
            return
        text = edit.path.read_bytes().decode()
        profiles, rest = parts(content)
        new_profiles, new_rest = parts(text)
        assert new_rest == rest
        wanted = parts("profiles:\n" + NEW)[0]
        assert new_profiles == (*profiles, *wanted)
        assert without_new(text) == without_new(content) or not content
        edit.remove("new")
        assert parts(edit.path.read_bytes().decode()) == (profiles, rest)


@given(odd_files())
@example("profiles:\n  a: &x\n    b: 1\n  c: *x")
@example("profiles:\n  a: &x [*x]\n")
@settings(deadline=None, max_examples=200)
def test_whatever_the_file_only_the_profile_changes(content: str) -> None:
    check_any(content)


SNIPPETS = st.sampled_from(
    ["\n", "\n  ", "\n    ", " ", "c:", "d: 1", "- ", "#", "{", "}", "[]", ",", "&x ", "*x", "|",
     ">", "'", '"', "? ", ": ", "~", "!t ", "---", "...", "\t", "\r", "\r\n", "é", "\x85", "\u2028",
     "<<: "]
)  # fmt: skip


@given(st.lists(SNIPPETS, max_size=10).map("".join))
@settings(deadline=None, max_examples=300)
def test_whatever_the_text_only_the_profile_changes(text: str) -> None:
    content = "profiles:\n  a:\n    b: 1\n" + text
    try:
        parts(content)
    except yaml.YAMLError:
        return
    check_any(content)
