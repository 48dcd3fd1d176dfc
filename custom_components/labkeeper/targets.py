"""What an action is done to: found by device, entity, id or name."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import ATTR_CONFIG_ENTRY_ID, ATTR_DEVICE_ID, ATTR_ENTITY_ID
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import device_registry as dr, entity_registry as er

from .const import DOMAIN, MQTT_DOMAIN, translated
from .coordinator import LabkeeperConfigEntry


@dataclass(frozen=True, slots=True)
class Target:
    """One thing in one app's lab; without an id, the lab as a whole."""

    entry: LabkeeperConfigEntry
    name: str
    id: str | None = None
    kind: str = "app"
    device: str | None = None
    """Its identifier over MQTT."""


def refused(key: str, **placeholders: str) -> ServiceValidationError:
    """Make an error of what is wrong with a call."""
    return translated(ServiceValidationError, key, **placeholders)


async def async_targets(hass: HomeAssistant, data: Mapping[str, Any], kinds: Iterable[str]) -> list[Target]:
    """Find all that a call names. Raises a translated error for what is not there, not sure or not fit."""
    entries = _entries(hass, data.get(ATTR_CONFIG_ENTRY_ID))
    loaded = [one for one in entries if one.state is ConfigEntryState.LOADED]
    if not loaded:
        raise refused("not_loaded", app=", ".join(one.title for one in entries))
    given = list(dict.fromkeys([*data.get(ATTR_DEVICE_ID, []), *data.get(ATTR_ENTITY_ID, [])]))
    if not given:
        if "app" not in kinds:
            raise refused("target_missing")
        # One that is away does not make the other one the one that is meant.
        if len(entries) > 1:
            raise refused("several_apps", apps=", ".join(one.title for one in entries))
        return [Target(loaded[0], loaded[0].title)]
    if not all(_found(hass, loaded, one, kinds) for one in given):
        # It may be newer than what is known here.
        for entry in loaded:
            await entry.runtime_data.async_refresh()
    return [_one(hass, loaded, one, kinds) for one in given]


def _entries(hass: HomeAssistant, entry_id: str | None) -> list[LabkeeperConfigEntry]:
    entries: list[LabkeeperConfigEntry] = hass.config_entries.async_entries(
        DOMAIN, include_ignore=False, include_disabled=False
    )
    if not entries:
        raise refused("not_set_up")
    if entry_id is None:
        return entries
    named = [one for one in entries if one.entry_id == entry_id]
    if not named:
        raise refused("entry_unknown", entry=entry_id)
    return named


def _one(
    hass: HomeAssistant, entries: list[LabkeeperConfigEntry], given: str, kinds: Iterable[str]
) -> Target:
    found = _found(hass, entries, given, kinds)
    if not found:
        raise refused("target_unknown", target=given)
    if len(found) > 1:
        raise refused("target_ambiguous", target=given, ids=", ".join(str(one.id) for one in found))
    [target] = found
    if target.kind not in kinds:
        raise refused("target_unsuitable", target=target.name, kind=target.kind, kinds=", ".join(kinds))
    return target


def _found(
    hass: HomeAssistant, entries: list[LabkeeperConfigEntry], given: str, kinds: Iterable[str]
) -> list[Target]:
    things = [
        Target(entry, one["name"], one["id"], one["kind"], one["device"])
        for entry in entries
        for one in entry.runtime_data.data.resources.values()
    ]
    entity = er.async_get(hass).async_get(given)
    device = dr.async_get(hass).async_get((entity.device_id or "") if entity else given)
    if device is not None:
        return [one for one in things if (MQTT_DOMAIN, one.device) in device.identifiers]
    by_id = [one for one in things if one.id == given]
    if by_id:
        return by_id
    name = given.casefold()
    # A name that somebody gave to the device in Home Assistant counts as well.
    renamed = {device for device, one in mqtt_devices(hass) if (one.name_by_user or "").casefold() == name}
    named = [one for one in things if one.name.casefold() == name or one.device in renamed]
    # A name may be borne by things of several kinds, of which the action takes one.
    return [one for one in named if one.kind in kinds] or named


def mqtt_devices(hass: HomeAssistant) -> list[tuple[str, dr.DeviceEntry]]:
    """All devices that came over MQTT, each with its identifier there."""
    registry = dr.async_get(hass)
    return [
        (identifier, device)
        for entry in hass.config_entries.async_entries(MQTT_DOMAIN)
        for device in dr.async_entries_for_config_entry(registry, entry.entry_id)
        for domain, identifier in device.identifiers
        if domain == MQTT_DOMAIN
    ]
