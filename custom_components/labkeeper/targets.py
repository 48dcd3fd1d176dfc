"""What an action is done to: found by device, entity, id or name."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import ATTR_DEVICE_ID, ATTR_ENTITY_ID
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import device_registry as dr, entity_registry as er

from .const import CONF_CONFIG_ENTRY_ID, DOMAIN, MQTT_DOMAIN
from .coordinator import Lab, LabkeeperConfigEntry


@dataclass(frozen=True, slots=True)
class Target:
    """One thing in one app's lab; without an id, the lab as a whole."""

    entry: LabkeeperConfigEntry
    id: str | None
    name: str


def refused(key: str, **placeholders: str) -> ServiceValidationError:
    """Say in the user's language what is wrong with a call."""
    return ServiceValidationError(
        translation_domain=DOMAIN, translation_key=key, translation_placeholders=placeholders
    )


async def async_targets(hass: HomeAssistant, data: Mapping[str, Any], kinds: Iterable[str]) -> list[Target]:
    """Find all that a call names. Raises a translated error for what is not there, not sure or not fit."""
    entries = _entries(hass, data.get(CONF_CONFIG_ENTRY_ID))
    given = list(dict.fromkeys([*data.get(ATTR_DEVICE_ID, []), *data.get(ATTR_ENTITY_ID, [])]))
    if not given:
        return [_whole(hass, entries, kinds, data.get(CONF_CONFIG_ENTRY_ID))]
    if any(not _found(hass, entries, one, kinds) for one in given):
        # It may be newer than what is known here.
        for entry in entries:
            await entry.runtime_data.async_refresh()
    return [_one(hass, entries, one, kinds) for one in given]


def _entries(hass: HomeAssistant, entry_id: str | None) -> list[LabkeeperConfigEntry]:
    entries: list[LabkeeperConfigEntry] = hass.config_entries.async_entries(
        DOMAIN, include_ignore=False, include_disabled=False
    )
    if not entries:
        raise refused("not_set_up")
    if entry_id is not None:
        entries = [one for one in entries if one.entry_id == entry_id]
        if not entries:
            raise refused("entry_unknown", entry=entry_id)
    loaded = [one for one in entries if one.state is ConfigEntryState.LOADED]
    if not loaded:
        raise refused("not_loaded", app=", ".join(one.title for one in entries))
    return loaded


def _whole(
    hass: HomeAssistant, entries: list[LabkeeperConfigEntry], kinds: Iterable[str], entry_id: str | None
) -> Target:
    if "app" not in kinds:
        raise refused("target_missing")
    apps = hass.config_entries.async_entries(DOMAIN, include_ignore=False, include_disabled=False)
    # One that is away does not make the other one the one that is meant.
    if entry_id is None and len(apps) > 1:
        raise refused("several_apps", apps=", ".join(one.title for one in apps))
    return Target(entries[0], None, entries[0].title)


def _one(
    hass: HomeAssistant, entries: list[LabkeeperConfigEntry], given: str, kinds: Iterable[str]
) -> Target:
    found = _found(hass, entries, given, kinds)
    if not found:
        raise refused("target_unknown", target=given)
    if len(found) > 1:
        raise refused("target_ambiguous", target=given, ids=", ".join(str(one.id) for one in found))
    target = found[0]
    kind = _lab(target.entry).resources[str(target.id)]["kind"]
    if kind not in kinds:
        raise refused("target_unsuitable", target=target.name, kind=kind, kinds=", ".join(kinds))
    return target


def _found(
    hass: HomeAssistant, entries: list[LabkeeperConfigEntry], given: str, kinds: Iterable[str]
) -> list[Target]:
    devices = dr.async_get(hass)
    entity = er.async_get(hass).async_get(given)
    device = devices.async_get((entity.device_id or "") if entity else given)
    if device is not None:
        names = {identifier for domain, identifier in device.identifiers if domain == MQTT_DOMAIN}
        return [
            _target(entry, lab.devices[name])
            for entry, lab in _labs(entries)
            for name in names
            if name in lab.devices
        ]
    by_id = [_target(entry, given) for entry, lab in _labs(entries) if given in lab.resources]
    if by_id:
        return by_id
    name = given.casefold()
    # A name that somebody gave to the device in Home Assistant counts as well.
    renamed = {
        identifier for identifier, one in mqtt_devices(hass) if (one.name_by_user or "").casefold() == name
    }
    named = [
        (_target(entry, key), one["kind"] in kinds)
        for entry, lab in _labs(entries)
        for key, one in lab.resources.items()
        if one["name"].casefold() == name or one["device"] in renamed
    ]
    # A name may be borne by things of several kinds, of which the action takes one.
    return [one for one, fits in named if fits] or [one for one, _ in named]


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


def _labs(entries: list[LabkeeperConfigEntry]) -> list[tuple[LabkeeperConfigEntry, Lab]]:
    return [(entry, _lab(entry)) for entry in entries]


def _lab(entry: LabkeeperConfigEntry) -> Lab:
    return entry.runtime_data.data


def _target(entry: LabkeeperConfigEntry, key: str) -> Target:
    return Target(entry, key, _lab(entry).resources[key]["name"])
