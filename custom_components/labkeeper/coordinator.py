"""What is known of each app, kept up to date."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ConfigEntryAuthFailed
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator, UpdateFailed

from . import issues
from .api import About, LabkeeperClient, LabkeeperError, TokenRefusedError, UnreachableError
from .catalogue import DATA_CATALOGUE
from .const import API_VERSION, LOGGER, translated

type LabkeeperConfigEntry = ConfigEntry[LabkeeperCoordinator]

EVERY: Final = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Lab:
    """How the lab hangs together."""

    about: About
    resources: dict[str, dict[str, Any]]
    """By id: id, device (its identifier over MQTT), kind, name, parent, links."""
    doubts: list[dict[str, Any]]
    findings: list[dict[str, Any]]


class LabkeeperCoordinator(DataUpdateCoordinator[Lab]):
    """Asks an app what its lab is like, and which actions it has."""

    config_entry: LabkeeperConfigEntry

    def __init__(self, hass: HomeAssistant, entry: LabkeeperConfigEntry, client: LabkeeperClient) -> None:
        """Ask for the first time when it is refreshed."""
        super().__init__(hass, LOGGER, config_entry=entry, name=entry.title, update_interval=EVERY)
        self.client = client
        self._services: str | None = None
        self._graph: dict[str, Any] | None = None

    @override
    async def _async_update_data(self) -> Lab:
        try:
            about = await self.client.about()
            self._check(about)
            graph = await self.client.get("/api/graph")
            if about.services != self._services:
                services = await self.client.get("/api/services")
                await self.hass.data[DATA_CATALOGUE].async_learn(self.config_entry.entry_id, services)
                self._services = about.services
        except TokenRefusedError as error:
            raise translated(ConfigEntryAuthFailed, "token_refused") from error
        except LabkeeperError as error:
            if isinstance(error, UnreachableError):
                issues.note_unreachable(self.hass, self.config_entry)
            title = self.config_entry.title
            raise translated(UpdateFailed, "unreachable", app=title, reason=str(error)) from error
        lab = self._lab(about, graph)
        issues.note_lab(self.hass, self.config_entry, lab.doubts, lab.resources)
        return lab

    def _check(self, about: About) -> None:
        issues.note_api(self.hass, self.config_entry, about.api, about.version)
        if about.api != API_VERSION:
            raise LabkeeperError("version_refused", f"its API has version {about.api}, not {API_VERSION}")

    def _lab(self, about: About, graph: dict[str, Any]) -> Lab:
        # Polls that found nothing new hand in the same object.
        if graph is self._graph and self.data.about == about:
            return self.data
        self._graph = graph
        resources = {one["id"]: one for one in graph["resources"]}
        return Lab(about, resources, graph["doubts"], graph["findings"])
