"""What the card asks for: how the lab hangs together, plans and jobs."""

from typing import Any

from homeassistant.components import websocket_api
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.typing import VolDictType

from .actions import async_caller
from .api import LabkeeperError
from .const import CONF_CONFIG_ENTRY_ID, DOMAIN, vol
from .coordinator import LabkeeperConfigEntry
from .targets import mqtt_devices, refused


@callback
def async_register(hass: HomeAssistant) -> None:
    """Register all commands."""
    for command in (lab, plan, jobs, job):
        websocket_api.async_register_command(hass, command)


@websocket_api.websocket_command({vol.Required("type"): f"{DOMAIN}/lab"})
@callback
def lab(hass: HomeAssistant, connection: websocket_api.ActiveConnection, message: dict[str, Any]) -> None:
    """Answer the things of each lab with their edges, and the device that each one is here."""
    devices = {identifier: device.id for identifier, device in mqtt_devices(hass)}
    apps = []
    for entry in _loaded(hass):
        known = entry.runtime_data.data
        resources = [{**one, "device_id": devices.get(one["device"])} for one in known.resources.values()]
        apps.append(
            {
                CONF_CONFIG_ENTRY_ID: entry.entry_id,
                "title": entry.title,
                "version": known.about.version,
                "available": entry.runtime_data.last_update_success,
                "resources": resources,
                "doubts": known.doubts,
                "findings": known.findings,
            }
        )
    connection.send_result(message["id"], {"apps": apps})


@websocket_api.websocket_command(
    {
        vol.Required("type"): f"{DOMAIN}/plan",
        vol.Required("action"): vol.All(str, vol.Match(r"^[a-z0-9_]{1,100}$")),
        vol.Optional("target"): str,
        vol.Optional("input", default=dict): {str: object},
        vol.Optional("request_id"): str,
        vol.Optional(CONF_CONFIG_ENTRY_ID): str,
    }
)
@websocket_api.async_response
async def plan(
    hass: HomeAssistant, connection: websocket_api.ActiveConnection, message: dict[str, Any]
) -> None:
    """Answer what an action would do. `target` is the id of a thing in the lab."""
    caller = await async_caller(hass, connection.context(message), "observe")
    body: dict[str, Any] = {key: message[key] for key in ("target", "input", "request_id") if key in message}
    body["dry_run"] = True
    await _answer(
        hass,
        connection,
        message,
        lambda entry: entry.runtime_data.client.act(message["action"], body, caller),
    )


JOBS: VolDictType = {
    vol.Required("type"): f"{DOMAIN}/jobs",
    vol.Optional("target"): str,
    vol.Optional("limit"): vol.All(int, vol.Range(min=1, max=500)),
    vol.Optional(CONF_CONFIG_ENTRY_ID): str,
}


@websocket_api.websocket_command(JOBS)
@websocket_api.async_response
async def jobs(
    hass: HomeAssistant, connection: websocket_api.ActiveConnection, message: dict[str, Any]
) -> None:
    """Answer the last jobs, newest first."""
    query = {key: str(message[key]) for key in ("target", "limit") if key in message}
    await _answer(hass, connection, message, lambda entry: entry.runtime_data.client.get("/api/jobs", query))


@websocket_api.websocket_command(
    {
        vol.Required("type"): f"{DOMAIN}/job",
        vol.Required("job"): vol.All(str, vol.Match(r"^[\w-]{1,100}$")),
        vol.Optional(CONF_CONFIG_ENTRY_ID): str,
    }
)
@websocket_api.async_response
async def job(
    hass: HomeAssistant, connection: websocket_api.ActiveConnection, message: dict[str, Any]
) -> None:
    """Answer a job, with what it told on its way."""
    path = f"/api/jobs/{message['job']}"
    await _answer(hass, connection, message, lambda entry: entry.runtime_data.client.get(path))


async def _answer(
    hass: HomeAssistant,
    connection: websocket_api.ActiveConnection,
    message: dict[str, Any],
    ask: Any,
) -> None:
    wanted = message.get(CONF_CONFIG_ENTRY_ID)
    entries = [one for one in _loaded(hass) if wanted in (None, one.entry_id)]
    if not entries:
        raise refused("not_set_up")
    if len(entries) > 1:
        raise refused("several_apps", apps=", ".join(one.title for one in entries))
    try:
        connection.send_result(message["id"], await ask(entries[0]))
    except LabkeeperError as error:
        connection.send_error(message["id"], error.code, str(error))


def _loaded(hass: HomeAssistant) -> list[LabkeeperConfigEntry]:
    entries: list[LabkeeperConfigEntry] = hass.config_entries.async_loaded_entries(DOMAIN)
    return entries
