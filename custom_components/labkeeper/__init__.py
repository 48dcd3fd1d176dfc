"""Runs a home lab from Home Assistant. The entities come over MQTT; this adds the actions and the card."""

from homeassistant.const import CONF_TOKEN, CONF_URL
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.typing import ConfigType

from . import card, issues, websocket
from .actions import Actions
from .api import LabkeeperClient
from .catalogue import DATA_CATALOGUE, Catalogue
from .const import DOMAIN
from .coordinator import LabkeeperConfigEntry, LabkeeperCoordinator

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)


async def async_setup(hass: HomeAssistant, _config: ConfigType) -> bool:
    """Offer the actions, whether an app is there or not."""
    actions = Actions(hass)
    catalogue = hass.data[DATA_CATALOGUE] = Catalogue(hass, actions.async_register)
    await catalogue.async_load()
    websocket.async_register(hass)
    await card.async_serve(hass)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: LabkeeperConfigEntry) -> bool:
    """Get to know an app."""
    client = LabkeeperClient(async_get_clientsession(hass), entry.data[CONF_URL], entry.data[CONF_TOKEN])
    coordinator = LabkeeperCoordinator(hass, entry, client)
    await coordinator.async_config_entry_first_refresh()
    entry.runtime_data = coordinator
    # Without somebody who listens it would not ask again.
    entry.async_on_unload(coordinator.async_add_listener(lambda: None))
    await card.async_keep_resource(hass)
    return True


async def async_unload_entry(_hass: HomeAssistant, _entry: LabkeeperConfigEntry) -> bool:
    """Let go of an app; its actions stay and say that it is not there."""
    return True


async def async_remove_entry(hass: HomeAssistant, entry: LabkeeperConfigEntry) -> None:
    """Forget an app, and with the last one the card."""
    issues.forget(hass, entry)
    if DATA_CATALOGUE in hass.data:
        await hass.data[DATA_CATALOGUE].async_forget(entry.entry_id)
    if not hass.config_entries.async_entries(DOMAIN):
        await card.async_remove_resource(hass)
