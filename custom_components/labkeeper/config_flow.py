"""Setting an app up: found by the Supervisor, or by address and token."""

from collections.abc import Mapping
from typing import Any, override

from homeassistant.config_entries import ConfigEntry, ConfigFlow, ConfigFlowResult
from homeassistant.const import CONF_HOST, CONF_PORT, CONF_TOKEN, CONF_URL
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.selector import TextSelector, TextSelectorConfig, TextSelectorType
from homeassistant.helpers.service_info.hassio import HassioServiceInfo

from .api import About, LabkeeperClient, LabkeeperError, TokenRefusedError
from .const import API_VERSION, DOMAIN, LOGGER, vol

ADDRESS = TextSelector(TextSelectorConfig(type=TextSelectorType.URL))
SECRET = TextSelector(TextSelectorConfig(type=TextSelectorType.PASSWORD))
USER = vol.Schema({vol.Required(CONF_URL): ADDRESS, vol.Required(CONF_TOKEN): SECRET})
REAUTH = vol.Schema({vol.Required(CONF_TOKEN): SECRET})


class LabkeeperConfigFlow(ConfigFlow, domain=DOMAIN):
    """One entry an app. Its own id tells apps apart, however they are reached."""

    VERSION = 1

    _title: str = "Labkeeper"
    _data: dict[str, Any]

    @override
    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for address and token."""
        errors: dict[str, str] = {}
        if user_input is not None:
            about, errors = await self._ask(user_input)
            if about is not None:
                await self.async_set_unique_id(about.id)
                self._abort_if_unique_id_configured(updates=user_input)
                return self.async_create_entry(title=self._title, data=user_input)
        form = self.add_suggested_values_to_schema(USER, user_input)
        return self.async_show_form(step_id="user", data_schema=form, errors=errors)

    @override
    async def async_step_hassio(self, discovery_info: HassioServiceInfo) -> ConfigFlowResult:
        """Take what the Supervisor found; an app that is known gets its new address and token."""
        config = discovery_info.config
        self._title = discovery_info.name
        self._data = {
            CONF_URL: f"http://{config[CONF_HOST]}:{config[CONF_PORT]}",
            CONF_TOKEN: config[CONF_TOKEN],
        }
        about, errors = await self._ask(self._data)
        if about is None and "id" not in config:
            return self.async_abort(reason=errors["base"])
        await self.async_set_unique_id(about.id if about else config["id"])
        self._abort_if_unique_id_configured(updates=self._data)
        self.context.update(
            {
                "title_placeholders": {"name": self._title},
                "configuration_url": f"homeassistant://config/app/{discovery_info.slug}/info",
            }
        )
        return await self.async_step_hassio_confirm()

    async def async_step_hassio_confirm(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Set it up if somebody wants it, and it answers."""
        errors: dict[str, str] = {}
        if user_input is not None:
            about, errors = await self._ask(self._data)
            if about is not None:
                return self.async_create_entry(title=self._title, data=self._data)
        return self.async_show_form(
            step_id="hassio_confirm", description_placeholders={"app": self._title}, errors=errors
        )

    async def async_step_reauth(self, _entry_data: Mapping[str, Any]) -> ConfigFlowResult:
        """Ask for another token, since the app does not know this one any more."""
        return await self.async_step_reauth_confirm()

    async def async_step_reauth_confirm(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Take the new token if the app knows it."""
        return await self._async_change(self._get_reauth_entry(), "reauth_confirm", REAUTH, user_input)

    async def async_step_reconfigure(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Take another address or token of the same app."""
        entry = self._get_reconfigure_entry()
        form = self.add_suggested_values_to_schema(USER, user_input or {CONF_URL: entry.data[CONF_URL]})
        return await self._async_change(entry, "reconfigure", form, user_input)

    async def _async_change(
        self, entry: ConfigEntry, step: str, form: vol.Schema, user_input: dict[str, Any] | None
    ) -> ConfigFlowResult:
        errors: dict[str, str] = {}
        if user_input is not None:
            about, errors = await self._ask({**entry.data, **user_input})
            if about is not None:
                await self.async_set_unique_id(about.id)
                self._abort_if_unique_id_mismatch(reason="another_app")
                return self.async_update_reload_and_abort(entry, data_updates=user_input)
        where = {"app": entry.title, "url": entry.data[CONF_URL]}
        return self.async_show_form(
            step_id=step, data_schema=form, description_placeholders=where, errors=errors
        )

    async def _ask(self, data: Mapping[str, Any]) -> tuple[About | None, dict[str, str]]:
        """Tell which app answers, or what keeps it from that, as a form shows it."""
        session = async_get_clientsession(self.hass)
        try:
            about = await LabkeeperClient(session, data[CONF_URL], data[CONF_TOKEN]).about()
        except TokenRefusedError as error:
            key = "wrong_token" if error.code == "user_refused" else "invalid_auth"
            return None, {"base": key}
        except LabkeeperError as error:
            LOGGER.debug("Cannot set up: %s", error)
            return None, {"base": "cannot_connect"}
        if about.api != API_VERSION:
            return None, {"base": "api_older" if about.api < API_VERSION else "api_newer"}
        return about, {}
