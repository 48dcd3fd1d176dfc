"""Repairs, diagnostics, the card and the commands of the card."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest
from conftest import VM

from custom_components.labkeeper import card, issues
from custom_components.labkeeper.diagnostics import async_get_config_entry_diagnostics
from homeassistant.components.lovelace.const import LOVELACE_DATA
from homeassistant.config_entries import ConfigEntryState
from homeassistant.setup import async_setup_component

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import FakeApp
    from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
    from pytest_homeassistant_custom_component.typing import WebSocketGenerator

    from homeassistant.core import HomeAssistant
    from homeassistant.helpers import device_registry as dr, issue_registry as ir


async def refresh(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    await entry.runtime_data.async_refresh()
    await hass.async_block_till_done()


def keys(registry: ir.IssueRegistry) -> set[str]:
    return {
        issue.translation_key or "" for (domain, _), issue in registry.issues.items() if domain == "labkeeper"
    }


async def test_an_app_that_is_away_for_minutes_is_a_repair_until_it_is_back(
    hass: HomeAssistant,
    app: FakeApp,
    loaded: MockConfigEntry,
    mqtt_entry: MockConfigEntry,
    issue_registry: ir.IssueRegistry,
    caplog: pytest.LogCaptureFixture,
) -> None:
    mqtt_entry.mock_state(hass, ConfigEntryState.LOADED)
    await refresh(hass, loaded)
    await app.stop()
    now = hass.loop.time()
    with patch.object(hass.loop, "time", lambda: now):
        await refresh(hass, loaded)
        assert keys(issue_registry) == set()
        now += issues.PATIENCE
        await refresh(hass, loaded)
        await refresh(hass, loaded)
    assert keys(issue_registry) == {"unreachable"}
    assert caplog.text.count("Error fetching Labkeeper data") == 1, "it is logged once"
    await app.again()
    await refresh(hass, loaded)
    assert keys(issue_registry) == set()


async def test_an_app_that_is_away_since_the_start_is_a_repair_as_well(
    hass: HomeAssistant, app: FakeApp, entry: MockConfigEntry, issue_registry: ir.IssueRegistry
) -> None:
    await app.stop()
    assert not await hass.config_entries.async_setup(entry.entry_id)
    assert keys(issue_registry) == set()
    now = hass.loop.time() + issues.PATIENCE
    with patch.object(hass.loop, "time", lambda: now):
        await hass.config_entries.async_reload(entry.entry_id)
    assert keys(issue_registry) == {"unreachable"}
    await hass.config_entries.async_remove(entry.entry_id)
    assert keys(issue_registry) == set()


@pytest.mark.parametrize(("api", "key"), [(0, "api_older"), (2, "api_newer")])
async def test_an_app_of_another_api_is_a_repair_that_says_what_to_update(
    hass: HomeAssistant,
    app: FakeApp,
    entry: MockConfigEntry,
    issue_registry: ir.IssueRegistry,
    api: int,
    key: str,
) -> None:
    app.about["api"] = api
    assert not await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert keys(issue_registry) == {key}
    assert "/api/graph" not in app.reads
    app.about["api"] = 1
    await hass.config_entries.async_reload(entry.entry_id)
    assert key not in keys(issue_registry)
    await hass.config_entries.async_remove(entry.entry_id)
    assert keys(issue_registry) == set()


async def test_mqtt_that_is_not_set_up_is_a_repair(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    mqtt_entry: MockConfigEntry,
    issue_registry: ir.IssueRegistry,
) -> None:
    assert keys(issue_registry) == {"mqtt_missing"}
    mqtt_entry.mock_state(hass, ConfigEntryState.LOADED)
    await refresh(hass, loaded)
    assert keys(issue_registry) == set()


async def test_doubtful_links_are_a_repair_that_names_some(
    hass: HomeAssistant,
    app: FakeApp,
    loaded: MockConfigEntry,
    mqtt_entry: MockConfigEntry,
    issue_registry: ir.IssueRegistry,
) -> None:
    mqtt_entry.mock_state(hass, ConfigEntryState.LOADED)
    weak = {"resource": VM, "about": "parent", "reason": "weak", "aliases": [], "candidates": []}
    app.doubts = [weak]
    await refresh(hass, loaded)
    assert keys(issue_registry) == set()
    sure = {**weak, "reason": "ambiguous"}
    app.doubts = [weak, sure, *({**sure, "resource": f"gone/{number}"} for number in range(6))]
    await refresh(hass, loaded)
    (issue,) = [one for (domain, _), one in issue_registry.issues.items() if domain == "labkeeper"]
    assert issue.translation_key == "doubtful_links"
    assert issue.translation_placeholders == {
        "app": "Labkeeper",
        "count": "7",
        "names": "gone/0, gone/1, gone/2, gone/3, gone/4 …",
    }
    app.doubts = []
    await refresh(hass, loaded)
    assert keys(issue_registry) == set()


async def test_a_poll_that_found_nothing_new_is_the_same_object(
    hass: HomeAssistant, app: FakeApp, loaded: MockConfigEntry
) -> None:
    before = loaded.runtime_data.data
    await refresh(hass, loaded)
    assert loaded.runtime_data.data is before
    app.findings = []
    await refresh(hass, loaded)
    assert loaded.runtime_data.data.findings == []


async def test_diagnostics_name_nothing(hass: HomeAssistant, app: FakeApp, loaded: MockConfigEntry) -> None:
    app.doubts = [{"resource": VM, "about": "parent", "reason": "weak"}]
    await refresh(hass, loaded)
    told = await async_get_config_entry_diagnostics(hass, loaded)
    assert told["resources"] == {"guest": 2, "stack": 1}
    assert told["doubts"] == {"parent weak": 1}
    assert (told["links"], told["reachable"]) == (1, True)
    text = json.dumps(told)
    for secret in ("lk_", "127.0.0.1", "web", "101", "media"):
        assert secret not in text
    await hass.config_entries.async_unload(loaded.entry_id)
    told = await async_get_config_entry_diagnostics(hass, loaded)
    assert (told["state"], "resources" in told) == ("not_loaded", False)


@pytest.fixture
def built(tmp_path: Path) -> Path:
    (tmp_path / card.NAME).write_text("// the card", "utf-8")
    return tmp_path


async def test_without_a_card_no_dashboard_is_touched(
    hass: HomeAssistant, loaded: MockConfigEntry, tmp_path: Path
) -> None:
    assert await async_setup_component(hass, "lovelace", {})
    with patch.object(card, "FOLDER", tmp_path):
        await card.async_keep_resource(hass)
    await hass.data[LOVELACE_DATA].resources.async_get_info()
    assert hass.data[LOVELACE_DATA].resources.async_items() == []


async def test_dashboards_load_the_card_as_it_is_now(
    hass: HomeAssistant, entry: MockConfigEntry, built: Path, hass_client_no_auth: Any
) -> None:
    assert await async_setup_component(hass, "lovelace", {})
    resources = hass.data[LOVELACE_DATA].resources
    await resources.async_create_item({"res_type": "module", "url": "/other/card.js"})
    with patch.object(card, "FOLDER", built):
        assert await hass.config_entries.async_setup(entry.entry_id)
        await hass.async_block_till_done()

        def urls() -> list[str]:
            return [one["url"] for one in resources.async_items()]

        first = urls()
        assert first[0] == "/other/card.js"
        assert first[1].startswith("/labkeeper/labkeeper-card.js?v=")
        client = await hass_client_no_auth()
        answer = await client.get(first[1])
        assert (answer.status, await answer.text()) == (200, "// the card")
        await card.async_keep_resource(hass)
        assert urls() == first
        (built / card.NAME).write_text("// a newer card", "utf-8")
        await resources.async_create_item({"res_type": "module", "url": f"{card.URL}?v=twice"})
        await card.async_keep_resource(hass)
        assert (len(urls()), urls()[0]) == (2, "/other/card.js")
        assert urls()[1] not in first
        await hass.config_entries.async_remove(entry.entry_id)
        assert urls() == ["/other/card.js"]


async def test_where_resources_are_written_in_yaml_a_repair_gives_the_line(
    hass: HomeAssistant, loaded: MockConfigEntry, built: Path, issue_registry: ir.IssueRegistry
) -> None:
    assert await async_setup_component(hass, "lovelace", {"lovelace": {"resource_mode": "yaml"}})
    with patch.object(card, "FOLDER", built):
        await card.async_keep_resource(hass)
        issue = issue_registry.async_get_issue("labkeeper", "resources_yaml")
        assert issue is not None
        line = (issue.translation_placeholders or {})["line"]
        assert line.startswith("/labkeeper/labkeeper-card.js?v=")
        hass.data[LOVELACE_DATA].resources.data.append({"type": "module", "url": card.URL})
        await card.async_keep_resource(hass)
        assert issue_registry.async_get_issue("labkeeper", "resources_yaml") is None
        await card.async_remove_resource(hass)


async def test_the_card_is_told_how_the_lab_hangs_together_and_which_devices_these_are(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    device: dr.DeviceEntry,
    hass_ws_client: WebSocketGenerator,
) -> None:
    client = await hass_ws_client(hass)
    await client.send_json_auto_id({"type": "labkeeper/lab"})
    (app,) = (await client.receive_json())["result"]["apps"]
    assert (app["config_entry_id"], app["available"]) == (loaded.entry_id, True)
    assert {one["id"]: one["device_id"] for one in app["resources"]}[VM] == device.id
    assert app["resources"][0]["links"] == [{"type": "x"}]


async def test_the_card_gets_plans_and_jobs_and_what_no_entity_shows(
    hass: HomeAssistant,
    app: FakeApp,
    loaded: MockConfigEntry,
    hass_ws_client: WebSocketGenerator,
    hass_admin_user: MockUser,
) -> None:
    client = await hass_ws_client(hass)

    async def ask(command: str, **more: Any) -> dict[str, Any]:
        await client.send_json_auto_id({"type": f"labkeeper/{command}", **more})
        return await client.receive_json()

    plan = await ask("plan", action="set_power", target=VM, input={"power": "on"}, request_id="r")
    assert plan["result"]["plan"]["target"] == {"id": VM}
    ((_, body, headers),) = app.asked
    assert body == {"target": VM, "input": {"power": "on"}, "request_id": "r", "dry_run": True}
    assert headers["X-Labkeeper-Administrator"] == "true"
    jobs = await ask("jobs", target=VM, limit=5)
    assert jobs["result"] == {"jobs": [{"id": "j1"}], "query": {"target": VM, "limit": "5"}}
    assert (await ask("job", job="j1"))["result"] == {"job": {"id": "j1"}, "log": []}
    assert (await ask("job", job="none"))["error"]["code"] == "route_unknown"
    assert (await ask("readings", kind="guest"))["result"] == {"resources": [{"kind": "guest", "cpu": 7}]}
    assert (await ask("build_out"))["result"] == {"phases": []}
    assert (await ask("audit", limit=2))["result"] == {"entries": [], "query": {"limit": "2"}}
    assert (await ask("plan", action="../x"))["error"]["code"] == "invalid_format"
    assert not (await ask("jobs", config_entry_id="other"))["success"]
    hass_admin_user.groups = []
    assert (await ask("audit"))["error"]["code"] == "unauthorized"
    await hass.config_entries.async_unload(loaded.entry_id)
    assert (await ask("lab"))["result"] == {"apps": []}
