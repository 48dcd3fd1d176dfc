"""Have texts spoken by the Wyoming protocol's own library; prints what came, a line of JSON for each.

    wyoming-client.py PORT < requests      a line of JSON each: {"text": ..., "voice": ..., "parts": [...]}

With "parts" the text is streamed. All are asked for at the same time.
"""

import asyncio
import json
import sys
import time

from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.client import AsyncTcpClient
from wyoming.error import Error
from wyoming.info import Describe, Info
from wyoming.tts import (
    Synthesize,
    SynthesizeChunk,
    SynthesizeStart,
    SynthesizeStop,
    SynthesizeStopped,
    SynthesizeVoice,
)


async def ask(port: int, request: dict) -> dict:
    """Return what came of one request."""
    told = {"types": [], "bytes": 0, "format": None, "error": None, "first": None}
    voice = SynthesizeVoice(name=request["voice"]) if request.get("voice") else None
    began = time.monotonic()
    async with AsyncTcpClient("127.0.0.1", port) as client:
        if request.get("describe"):
            await client.write_event(Describe().event())
            info = Info.from_event(await client.read_event())
            told["voices"] = [voice.name for voice in info.tts[0].voices]
            told["streams"] = info.tts[0].supports_synthesize_streaming
            return told
        parts = request.get("parts")
        if parts is None:
            await client.write_event(Synthesize(text=request["text"], voice=voice).event())
        else:
            await client.write_event(SynthesizeStart(voice=voice).event())
            for part in parts:
                await client.write_event(SynthesizeChunk(text=part).event())
            await client.write_event(Synthesize(text="".join(parts), voice=voice).event())
            await client.write_event(SynthesizeStop().event())
        while (event := await client.read_event()) is not None:
            if not told["types"] or told["types"][-1] != event.type:
                told["types"].append(event.type)
            if AudioStart.is_type(event.type):
                start = AudioStart.from_event(event)
                told["format"] = [start.rate, start.width, start.channels]
            elif AudioChunk.is_type(event.type):
                told["first"] = told["first"] or time.monotonic() - began
                told["bytes"] += len(AudioChunk.from_event(event).audio)
            elif Error.is_type(event.type):
                told["error"] = Error.from_event(event).text
            elif SynthesizeStopped.is_type(event.type):
                break
            elif AudioStop.is_type(event.type) and parts is None:
                break
    return told


async def main() -> None:
    """Ask for all of them at once."""
    requests = [json.loads(line) for line in sys.stdin if line.strip()]
    for told in await asyncio.gather(*(ask(int(sys.argv[1]), request) for request in requests)):
        print(json.dumps(told))


asyncio.run(main())
