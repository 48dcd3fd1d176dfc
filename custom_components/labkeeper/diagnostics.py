"""What may be handed to others when something is wrong: no names, no addresses, no secrets."""

from collections import Counter
from typing import Any, Final

from homeassistant.components.diagnostics import async_redact_data
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_TOKEN, CONF_URL
from homeassistant.core import HomeAssistant

from .catalogue import DATA_CATALOGUE
from .const import API_VERSION
from .coordinator import LabkeeperConfigEntry, LabkeeperCoordinator

TO_REDACT: Final = {CONF_TOKEN, CONF_URL}


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: LabkeeperConfigEntry
) -> dict[str, Any]:
    """Count instead of naming."""
    catalogue = hass.data[DATA_CATALOGUE]
    told = {
        "entry": async_redact_data(dict(entry.data), TO_REDACT),
        "state": entry.state.value,
        "actions": {"shipped": len(catalogue.shipped["services"]), "now": len(catalogue.services)},
        "version": {"integration": catalogue.shipped["version"], "api": API_VERSION},
    }
    # One that was never reached has nothing more to tell.
    return told | _lab(entry.runtime_data) if entry.state is ConfigEntryState.LOADED else told


def _lab(coordinator: LabkeeperCoordinator) -> dict[str, Any]:
    lab = coordinator.data
    return {
        "app": {"version": lab.about.version, "api": lab.about.api},
        "reachable": coordinator.last_update_success,
        "resources": dict(Counter(one["kind"] for one in lab.resources.values())),
        "links": sum(len(one.get("links") or []) for one in lab.resources.values()),
        "doubts": dict(Counter(f"{one['about']} {one['reason']}" for one in lab.doubts)),
        "findings": dict(Counter(one["severity"] for one in lab.findings)),
    }
