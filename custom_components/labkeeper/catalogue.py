"""Which actions there are: those that this version was shipped with, and those of newer apps."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, NotRequired, TypedDict

from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import Store
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN

FILE: Final = Path(__file__).parent / "catalogue.json"


class Service(TypedDict):
    """An action as the app declares it for Home Assistant."""

    risk: str
    kinds: list[str]
    """Of what it can be done to; `app` is the lab as a whole."""
    icon: str
    fields: dict[str, dict[str, Any]]
    """As in services.yaml."""
    texts: dict[str, dict[str, Any]]
    """By language: name, description, fields, sections."""


class Told(TypedDict):
    """A catalogue, with the version that says so."""

    version: str
    services: dict[str, Service]
    title: NotRequired[str]


class Catalogue:
    """The actions that count now. What an app told is kept, so that its actions exist while it is down."""

    def __init__(self, hass: HomeAssistant, changed: Callable[[], None]) -> None:
        """Call `changed` whenever other actions count."""
        self._store: Store[dict[str, Told]] = Store(hass, 1, f"{DOMAIN}.catalogue")
        self._hass = hass
        self._changed = changed
        self._told: dict[str, Told] = {}
        self.shipped: Told = {"version": "0", "services": {}}
        self.services: dict[str, Service] = {}

    async def async_load(self) -> None:
        """Read what was shipped, and what apps told before."""
        text = await self._hass.async_add_executor_job(FILE.read_text, "utf-8")
        self.shipped = json.loads(text)
        self._told = await self._store.async_load() or {}
        self._count()

    async def async_learn(self, entry_id: str, told: Told) -> None:
        """Keep what an app tells, if it is another catalogue than the shipped one."""
        if told == self._told.get(entry_id, self.shipped):
            return
        self._told[entry_id] = told
        if told == self.shipped:
            del self._told[entry_id]
        await self._store.async_save(self._told)
        self._count()

    async def async_forget(self, entry_id: str) -> None:
        """Forget what an app told that is no longer set up."""
        if self._told.pop(entry_id, None) is not None:
            await self._store.async_save(self._told)
            self._count()

    def _count(self) -> None:
        """Newer ones add to what was shipped, and change it; the newest counts. Older ones change nothing."""
        shipped = _version(self.shipped)
        newer = sorted((one for one in self._told.values() if _version(one) >= shipped), key=_version)
        services = dict(self.shipped["services"])
        for one in newer:
            services.update(one["services"])
        self.services = services
        self._changed()


DATA_CATALOGUE: HassKey[Catalogue] = HassKey(DOMAIN)


def _version(told: Told) -> list[int]:
    """As it is compared; nothing is older than what is no version."""
    return [int(part) for part in re.findall(r"\d+", told["version"])[:3]]
