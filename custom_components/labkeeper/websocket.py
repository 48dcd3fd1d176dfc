"""What the card asks for: how the lab hangs together, plans and jobs."""

from collections.abc import Awaitable, Callable
from typing import Any, Final

from homeassistant.components import websocket_api
from homeassistant.components.websocket_api import ActiveConnection as Connection
from homeassistant.const import ATTR_CONFIG_ENTRY_ID
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.service import async_get_config_entry
from homeassistant.helpers.typing import VolDictType

from .actions import async_caller
from .api import LabkeeperClient, LabkeeperError
from .const import DOMAIN, vol
from .coordinator import LabkeeperConfigEntry
from .targets import mqtt_devices

type Message = dict[str, Any]
type Ask = Callable[[LabkeeperClient], Awaitable[Any]]

LIMIT: Final = vol.All(int, vol.Range(min=1, max=500))


def _of_one_app(name: str, schema: VolDictType | None = None) -> Callable[[Any], Any]:
    """Declare a command that asks one app; which, has to be said where there are several."""
    given: VolDictType = {vol.Required("type"): f"{DOMAIN}/{name}", vol.Optional(ATTR_CONFIG_ENTRY_ID): str}
    return websocket_api.websocket_command({**given, **(schema or {})})


@callback
def async_register(hass: HomeAssistant) -> None:
    """Register all commands."""
    for command in (lab, readings, plan, jobs, job, audit, build_out):
        websocket_api.async_register_command(hass, command)


@websocket_api.websocket_command({vol.Required("type"): f"{DOMAIN}/lab"})
@callback
def lab(hass: HomeAssistant, connection: Connection, message: Message) -> None:
    """Answer the things of each lab with their edges, and the device that each one is here."""
    devices = {identifier: device.id for identifier, device in mqtt_devices(hass)}
    entries: list[LabkeeperConfigEntry] = hass.config_entries.async_loaded_entries(DOMAIN)
    apps = [
        {
            ATTR_CONFIG_ENTRY_ID: entry.entry_id,
            "title": entry.title,
            "version": known.about.version,
            "available": entry.runtime_data.last_update_success,
            "resources": [
                {**one, "device_id": devices.get(one["device"])} for one in known.resources.values()
            ],
            "doubts": known.doubts,
            "findings": known.findings,
        }
        for entry in entries
        for known in [entry.runtime_data.data]
    ]
    connection.send_result(message["id"], {"apps": apps})


@_of_one_app(
    "plan",
    {
        vol.Required("action"): vol.All(str, vol.Match(r"^[a-z0-9_]{1,100}$")),
        vol.Optional("target"): str,
        vol.Optional("input", default=dict): {str: object},
        vol.Optional("request_id"): str,
    },
)
@websocket_api.async_response
async def plan(hass: HomeAssistant, connection: Connection, message: Message) -> None:
    """Answer what an action would do. `target` is the id of a thing in the lab."""
    caller = await async_caller(hass, connection.context(message), "observe")
    body: dict[str, Any] = {key: message[key] for key in ("target", "input", "request_id") if key in message}
    body["dry_run"] = True
    await _answer(hass, connection, message, lambda app: app.act(message["action"], body, caller))


@_of_one_app("jobs", {vol.Optional("target"): str, vol.Optional("limit"): LIMIT})
@websocket_api.async_response
async def jobs(hass: HomeAssistant, connection: Connection, message: Message) -> None:
    """Answer the last jobs, newest first."""
    query = _query(message, "target", "limit")
    await _answer(hass, connection, message, lambda app: app.get("/api/jobs", query))


@_of_one_app("job", {vol.Required("job"): vol.All(str, vol.Match(r"^[\w-]{1,100}$"))})
@websocket_api.async_response
async def job(hass: HomeAssistant, connection: Connection, message: Message) -> None:
    """Answer a job, with what it told on its way."""
    await _answer(hass, connection, message, lambda app: app.get(f"/api/jobs/{message['job']}"))


@_of_one_app("readings", {vol.Required("kind"): vol.All(str, vol.Match(r"^[a-z]{1,40}$"))})
@websocket_api.async_response
async def readings(hass: HomeAssistant, connection: Connection, message: Message) -> None:
    """Answer the things of a kind with all that is read of them: lists are no entities."""

    async def ask(app: LabkeeperClient) -> dict[str, Any]:
        whole = await app.get("/api/lab")
        return {"resources": [one for one in whole["resources"] if one["kind"] == message["kind"]]}

    await _answer(hass, connection, message, ask)


@_of_one_app("build_out")
@websocket_api.async_response
async def build_out(hass: HomeAssistant, connection: Connection, message: Message) -> None:
    """Answer what of the lab is there and what comes next."""
    await _answer(hass, connection, message, lambda app: app.get("/api/build-out"))


@_of_one_app("audit", {vol.Optional("limit"): LIMIT})
@websocket_api.require_admin
@websocket_api.async_response
async def audit(hass: HomeAssistant, connection: Connection, message: Message) -> None:
    """Answer who asked for what, newest first; for administrators."""
    query = _query(message, "limit")
    await _answer(hass, connection, message, lambda app: app.get("/api/audit", query))


def _query(message: Message, *keys: str) -> dict[str, str]:
    return {key: str(message[key]) for key in keys if key in message}


async def _answer(hass: HomeAssistant, connection: Connection, message: Message, ask: Ask) -> None:
    """Answer what the app does. Raises where it is not sure which one, or that one is not there."""
    entry: LabkeeperConfigEntry = async_get_config_entry(hass, DOMAIN, message.get(ATTR_CONFIG_ENTRY_ID))
    try:
        connection.send_result(message["id"], await ask(entry.runtime_data.client))
    except LabkeeperError as error:
        connection.send_error(message["id"], error.code, str(error))
