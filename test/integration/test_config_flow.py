"""Setting an app up, and again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from conftest import APP_ID, TOKEN
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant import config_entries
from homeassistant.const import CONF_TOKEN, CONF_URL
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers.service_info.hassio import HassioServiceInfo

if TYPE_CHECKING:
    from conftest import FakeApp

    from homeassistant.core import HomeAssistant

FOUND = {"version": "0.1.0", "api": 1}


def found(app: FakeApp, **more: Any) -> HassioServiceInfo:
    host, port = app.url.removeprefix("http://").split(":")
    config = {"host": host, "port": int(port), "token": TOKEN, **FOUND, **more}
    return HassioServiceInfo(config=config, name="Labkeeper", slug="labkeeper", uuid="1234")


async def start(hass: HomeAssistant, source: str, data: Any = None) -> Any:
    return await hass.config_entries.flow.async_init("labkeeper", context={"source": source}, data=data)


async def test_by_address_and_token(hass: HomeAssistant, app: FakeApp) -> None:
    form = await start(hass, config_entries.SOURCE_USER)
    assert (form["type"], form["step_id"], form["errors"]) == (FlowResultType.FORM, "user", {})
    data = {CONF_URL: app.url, CONF_TOKEN: TOKEN}
    made = await hass.config_entries.flow.async_configure(form["flow_id"], data)
    assert made["type"] is FlowResultType.CREATE_ENTRY
    assert (made["title"], made["data"], made["result"].unique_id) == ("Labkeeper", data, APP_ID)


@pytest.mark.parametrize(
    "trouble", ["cannot_connect", "invalid_auth", "wrong_token", "api_older", "api_newer"]
)
async def test_what_is_wrong_is_told_and_can_be_corrected(
    hass: HomeAssistant, app: FakeApp, trouble: str
) -> None:
    form = await start(hass, config_entries.SOURCE_USER)
    given = {CONF_URL: app.url, CONF_TOKEN: TOKEN}
    match trouble:
        case "cannot_connect":
            given[CONF_URL] = "http://127.0.0.1:1"
        case "invalid_auth":
            given[CONF_TOKEN] = "wrong"
        case "wrong_token":
            app.wrong_door = True
        case _:
            app.about["api"] = 0 if trouble == "api_older" else 2
    again = await hass.config_entries.flow.async_configure(form["flow_id"], given)
    assert (again["type"], again["errors"]) == (FlowResultType.FORM, {"base": trouble})
    app.wrong_door = False
    app.about["api"] = 1
    data = {CONF_URL: app.url, CONF_TOKEN: TOKEN}
    made = await hass.config_entries.flow.async_configure(form["flow_id"], data)
    assert made["type"] is FlowResultType.CREATE_ENTRY


async def test_what_answers_without_being_labkeeper_is_not_set_up(hass: HomeAssistant, app: FakeApp) -> None:
    app.about = {"hello": "world"}
    form = await start(hass, config_entries.SOURCE_USER)
    data = {CONF_URL: app.url, CONF_TOKEN: TOKEN}
    again = await hass.config_entries.flow.async_configure(form["flow_id"], data)
    assert again["errors"] == {"base": "cannot_connect"}


async def test_the_same_app_is_set_up_once(hass: HomeAssistant, app: FakeApp, entry: MockConfigEntry) -> None:
    hass.config_entries.async_update_entry(entry, data={CONF_URL: "http://old:1", CONF_TOKEN: "old"})
    form = await start(hass, config_entries.SOURCE_USER)
    data = {CONF_URL: app.url, CONF_TOKEN: TOKEN}
    end = await hass.config_entries.flow.async_configure(form["flow_id"], data)
    assert (end["type"], end["reason"]) == (FlowResultType.ABORT, "already_configured")
    assert entry.data == data


async def test_found_by_the_supervisor(hass: HomeAssistant, app: FakeApp) -> None:
    form = await start(hass, config_entries.SOURCE_HASSIO, found(app))
    assert (form["type"], form["step_id"]) == (FlowResultType.FORM, "hassio_confirm")
    assert form["description_placeholders"] == {"app": "Labkeeper"}
    await app.stop()
    again = await hass.config_entries.flow.async_configure(form["flow_id"], {})
    assert again["errors"] == {"base": "cannot_connect"}
    await app.again()
    made = await hass.config_entries.flow.async_configure(form["flow_id"], {})
    assert made["type"] is FlowResultType.CREATE_ENTRY
    assert made["data"] == {CONF_URL: app.url, CONF_TOKEN: TOKEN}
    assert made["result"].unique_id == APP_ID


async def test_found_again_with_another_token_updates_the_entry(
    hass: HomeAssistant, app: FakeApp, entry: MockConfigEntry
) -> None:
    hass.config_entries.async_update_entry(entry, data={CONF_URL: "http://old:1", CONF_TOKEN: "old"})
    end = await start(hass, config_entries.SOURCE_HASSIO, found(app))
    assert (end["type"], end["reason"]) == (FlowResultType.ABORT, "already_configured")
    assert entry.data == {CONF_URL: app.url, CONF_TOKEN: TOKEN}


async def test_found_while_it_does_not_answer_yet(hass: HomeAssistant, app: FakeApp) -> None:
    await app.stop()
    end = await start(hass, config_entries.SOURCE_HASSIO, found(app))
    assert (end["type"], end["reason"]) == (FlowResultType.ABORT, "cannot_connect")
    form = await start(hass, config_entries.SOURCE_HASSIO, found(app, id=APP_ID))
    assert form["type"] is FlowResultType.FORM


async def test_another_token_is_asked_for_when_the_app_refuses_it(
    hass: HomeAssistant, app: FakeApp, entry: MockConfigEntry
) -> None:
    hass.config_entries.async_update_entry(entry, data={CONF_URL: app.url, CONF_TOKEN: "old"})
    assert not await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    (flow,) = hass.config_entries.flow.async_progress()
    assert (flow["context"]["source"], flow["step_id"]) == ("reauth", "reauth_confirm")
    again = await hass.config_entries.flow.async_configure(flow["flow_id"], {CONF_TOKEN: "wrong"})
    assert again["errors"] == {"base": "invalid_auth"}
    end = await hass.config_entries.flow.async_configure(flow["flow_id"], {CONF_TOKEN: TOKEN})
    assert (end["type"], end["reason"]) == (FlowResultType.ABORT, "reauth_successful")
    await hass.async_block_till_done()
    assert entry.data[CONF_TOKEN] == TOKEN
    assert entry.state is config_entries.ConfigEntryState.LOADED


async def test_another_address_of_the_same_app(
    hass: HomeAssistant, app: FakeApp, entry: MockConfigEntry
) -> None:
    hass.config_entries.async_update_entry(entry, data={CONF_URL: "http://old:1", CONF_TOKEN: "old"})
    form = await entry.start_reconfigure_flow(hass)
    assert form["step_id"] == "reconfigure"
    wrong = {CONF_URL: app.url, CONF_TOKEN: "wrong"}
    again = await hass.config_entries.flow.async_configure(form["flow_id"], wrong)
    assert again["errors"] == {"base": "invalid_auth"}
    data = {CONF_URL: app.url, CONF_TOKEN: TOKEN}
    end = await hass.config_entries.flow.async_configure(form["flow_id"], data)
    assert (end["type"], end["reason"]) == (FlowResultType.ABORT, "reconfigure_successful")
    assert entry.data == data


async def test_another_app_does_not_take_its_place(
    hass: HomeAssistant, app: FakeApp, entry: MockConfigEntry
) -> None:
    app.about["id"] = "another"
    form = await entry.start_reconfigure_flow(hass)
    data = {CONF_URL: app.url, CONF_TOKEN: TOKEN}
    end = await hass.config_entries.flow.async_configure(form["flow_id"], data)
    assert (end["type"], end["reason"]) == (FlowResultType.ABORT, "another_app")
    form = await entry.start_reauth_flow(hass)
    end = await hass.config_entries.flow.async_configure(form["flow_id"], {CONF_TOKEN: TOKEN})
    assert end["reason"] == "another_app"
