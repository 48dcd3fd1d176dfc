"""Home Assistant as its own witness: how long its main loop did not come back, at most, second by second.

Counted in CPU time of its thread, so that it does not matter what else the machine does meanwhile.
"""

import asyncio
import gc
import threading
import time

DOMAIN = "loop_probe"
STEP = 0.005


async def async_setup(hass, config):
    """Write a line each second: seconds since 1970, the longest block in milliseconds, with and without collecting."""
    path = hass.config.path("loop.txt")
    main = threading.get_ident()
    collecting = {"since": 0.0, "total": 0.0}

    def on_collection(phase, info):
        if threading.get_ident() != main:
            return
        if phase == "start":
            collecting["since"] = time.thread_time()
        else:
            collecting["total"] += time.thread_time() - collecting["since"]

    def write(text):
        with open(path, "a", encoding="utf-8") as file:
            file.write(text)

    async def watch():
        longest = own = 0.0
        second = int(time.time())
        while True:
            before, collected = time.thread_time(), collecting["total"]
            await asyncio.sleep(STEP)
            block = time.thread_time() - before
            longest = max(longest, block)
            own = max(own, block - (collecting["total"] - collected))
            if (now := int(time.time())) != second:
                line = f"{second} {longest * 1000:.1f} {own * 1000:.1f}\n"
                await hass.async_add_executor_job(write, line)
                second, longest, own = now, 0.0, 0.0

    gc.callbacks.append(on_collection)
    hass.async_create_background_task(watch(), DOMAIN)
    return True
