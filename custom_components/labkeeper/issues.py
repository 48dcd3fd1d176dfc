"""Repairs: what a person has to see to."""

from typing import Any, Final

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.util.hass_dict import HassKey

from .const import API_VERSION, DOMAIN, MQTT_DOMAIN

PATIENCE: Final = 120
"""Seconds for which an app may be away, as it is during an update, before anybody is bothered."""
MOST: Final = 5
"""Of doubtful links that are named."""

DATA_SINCE: HassKey[dict[str, float]] = HassKey(f"{DOMAIN}_unreachable_since")
ERRORS: Final = ("unreachable", "api_older", "api_newer")
WARNINGS: Final = ("mqtt_missing", "doubtful_links")


def note_unreachable(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Bring it up when it has lasted for a while."""
    now = hass.loop.time()
    since = hass.data.setdefault(DATA_SINCE, {}).setdefault(entry.entry_id, now)
    if now - since >= PATIENCE:
        _keep(hass, entry, "unreachable", {"url": entry.data["url"]})


def note_api(hass: HomeAssistant, entry: ConfigEntry, api: int, version: str) -> None:
    """Say which of the two is to be updated. Whoever told its version can be reached."""
    hass.data.get(DATA_SINCE, {}).pop(entry.entry_id, None)
    _keep(hass, entry, "unreachable", None)
    _keep(hass, entry, "api_older", {"version": version} if api < API_VERSION else None)
    _keep(hass, entry, "api_newer", {"version": version} if api > API_VERSION else None)


def note_lab(
    hass: HomeAssistant,
    entry: ConfigEntry,
    doubts: list[dict[str, Any]],
    resources: dict[str, dict[str, Any]],
) -> None:
    """Bring up what is missing for the lab to be seen, and seen right."""
    mqtt = hass.config_entries.async_entries(MQTT_DOMAIN)
    # While Home Assistant starts, MQTT may only be about to be there.
    is_missing = not any(one.state is ConfigEntryState.LOADED for one in mqtt) and hass.is_running
    _keep(hass, entry, "mqtt_missing", {} if is_missing else None)
    # A single weak fact asks nothing of anybody.
    about = sorted({one["resource"] for one in doubts if one["reason"] != "weak"})
    names = ", ".join(resources.get(one, {}).get("name", one) for one in about[:MOST])
    more = "" if len(about) <= MOST else " …"
    _keep(hass, entry, "doubtful_links", {"count": str(len(about)), "names": names + more} if about else None)


def note_resources(hass: HomeAssistant, line: str | None) -> None:
    """Give the line that a person has to write, since dashboard resources are written in YAML here."""
    _keep(hass, None, "resources_yaml", None if line is None else {"line": line})


def forget(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Take back all that was brought up for an app."""
    hass.data.get(DATA_SINCE, {}).pop(entry.entry_id, None)
    for key in (*ERRORS, *WARNINGS):
        _keep(hass, entry, key, None)


def _keep(
    hass: HomeAssistant, entry: ConfigEntry | None, key: str, placeholders: dict[str, str] | None
) -> None:
    """Have it brought up in these words; without any, have it taken back."""
    issue = key if entry is None else f"{key}_{entry.entry_id}"
    if placeholders is None:
        ir.async_delete_issue(hass, DOMAIN, issue)
        return
    ir.async_create_issue(
        hass,
        DOMAIN,
        issue,
        is_fixable=False,
        severity=ir.IssueSeverity.ERROR if key in ERRORS else ir.IssueSeverity.WARNING,
        translation_key=key,
        translation_placeholders=placeholders if entry is None else {"app": entry.title, **placeholders},
    )
