"""The way to the cluster of a context, signed in as its user.

Nothing is read before the first call, and nothing on the event loop.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tokentui.domain.errors import ConfigError, NotSignedIn
from tokentui.domain.jwt import end_of
from tokentui.domain.secret import Secret
from tokentui.domain.text import clean
from tokentui.providers.http_tls import cluster_context
from tokentui.providers.kubernetes.access import authorities_of, refused, resolve
from tokentui.providers.kubernetes.exec_plugin import exec_plugin
from tokentui.providers.kubernetes.kubeconfig_files import load
from tokentui.providers.kubernetes.proofs import FixedProof, Proof, token_file
from tokentui.providers.kubernetes.user_rules import read_user
from tokentui.providers.shared_run import SharedRun

if TYPE_CHECKING:
    import ssl

    from tokentui.providers.base import Connection
    from tokentui.providers.http import Http
    from tokentui.providers.http_call import Answer, Call
    from tokentui.providers.kubernetes.access import Context
    from tokentui.providers.kubernetes.proofs import Proofs
    from tokentui.providers.kubernetes.settings import KubernetesSettings
    from tokentui.providers.kubernetes.user_rules import User

_PUT_ANOTHER = "put a new one into the kubeconfig, or name another context in the profile"
_SAY_INSECURE = "set `insecure: true` in the profile if you want that, so that it is seen"


@dataclass(frozen=True, slots=True)
class Signer:
    """The context as it was read, its user, and what signs in."""

    context: Context
    user: User
    proofs: Proofs


class Session:
    """Reads the kubeconfig once, and again after the server has refused what was in it."""

    def __init__(self, connection: Connection, settings: KubernetesSettings) -> None:
        self._connection = connection
        self._settings = settings
        self._signer: Signer | None = None
        self._load = SharedRun(self._read_files)
        self._signed: tuple[Context, Proof, Http] | None = None
        self._open: list[Http] = []

    async def signer(self) -> Signer:
        """Give the context and its user. Raises `NotSignedIn`."""
        return self._signer or await self._load()

    async def context(self) -> Context:
        """Give the context. Raises `NotSignedIn`."""
        return (await self.signer()).context

    async def proof(self) -> Proof:
        """Give what signs in now. Raises `NotSignedIn`."""
        return await (await self.signer()).proofs.get()

    async def read(self, call: Call) -> Answer:
        """Send a call that changes nothing; after a 401 once more, if there is a new sign-in."""
        signer = await self.signer()
        proof = await signer.proofs.get()
        try:
            return await (await self._http(signer, proof)).read(_with(call, signer, proof))
        except NotSignedIn as error:
            self._forget(signer, proof)
            new = await signer.proofs.get()
            if new == proof:
                raise self._worded(error, signer, proof) from None
        return await (await self._http(signer, new)).read(_with(call, signer, new))

    async def once(self, call: Call) -> Answer:
        """Send a call that makes or changes something, exactly once, also after a 401."""
        signer = await self.signer()
        proof = await signer.proofs.get()
        http = await self._http(signer, proof)
        try:
            return await http.once(_with(call, signer, proof))
        except NotSignedIn as error:
            self._forget(signer, proof)
            raise self._worded(error, signer, proof) from None

    async def unsigned(self) -> Http:
        """Give a way to the cluster without the user's certificate; close it."""
        context = await self.context()
        return await self._way(context, Proof())

    async def aclose(self) -> None:
        """Stop what is under way and close the connections."""
        await self._load.aclose()
        if self._signer is not None:
            await self._signer.proofs.aclose()
        opened, self._open, self._signed = self._open, [], None
        for http in opened:
            await http.aclose()
        await self._connection.http.aclose()

    def _forget(self, signer: Signer, proof: Proof) -> None:
        """Keep no sign-in that was refused: a new one may stand in the files by now."""
        signer.proofs.forget(proof)
        if isinstance(signer.proofs, FixedProof) and self._signer is signer:
            self._signer = None

    def _worded(self, error: NotSignedIn, signer: Signer, proof: Proof) -> NotSignedIn:
        """Say whose sign-in the server refused, and that its token is over if it is."""
        where, trace_id = signer.user.where, error.trace_id
        ended = end_of(proof.token.reveal()) if proof.token else None
        if ended is not None and ended <= self._connection.clock():
            over = f"the token of {where} ended on {ended:%Y-%m-%d} at {ended:%H:%M} UTC"
            return NotSignedIn(over, _PUT_ANOTHER, trace_id=trace_id)
        next_step = f"sign in again, or check {where} in the kubeconfig"
        return NotSignedIn(error.message, next_step, trace_id=trace_id, why=error.why)

    async def _read_files(self) -> Signer:
        self._signer = await asyncio.to_thread(self._read)
        return self._signer

    def _read(self) -> Signer:
        settings, clock = self._settings, self._connection.clock
        context = resolve(load(settings.kubeconfig), settings.context)
        if context.cluster.insecure and not settings.insecure:
            shown = clean(context.cluster.name, 80)
            raise refused(f"the certificate of the cluster {shown} is not checked", _SAY_INSECURE)
        if settings.ca_file is not None:
            also = authorities_of(settings.ca_file)
            context = replace(context, cluster=replace(context.cluster, also_trusted=also))
        user = read_user(context)
        if user.token_file:
            return Signer(context, user, token_file(user, context, clock))
        if user.exec is not None:
            return Signer(context, user, exec_plugin(user, context, settings.exec_allowed, clock))
        return Signer(context, user, FixedProof(Proof(user.token, user.certificate, user.key)))

    async def _http(self, signer: Signer, proof: Proof) -> Http:
        """Give the connections for a sign-in; another certificate needs others."""
        if self._signed is not None:
            context, last, http = self._signed
            if context is signer.context and _same_certificate(last, proof):
                return http
        http = await self._way(signer.context, proof)
        self._signed = signer.context, proof, http
        self._open.append(http)
        return http

    async def _way(self, context: Context, proof: Proof) -> Http:
        cluster = context.cluster
        tls = await asyncio.to_thread(self._tls, context, proof)
        try:
            return self._connection.http.through(
                tls,
                proxy=cluster.proxy.reveal() if cluster.proxy else None,
                server_name=cluster.server_name,
            )
        except ConfigError as error:
            raise refused(error.message, error.next_step) from None

    def _tls(self, context: Context, proof: Proof) -> ssl.SSLContext:
        settings, cluster = self._settings, context.cluster
        try:
            return cluster_context(
                ca_pem=cluster.ca_pem,
                also_trusted=cluster.also_trusted,
                certificate=proof.certificate,
                key=proof.key,
                insecure=cluster.insecure or settings.insecure,
            )
        except (OSError, ValueError) as error:
            why = str(error) if type(error) is ValueError else "a certificate cannot be used"
            raise refused(f"the context {clean(context.name, 80)} cannot be used: {why}") from None


def _same_certificate(one: Proof, other: Proof) -> bool:
    return (one.certificate, one.key) == (other.certificate, other.key)


def _with(call: Call, signer: Signer, proof: Proof) -> Call:
    """Add the token, and whom the server is to count the call as."""
    headers = {**signer.user.headers, **call.headers}
    if proof.token is not None:
        headers["Authorization"] = Secret(f"Bearer {proof.token.reveal()}")
    return replace(call, headers=headers)
