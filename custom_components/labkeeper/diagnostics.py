"""What may be handed to others when something is wrong: no names, no addresses, no secrets."""

from collections import Counter
from typing import Any, Final

from homeassistant.components.diagnostics import async_redact_data
from homeassistant.const import CONF_TOKEN, CONF_URL
from homeassistant.core import HomeAssistant

from .catalogue import DATA_CATALOGUE
from .const import API_VERSION
from .coordinator import LabkeeperConfigEntry

TO_REDACT: Final = {CONF_TOKEN, CONF_URL}


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: LabkeeperConfigEntry
) -> dict[str, Any]:
    """Count instead of naming."""
    coordinator = entry.runtime_data
    catalogue = hass.data[DATA_CATALOGUE]
    lab = coordinator.data
    return {
        "entry": async_redact_data(dict(entry.data), TO_REDACT),
        "api": {"app": lab.about.api, "integration": API_VERSION},
        "version": {"app": lab.about.version, "integration": catalogue.shipped["version"]},
        "reachable": coordinator.last_update_success,
        "actions": {"shipped": len(catalogue.shipped["services"]), "now": len(catalogue.services)},
        "resources": dict(Counter(one["kind"] for one in lab.resources.values())),
        "links": sum(len(one.get("links") or []) for one in lab.resources.values()),
        "doubts": dict(Counter(f"{one['about']} {one['reason']}" for one in lab.doubts)),
        "findings": dict(Counter(one["severity"] for one in lab.findings)),
    }
