"""What a user's own programs print is shown, and never written down."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from managing_bench import Bench
from tokentui.domain.errors import NotSignedIn, Outcome
from tokentui.domain.ledger import EntryState
from tokentui.domain.model import Credential, Issued
from tokentui.providers.auth_command import Command, run

CANARY = "hunter-canary"


@pytest.mark.parametrize("outcome", Outcome)
async def test_a_complaint_of_a_sign_in_program_stays_out_of_the_ledger(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, outcome: Outcome
) -> None:
    """The program fails between the plan and the request, so its error becomes the record."""
    bench = Bench(tmp_path)
    program = (sys.executable, "-c", f"import sys; sys.exit({CANARY!r})", f"--key={CANARY}")

    async def signs_in_first(_: Credential) -> Issued:
        try:
            await run(Command(program, None, 20.0))
        except NotSignedIn as error:
            error.outcome = outcome
            raise
        pytest.fail("the program did not fail")

    monkeypatch.setattr(bench.provider, "regenerate", signs_in_first)
    with pytest.raises(NotSignedIn, match=CANARY):
        await bench.managing.regenerate(bench.listed)

    (entry,) = bench.ledger.entries()
    assert entry.state is EntryState(outcome.value)
    bench.ledger.close()
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if CANARY.encode() in path.read_bytes()]
