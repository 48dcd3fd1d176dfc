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
KEYS: Final = ("unreachable", "api_older", "api_newer", "mqtt_missing", "doubtful_links")


def note_unreachable(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Bring it up when it has lasted for a while."""
    now = hass.loop.time()
    since = hass.data.setdefault(DATA_SINCE, {}).setdefault(entry.entry_id, now)
    if now - since >= PATIENCE:
        _set(hass, entry, "unreachable", {"url": entry.data["url"]}, severity=ir.IssueSeverity.ERROR)


def note_api(hass: HomeAssistant, entry: ConfigEntry, api: int, version: str) -> None:
    """Say which of the two is to be updated. Whoever told its version can be reached."""
    hass.data.setdefault(DATA_SINCE, {}).pop(entry.entry_id, None)
    _clear(hass, entry, "unreachable")
    for key, is_so in (("api_older", api < API_VERSION), ("api_newer", api > API_VERSION)):
        if is_so:
            _set(hass, entry, key, {"version": version}, severity=ir.IssueSeverity.ERROR)
        else:
            _clear(hass, entry, key)


def note_lab(
    hass: HomeAssistant,
    entry: ConfigEntry,
    doubts: list[dict[str, Any]],
    resources: dict[str, dict[str, Any]],
) -> None:
    """Bring up what is missing for the lab to be seen, and seen right."""
    mqtt = hass.config_entries.async_entries(MQTT_DOMAIN)
    # While Home Assistant starts, MQTT may only be about to be there.
    if not any(one.state is ConfigEntryState.LOADED for one in mqtt) and hass.is_running:
        _set(hass, entry, "mqtt_missing", {})
    else:
        _clear(hass, entry, "mqtt_missing")
    # A single weak fact asks nothing of anybody.
    about = sorted({one["resource"] for one in doubts if one["reason"] != "weak"})
    if not about:
        _clear(hass, entry, "doubtful_links")
        return
    names = [resources.get(one, {}).get("name", one) for one in about[:MOST]]
    more = "" if len(about) <= MOST else " …"
    _set(hass, entry, "doubtful_links", {"count": str(len(about)), "names": ", ".join(names) + more})


def note_resources(hass: HomeAssistant, line: str | None) -> None:
    """Give the line that a person has to write, since dashboard resources are written in YAML here."""
    if line is None:
        ir.async_delete_issue(hass, DOMAIN, "resources_yaml")
        return
    _create(hass, "resources_yaml", "resources_yaml", {"line": line}, ir.IssueSeverity.WARNING)


def forget(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Take back all that was brought up for an app."""
    hass.data.get(DATA_SINCE, {}).pop(entry.entry_id, None)
    for key in KEYS:
        _clear(hass, entry, key)


def _set(
    hass: HomeAssistant,
    entry: ConfigEntry,
    key: str,
    placeholders: dict[str, str],
    severity: ir.IssueSeverity = ir.IssueSeverity.WARNING,
) -> None:
    _create(hass, f"{key}_{entry.entry_id}", key, {"app": entry.title, **placeholders}, severity)


def _create(
    hass: HomeAssistant, issue: str, key: str, placeholders: dict[str, str], severity: ir.IssueSeverity
) -> None:
    ir.async_create_issue(
        hass,
        DOMAIN,
        issue,
        is_fixable=False,
        severity=severity,
        translation_key=key,
        translation_placeholders=placeholders,
    )


def _clear(hass: HomeAssistant, entry: ConfigEntry, key: str) -> None:
    ir.async_delete_issue(hass, DOMAIN, f"{key}_{entry.entry_id}")
