"""Draws under faults, checked as a player would: with what the server hands out, its verifier, and one's receipts."""

import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import anyio
import httpx
import msgspec
from tests.faults.history import Event

from app.domain.lottery.schemas import DrawPage, LogHead

PATIENCE_SECONDS = 10.0


async def refusals(base_url: str, events: Sequence[Event]) -> list[str]:
    """What the verifier says against the log, all draws that were held, and the receipts of ballots for them."""
    receipts = [signed for event in events for signed in event.receipts]
    with TemporaryDirectory() as directory:
        place = Path(directory)
        async with httpx.AsyncClient(base_url=f"{base_url}/api/lottery", timeout=PATIENCE_SECONDS) as http:
            head = msgspec.json.decode((await http.get("log")).content, type=LogHead)
            (place / "verifier.py").write_bytes((await http.get("verifier")).content)
            (place / "log.json").write_bytes((await http.get("log/file")).content)
            page = (await http.get("draws?lottery=minute&state=drawn&limit=100")).content
            held = {draw.number for draw in msgspec.json.decode(page, type=DrawPage).draws}
            for draw in held:
                transcript = await http.get(f"draws/minute/{draw}/transcript")
                (place / f"draw-{draw}.json").write_bytes(transcript.content)
        for number, signed in enumerate(signed for signed in receipts if signed.receipt.draw in held):
            (place / f"receipt-{number}.json").write_bytes(msgspec.json.encode(signed))
        files = [str(file) async for file in anyio.Path(place).glob("*.json")]
        words = ["-I", str(place / "verifier.py"), *sorted(files), "--key", head.key]
        ran = await anyio.run_process([sys.executable, *words], check=False)
    said = (ran.stdout + ran.stderr).decode()
    return [line for line in said.splitlines() if line.startswith("REFUSED")] or [said] * (ran.returncode != 0)
