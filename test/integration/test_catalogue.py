"""Newer apps bring newer actions along, and take them away again."""

from __future__ import annotations

from copy import deepcopy
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from conftest import SHIPPED, VM
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.labkeeper.describe import description, schema
from homeassistant.helpers.service import async_get_all_descriptions
from homeassistant.helpers.translation import async_get_translations
from homeassistant.util import dt as dt_util

if TYPE_CHECKING:
    from conftest import FakeApp
    from pytest_homeassistant_custom_component.common import MockConfigEntry

    from homeassistant.core import HomeAssistant

NEW = {
    "risk": "operate",
    "kinds": ["guest"],
    "icon": "mdi:coffee",
    "fields": {
        "device_id": {"required": True, "selector": {"device": {"multiple": True}}},
        "cups": {"required": True, "selector": {"number": {"min": 1, "max": 9}}},
        "strange": {"selector": {"from_the_future": {}}},
        "advanced": {"collapsed": True, "fields": {"dry_run": {"selector": {"boolean": {}}}}},
    },
    "texts": {
        "en": {
            "name": "Brew",
            "description": "Makes coffee.",
            "fields": {"cups": {"name": "Cups", "description": "How many."}},
            "sections": {"advanced": {"name": "More", "description": "The rest."}},
        },
        "de": {"name": "Brühen", "description": "Macht Kaffee.", "fields": {}, "sections": {}},
    },
}


def newer(version: str, **services: Any) -> dict[str, Any]:
    told = deepcopy(SHIPPED)
    return {"version": version, "services": {**told["services"], **services}}


async def poll(hass: HomeAssistant) -> None:
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=31))
    await hass.async_block_till_done(wait_background_tasks=True)


async def actions(hass: HomeAssistant) -> dict[str, Any]:
    return (await async_get_all_descriptions(hass))["labkeeper"]


async def test_what_is_shipped_is_described_and_translated_by_files(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    shown = await actions(hass)
    assert set(shown) == set(SHIPPED["services"])
    for name, service in SHIPPED["services"].items():
        assert set(shown[name]["fields"]) == set(service["fields"]), name
        assert shown[name]["response"] == {"optional": True}
    for language in ("en", "de"):
        texts = await async_get_translations(hass, language, "services", {"labkeeper"})
        for name, service in SHIPPED["services"].items():
            at = f"component.labkeeper.services.{name}"
            assert texts[f"{at}.name"] == service["texts"][language]["name"]
            for key, field in service["texts"][language]["fields"].items():
                assert texts[f"{at}.fields.{key}.name"] == field["name"], (language, name, key)


async def test_an_action_comes_and_changes_and_goes_while_home_assistant_runs(
    hass: HomeAssistant, app: FakeApp, loaded: MockConfigEntry
) -> None:
    app.catalogue = newer("99.0.0", brew=NEW)
    await poll(hass)
    brew = (await actions(hass))["brew"]
    assert (brew["name"], brew["description"]) == ("Brew", "Makes coffee.")
    assert brew["fields"]["cups"]["name"] == "Cups"
    assert brew["fields"]["advanced"]["name"] == "More"
    await hass.services.async_call(
        "labkeeper", "brew", {"device_id": VM, "cups": 2, "strange": {"a": 1}}, blocking=True
    )
    assert app.asked[-1][1]["input"] == {"cups": 2.0, "strange": {"a": 1}}

    changed = deepcopy(NEW)
    changed["texts"]["en"]["name"] = "Boil"
    app.catalogue = newer("99.0.1", brew=changed)
    await poll(hass)
    assert (await actions(hass))["brew"]["name"] == "Boil"

    app.catalogue = SHIPPED
    await poll(hass)
    assert "brew" not in await actions(hass)


async def test_what_an_app_told_is_there_after_a_restart_though_the_app_is_down(
    hass: HomeAssistant, app: FakeApp, entry: MockConfigEntry, hass_storage: dict[str, Any]
) -> None:
    hass_storage["labkeeper.catalogue"] = {
        "version": 1,
        "data": {entry.entry_id: newer("99.0.0", brew=NEW)},
    }
    await app.stop()
    assert not await hass.config_entries.async_setup(entry.entry_id)
    assert "brew" in await actions(hass)
    await hass.config_entries.async_remove(entry.entry_id)
    await hass.async_block_till_done()
    assert "brew" not in await actions(hass)
    assert hass_storage["labkeeper.catalogue"]["data"] == {}


@pytest.mark.parametrize("version", ["0.0.1", "who knows"])
async def test_an_older_app_changes_nothing(
    hass: HomeAssistant, app: FakeApp, entry: MockConfigEntry, version: str
) -> None:
    app.catalogue = {"version": version, "services": {"brew": NEW}}
    assert await hass.config_entries.async_setup(entry.entry_id)
    assert set(await actions(hass)) == set(SHIPPED["services"])


async def test_a_catalogue_is_asked_for_when_it_is_another_one_only(
    hass: HomeAssistant, app: FakeApp, loaded: MockConfigEntry
) -> None:
    await poll(hass)
    await poll(hass)
    assert app.reads.count("/api/services") == 1
    assert app.reads.count("/api/app") == 3


def test_the_words_are_in_the_language_of_home_assistant_else_in_english() -> None:
    assert description(NEW, "de")["name"] == "Brühen"  # type: ignore[arg-type]
    assert description(NEW, "fr")["name"] == "Brew"  # type: ignore[arg-type]


def test_every_shipped_action_has_a_schema_that_takes_its_examples() -> None:
    for service in SHIPPED["services"].values():
        check = schema(service)
        given = {
            key: field.get("example")
            for key, field in service["fields"].items()
            if field.get("required") and "example" in field
        }
        for key, value in given.items():
            assert check.schema[next(one for one in check.schema if str(one) == key)](value) is not None
