from __future__ import annotations

import os
import stat
import threading
import time
from difflib import ndiff
from pathlib import Path

import pytest

from kubeconfigs import CANARY, HAND_WRITTEN, entry
from tokentui.delivery.kubeconfig_backup import back_up
from tokentui.delivery.kubeconfig_file import KubeconfigFile, Merged
from tokentui.domain.errors import DeliveryError
from tokentui.domain.kubeconfig import ChangeKind, Entry
from tokentui.kubeconfigs.read import parse


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "kube" / "config"


@pytest.fixture
def store(tmp_path: Path) -> KubeconfigFile:
    return KubeconfigFile(tmp_path / "backup", lock_wait_s=0.2)


@pytest.fixture
def hand_written(path: Path) -> Path:
    path.parent.mkdir()
    path.write_text(HAND_WRITTEN)
    path.chmod(0o600)
    return path


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_default_is_the_file_that_client_go_writes(tmp_path: Path) -> None:
    store = KubeconfigFile(tmp_path)
    first, second = tmp_path / "a", tmp_path / "b"
    listed = {"KUBECONFIG": f":{first}:{first}:{second}:"}
    assert store.default_path({}, tmp_path) == tmp_path / ".kube" / "config"
    assert store.default_path({"KUBECONFIG": ""}, tmp_path) == tmp_path / ".kube" / "config"
    assert store.default_path({"KUBECONFIG": "~/x"}, tmp_path) == Path("~/x")
    assert store.default_path(listed, tmp_path) == second
    second.touch()
    assert store.default_path(listed, tmp_path) == second
    first.touch()
    assert store.default_path(listed, tmp_path) == first


def test_a_new_file_and_its_folder_are_private(store: KubeconfigFile, path: Path) -> None:
    merged = store.merge(entry(), path)
    assert (mode(path), mode(path.parent)) == (0o600, 0o700)
    assert merged == Merged(path, "edge-demo", True, merged.changes, None, ())
    assert os.listdir(path.parent) == ["config"]


def test_all_other_lines_stay(store: KubeconfigFile, hand_written: Path) -> None:
    merged = store.merge(entry(), hand_written)
    diff = list(ndiff(HAND_WRITTEN.splitlines(), hand_written.read_text().splitlines()))
    assert not [line for line in diff if line.startswith("-")]
    assert f'+       token: "{CANARY}"' in diff
    assert merged.warnings == ()
    assert merged.backup is not None
    assert merged.backup.read_text() == HAND_WRITTEN
    assert (mode(merged.backup), mode(merged.backup.parent)) == (0o600, 0o700)


def test_a_renewal_replaces_its_own_lines_only(store: KubeconfigFile, hand_written: Path) -> None:
    store.merge(entry(), hand_written)
    before = hand_written.read_text()
    merged = store.merge(entry(token="renewed-token"), hand_written)
    assert hand_written.read_text() == before.replace(CANARY, "renewed-token")
    assert [change.kind for change in merged.changes].count(ChangeKind.CHANGED) == 1


def test_the_current_context_changes_in_its_place(
    store: KubeconfigFile, hand_written: Path
) -> None:
    store.merge(entry(), hand_written)
    assert "\ncurrent-context: prod   # careful\n" in hand_written.read_text()
    store.merge(entry(), hand_written, make_current=True)
    assert '\ncurrent-context: "edge-demo"   # careful\n' in hand_written.read_text()


def test_nothing_is_written_if_nothing_changes(store: KubeconfigFile, hand_written: Path) -> None:
    store.merge(entry(), hand_written)
    before = hand_written.stat()
    merged = store.merge(entry(), hand_written)
    assert not merged.changed
    assert merged.backup is None
    after = hand_written.stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


@pytest.mark.parametrize(
    "text",
    [
        "clusters: []\nusers: null\ncontexts:\n# end\n",
        "apiVersion: v1\nkind: Config\n# end",
        "current-context:   # none\n# end\n",
        "# only this\n# end\n",
        "clusters:\n- # end\n  name: x\n  cluster: {}\ncontexts: []\n",
        "---\n# end\nkind: Config\n...\n",
    ],
)
def test_comments_stay_in_files_that_are_nearly_empty(
    store: KubeconfigFile, path: Path, text: str
) -> None:
    path.parent.mkdir()
    path.write_text(text)
    path.chmod(0o600)
    merged = store.merge(entry(), path)
    assert "# end" in path.read_text()
    assert merged.warnings == ()


