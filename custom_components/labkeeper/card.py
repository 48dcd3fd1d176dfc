"""Serves the card, and keeps the dashboards' resource that loads it."""

from hashlib import sha256
from pathlib import Path
from typing import Final

from homeassistant.components.http import StaticPathConfig
from homeassistant.components.lovelace.const import LOVELACE_DATA, MODE_STORAGE
from homeassistant.components.lovelace.resources import ResourceStorageCollection
from homeassistant.core import HomeAssistant

from . import issues
from .const import DOMAIN

FOLDER: Final = Path(__file__).parent / "www"
NAME: Final = "labkeeper-card.js"
URL: Final = f"/{DOMAIN}/{NAME}"


async def async_serve(hass: HomeAssistant) -> None:
    """Serve the card, where this copy of the integration has one. To be called once."""
    file = FOLDER / NAME
    if await hass.async_add_executor_job(file.is_file):
        await hass.http.async_register_static_paths([StaticPathConfig(URL, str(file), cache_headers=True)])


async def async_keep_resource(hass: HomeAssistant) -> None:
    """Have dashboards load the card as it is now: browsers keep it, so its address has a part of its hash."""
    version = await hass.async_add_executor_job(_version)
    lovelace = hass.data.get(LOVELACE_DATA)
    if lovelace is None or version is None:
        return
    url = f"{URL}?v={version}"
    resources = lovelace.resources
    if lovelace.resource_mode != MODE_STORAGE or not isinstance(resources, ResourceStorageCollection):
        there = any(one.get("url", "").split("?")[0] == URL for one in resources.async_items() or [])
        issues.note_resources(hass, None if there else url)
        return
    issues.note_resources(hass, None)
    await resources.async_get_info()
    ours = _ours(resources)
    if not ours:
        await resources.async_create_item({"res_type": "module", "url": url})
    for index, one in enumerate(ours):
        if index > 0:
            await resources.async_delete_item(one["id"])
        elif one["url"] != url:
            await resources.async_update_item(one["id"], {"url": url})


async def async_remove_resource(hass: HomeAssistant) -> None:
    """Have no dashboard load the card any more."""
    issues.note_resources(hass, None)
    lovelace = hass.data.get(LOVELACE_DATA)
    if lovelace is None or not isinstance(lovelace.resources, ResourceStorageCollection):
        return
    await lovelace.resources.async_get_info()
    for one in _ours(lovelace.resources):
        await lovelace.resources.async_delete_item(one["id"])


def _ours(resources: ResourceStorageCollection) -> list[dict[str, str]]:
    return [one for one in resources.async_items() if one["url"].split("?")[0] == URL]


def _version() -> str | None:
    file = FOLDER / NAME
    return sha256(file.read_bytes()).hexdigest()[:12] if file.is_file() else None