def test_line_ends_stay(store: KubeconfigFile, path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(HAND_WRITTEN.replace("\n", "\r\n").encode())
    store.merge(entry(), path)
    data = path.read_bytes()
    assert data.count(b"\r\n") == data.count(b"\n") > HAND_WRITTEN.count("\n")


def test_json_and_flow_style_are_written_anew_and_lost_comments_told(
    store: KubeconfigFile, path: Path
) -> None:
    path.parent.mkdir()
    text = '{"clusters": [{"name": "c", "cluster": {"disable-compression": true, "x": 12}}]}'
    path.write_text(text)
    path.chmod(0o600)
    assert store.merge(entry(), path).warnings == ()
    assert parse(path.read_text(), path).document["clusters"][0] == {  # type: ignore[index]
        "name": "c", "cluster": {"disable-compression": True, "x": "12"},
    }  # fmt: skip
    assert "x: 12\n" in path.read_text()
    path.write_text(text.replace(", ", ", # remark\n"))
    (warning,) = store.merge(entry(), path).warnings
    assert "comments" in warning


def test_aliases_are_followed_and_never_cut(store: KubeconfigFile, path: Path) -> None:
    path.parent.mkdir()
    path.write_text(
        "clusters:\n- name: a\n  cluster: &c\n    server: https://a.b\n"
        "- name: b\n  cluster:\n    <<: *c\n    server: https://b.b\n"
        "- name: c\n  cluster: *c\n"
    )
    store.merge(entry(), path)
    found = parse(path.read_text(), path).document["clusters"]
    servers = [item["cluster"]["server"] for item in found]  # type: ignore[attr-defined]
    assert servers[:3] == ["https://a.b", "https://b.b", "https://a.b"]


def test_a_taken_name_is_told(store: KubeconfigFile, hand_written: Path) -> None:
    merged = store.merge(entry(name="prod"), hand_written)
    assert merged.context == "prod-2"
    assert merged.warnings == ("The context is called prod-2, because prod was taken.",)


def test_a_file_open_to_others_is_closed_and_told(
    store: KubeconfigFile, hand_written: Path
) -> None:
    hand_written.chmod(0o644)
    (warning,) = store.merge(entry(), hand_written).warnings
    assert "was open to others (mode 0644)" in warning
    assert mode(hand_written) == 0o600
    hand_written.chmod(0o640)
    (warning,) = store.merge(entry(), hand_written).warnings
    assert "chmod 600" in warning


def test_a_narrow_mode_stays(store: KubeconfigFile, hand_written: Path) -> None:
    hand_written.chmod(0o400)
    if os.geteuid() == 0:
        os.chown(hand_written, 65534, 65534)
    store.merge(entry(), hand_written)
    state = hand_written.stat()
    assert mode(hand_written) == 0o400
    assert state.st_uid == (65534 if os.geteuid() == 0 else os.geteuid())


def test_a_symbolic_link_stays_and_its_target_changes(
    store: KubeconfigFile, hand_written: Path, tmp_path: Path
) -> None:
    link = tmp_path / "link"
    link.symlink_to(hand_written)
    store.merge(entry(), link)
    assert link.is_symlink()
    assert CANARY in hand_written.read_text()
    dangling = tmp_path / "dangling"
    dangling.symlink_to(tmp_path / "made-later")
    store.merge(entry(), dangling)
    assert CANARY in (tmp_path / "made-later").read_text()


@pytest.mark.parametrize("beside_link", [False, True])
def test_a_held_lock_is_named_with_its_age(
    store: KubeconfigFile, hand_written: Path, tmp_path: Path, beside_link: bool
) -> None:
    link = tmp_path / "link"
    link.symlink_to(hand_written)
    lock = Path(f"{link if beside_link else hand_written}.lock")
    lock.touch(mode=0)
    os.utime(lock, (time.time() - 7200,) * 2)
    with pytest.raises(DeliveryError, match=r"2:00:0\d") as caught:
        store.merge(entry(), link)
    assert str(lock) in str(caught.value)
    assert lock.exists()
    assert hand_written.read_text() == HAND_WRITTEN
    assert len(list(tmp_path.rglob("*.lock"))) == 1


def test_a_lock_that_goes_away_is_waited_for(tmp_path: Path, hand_written: Path) -> None:
    lock = Path(f"{hand_written}.lock")
    lock.touch()
    store = KubeconfigFile(tmp_path / "backup", lock_wait_s=30.0)
    result: list[Merged] = []
    thread = threading.Thread(target=lambda: result.append(store.merge(entry(), hand_written)))
    thread.start()
    lock.unlink()
    thread.join(30.0)
    assert result[0].changed
    assert not lock.exists()


def test_a_change_by_a_program_without_lock_is_merged_and_not_lost(
    hand_written: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[Path] = []

    def meddle(directory: Path, path: Path, data: bytes) -> Path:
        if not calls:
            path.write_text(HAND_WRITTEN.replace("anna-token", "anna-changed"))
        calls.append(path)
        return back_up(directory, path, data)

    monkeypatch.setattr("tokentui.delivery.kubeconfig_file.back_up", meddle)
    KubeconfigFile(tmp_path / "backup").merge(entry(), hand_written)
    text = hand_written.read_text()
    assert "anna-changed" in text
    assert CANARY in text
    assert len(calls) == 2


def test_an_emptied_file_is_given_time_to_fill(path: Path, tmp_path: Path) -> None:
    path.parent.mkdir()
    path.touch()
    filled = threading.Timer(0.1, lambda: path.write_text(HAND_WRITTEN))
    filled.start()
    KubeconfigFile(tmp_path / "backup").merge(entry(), path)
    filled.join()
    assert "# production" in path.read_text()


def test_backups_are_limited_and_the_oldest_stays(
    store: KubeconfigFile, hand_written: Path
) -> None:
    backups = [store.merge(entry(token=f"t{n}"), hand_written).backup for n in range(14)]
    left = sorted((hand_written.parent.parent / "backup").iterdir())
    assert left == [backups[0], *backups[-9:]]


def test_many_merges_at_once_all_arrive(path: Path, tmp_path: Path) -> None:
    wanted = [entry(name=f"edge-{n}", instance=f"demo-{n}") for n in range(20)]
    failed: list[DeliveryError] = []

    def add(one: Entry) -> None:
        try:
            KubeconfigFile(tmp_path / "backup", lock_wait_s=60.0).merge(one, path)
        except DeliveryError as error:
            failed.append(error)

    threads = [threading.Thread(target=add, args=(one,)) for one in wanted]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(90.0)
    assert failed == []
    contexts = parse(path.read_text(), path).document["contexts"]
    assert {item["name"] for item in contexts} == {  # type: ignore[attr-defined]
        one.name for one in wanted
    }
