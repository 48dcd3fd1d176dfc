"""Actions: what reaches the app, and what comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import voluptuous as vol
from conftest import OTHER, SHIPPED, STACK, TOKEN, VM
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from homeassistant.auth.const import GROUP_ID_USER
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_TOKEN, CONF_URL
from homeassistant.core import Context
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError, Unauthorized, UnknownUser
from homeassistant.setup import async_setup_component

if TYPE_CHECKING:
    from conftest import FakeApp

    from homeassistant.core import HomeAssistant
    from homeassistant.helpers import device_registry as dr, entity_registry as er


async def call(hass: HomeAssistant, action: str, data: dict[str, Any], context: Context | None = None) -> Any:
    return await hass.services.async_call(
        "labkeeper", action, data, blocking=True, return_response=True, context=context
    )


async def test_each_exists_and_says_in_words_that_no_app_is_set_up(hass: HomeAssistant) -> None:
    assert await async_setup_component(hass, "labkeeper", {})
    assert set(hass.services.async_services()["labkeeper"]) == set(SHIPPED["services"])
    with pytest.raises(ServiceValidationError, match="No Labkeeper is set up") as raised:
        await call(hass, "restart", {"device_id": "web"})
    assert raised.value.translation_key == "not_set_up"


async def test_each_says_in_words_that_its_app_is_down(
    hass: HomeAssistant, app: FakeApp, entry: MockConfigEntry
) -> None:
    await app.stop()
    assert not await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    with pytest.raises(ServiceValidationError, match="Labkeeper cannot be reached") as raised:
        await call(hass, "restart", {"device_id": VM})
    assert raised.value.translation_key == "not_loaded"


@pytest.mark.parametrize("action", sorted(SHIPPED["services"]))
async def test_each_is_sent_with_what_its_fields_hold(
    hass: HomeAssistant, app: FakeApp, loaded: MockConfigEntry, action: str
) -> None:
    service = SHIPPED["services"][action]
    kind = service["kinds"][0]
    app.resources.append({"id": f"x/y/{kind}/z", "device": "labkeeper_z", "kind": kind, "name": "z"})
    envelope = {"device_id", "confirm", "advanced"}
    given = {key: example(field) for key, field in service["fields"].items() if key not in envelope}
    data = {**given, "dry_run": True, **({} if kind == "app" else {"device_id": f"x/y/{kind}/z"})}
    response = await call(hass, action, data)
    ((asked, body, _),) = app.asked
    assert (asked, body["dry_run"]) == (action, True)
    assert body["input"] == given
    assert body.get("target") == (None if kind == "app" else f"x/y/{kind}/z")
    assert response["plans"][0]["action"] == action


def example(field: dict[str, Any]) -> Any:
    (kind,) = field["selector"]
    config = field["selector"][kind]
    match kind:
        case "select":
            return config["options"][0]
        case "boolean":
            return True
        case "number":
            return config.get("min", 1)
        case "text":
            return ["a"] if config.get("multiple") else "a"
        case "entity":
            return [f"{config['filter'][0]['domain'][0]}.a"]
        case "area":
            return ["a"]
    return {"a": "b"}


async def test_a_device_is_found_by_its_identifier_whatever_it_is_called(
    hass: HomeAssistant,
    app: FakeApp,
    loaded: MockConfigEntry,
    device: dr.DeviceEntry,
    device_registry: dr.DeviceRegistry,
    entity_registry: er.EntityRegistry,
) -> None:
    device_registry.async_update_device(device.id, name_by_user="The Web")
    entity = entity_registry.async_get_or_create(
        "switch", "mqtt", "labkeeper_101_power", device_id=device.id
    ).entity_id
    for given in ({"device_id": device.id}, {"device_id": "the web"}, {"entity_id": [entity]}):
        response = await call(hass, "restart", given)
        assert [job["target"] for job in response["jobs"]] == [VM]
    assert [body["target"] for _, body, _ in app.asked] == [VM, VM, VM]


async def test_names_and_ids_are_targets_too(
    hass: HomeAssistant, app: FakeApp, loaded: MockConfigEntry
) -> None:
    response = await call(hass, "guest_reset", {"device_id": ["docker HOST", VM], "confirm": True})
    assert [job["target"] for job in response["jobs"]] == [OTHER, VM]
    ids = {body["request_id"] for _, body, _ in app.asked}
    assert len(ids) == 2
    # A name that is borne twice counts for the kind that the action takes.
    assert (await call(hass, "snapshot", {"device_id": "web"}))["jobs"][0]["target"] == VM


@pytest.mark.parametrize(
    ("given", "key", "words"),
    [
        ({"device_id": "nothing"}, "target_unknown", "nothing"),
        ({"device_id": "web"}, "target_ambiguous", STACK),
        ({"device_id": STACK}, "target_unsuitable", "guest"),
        ({}, "target_missing", "device_id"),
        ({"device_id": VM, "config_entry_id": "other"}, "entry_unknown", "other"),
    ],
)
async def test_what_is_no_target_is_told(
    hass: HomeAssistant, app: FakeApp, loaded: MockConfigEntry, given: dict[str, Any], key: str, words: str
) -> None:
    action = "restart" if key == "target_ambiguous" else "snapshot"
    with pytest.raises(ServiceValidationError, match=words) as raised:
        await call(hass, action, given)
    assert raised.value.translation_key == key
    assert app.asked == []


async def test_what_is_new_in_the_lab_is_looked_for_again(
    hass: HomeAssistant, app: FakeApp, loaded: MockConfigEntry
) -> None:
    app.resources.append({"id": "proxmox/home/guest/103", "device": "d", "kind": "guest", "name": "new"})
    response = await call(hass, "restart", {"device_id": "new"})
    assert response["jobs"][0]["target"] == "proxmox/home/guest/103"


async def test_the_lab_as_a_whole_needs_no_target(
    hass: HomeAssistant, app: FakeApp, loaded: MockConfigEntry
) -> None:
    await call(hass, "start_lab", {"wait": 30, "request_id": "mine"})
    ((_, body, _),) = app.asked
    assert body == {"input": {}, "wait_s": 30, "request_id": "mine"}


async def test_of_several_apps_the_target_says_which_or_the_caller_has_to(
    hass: HomeAssistant, app: FakeApp, loaded: MockConfigEntry
) -> None:
    second = type(app)()
    second.about["id"] = "second"
    second.resources = [{"id": "docker/b/stack/x", "device": "labkeeper_x", "kind": "stack", "name": "x"}]
    await second.start()
    entry = MockConfigEntry(
        domain="labkeeper",
        title="Second",
        unique_id="second",
        data={CONF_URL: second.url, CONF_TOKEN: TOKEN},
    )
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await call(hass, "restart", {"device_id": "x"})
    assert (len(app.asked), len(second.asked)) == (0, 1)
    with pytest.raises(ServiceValidationError, match="Labkeeper, Second"):
        await call(hass, "start_lab", {})
    await call(hass, "start_lab", {"config_entry_id": entry.entry_id})
    assert (len(app.asked), len(second.asked)) == (0, 2)
    await second.stop()


async def test_what_interrupts_has_to_be_confirmed_but_not_for_a_dry_run(
    hass: HomeAssistant, app: FakeApp, loaded: MockConfigEntry
) -> None:
    for confirm in ({}, {"confirm": False}):
        with pytest.raises(ServiceValidationError, match="interrupts what runs"):
            await call(hass, "guest_reset", {"device_id": VM, **confirm})
    assert app.asked == []
    await call(hass, "guest_reset", {"device_id": VM, "dry_run": True})
    await call(hass, "guest_reset", {"device_id": VM, "confirm": True})
    await call(hass, "delete_snapshot", {"device_id": VM, "snapshot": "a", "confirm": "web"})
    assert [body.get("confirm") for _, body, _ in app.asked] == [None, True, "web"]


async def test_yaml_may_say_on_and_off_without_quotes(
    hass: HomeAssistant, app: FakeApp, loaded: MockConfigEntry
) -> None:
    for given in (True, False, "on", "off"):
        await call(hass, "set_power", {"device_id": VM, "power": given})
    assert [body["input"]["power"] for _, body, _ in app.asked] == ["on", "off", "on", "off"]
    await call(hass, "rollback", {"device_id": VM, "snapshot": "a", "start": "false", "confirm": "web"})
    assert app.asked[-1][1]["input"]["start"] is False
    await call(hass, "announce", {"message": "Done.", "targets": "media_player.kitchen", "areas": "office"})
    announced = {"message": "Done.", "targets": ["media_player.kitchen"], "areas": ["office"]}
    assert app.asked[-1][1]["input"] == announced


@pytest.mark.parametrize(
    "given",
    [
        {"power": "loud"},
        {},
        {"power": "on", "more": 1},
        {"power": "on", "wait": 61},
        {"power": "on", "request_id": ""},
    ],
)
async def test_what_fits_no_field_is_refused_here(
    hass: HomeAssistant, app: FakeApp, loaded: MockConfigEntry, given: dict[str, Any]
) -> None:
    with pytest.raises(vol.Invalid):
        await call(hass, "set_power", {"device_id": VM, **given})
    assert app.asked == []


async def test_who_is_no_administrator_may_operate_and_look_and_nothing_else(
    hass: HomeAssistant, app: FakeApp, loaded: MockConfigEntry, hass_admin_user: MockUser
) -> None:
    user = await hass.auth.async_create_user("Jörg Ü", group_ids=[GROUP_ID_USER])
    mine = Context(user_id=user.id)
    await call(hass, "restart", {"device_id": VM}, mine)
    await call(hass, "guest_reset", {"device_id": VM, "dry_run": True}, mine)
    headers = app.asked[0][2]
    assert headers["X-Labkeeper-User"] == "J%C3%B6rg%20%C3%9C"
    assert headers["X-Labkeeper-Administrator"] == "false"
    for action, more in (
        ("guest_reset", {"confirm": True}),
        ("resize_guest", {"cpus": 1}),
        ("delete_snapshot", {"snapshot": "a", "confirm": "web"}),
    ):
        with pytest.raises(Unauthorized):
            await call(hass, action, {"device_id": VM, **more}, mine)
    assert len(app.asked) == 2
    await call(hass, "guest_reset", {"device_id": VM, "confirm": True}, Context(user_id=hass_admin_user.id))
    assert app.asked[-1][2]["X-Labkeeper-Administrator"] == "true"


async def test_who_may_only_look_in_home_assistant_changes_nothing_here(
    hass: HomeAssistant, app: FakeApp, loaded: MockConfigEntry, hass_read_only_user: MockUser
) -> None:
    reader = Context(user_id=hass_read_only_user.id)
    with pytest.raises(Unauthorized):
        await call(hass, "restart", {"device_id": VM}, reader)
    with pytest.raises(UnknownUser):
        await call(hass, "restart", {"device_id": VM}, Context(user_id="nobody"))
    await call(hass, "restart", {"device_id": VM, "dry_run": True}, reader)
    assert len(app.asked) == 1


async def test_an_automation_may_do_everything_and_is_told_by_its_context(
    hass: HomeAssistant, app: FakeApp, loaded: MockConfigEntry
) -> None:
    context = Context()
    await call(hass, "guest_reset", {"device_id": VM, "confirm": True}, context)
    headers = app.asked[0][2]
    assert headers["X-Labkeeper-Context"] == context.id
    assert "X-Labkeeper-User" not in headers


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("input_invalid", ServiceValidationError),
        ("lifeline", HomeAssistantError),
        ("internal", HomeAssistantError),
    ],
)
async def test_what_the_app_refuses_is_told_with_its_words(
    hass: HomeAssistant, app: FakeApp, loaded: MockConfigEntry, code: str, kind: type[Exception]
) -> None:
    app.answer = lambda *_: (409, {"code": code, "message": "it must not be", "hint": "do something else"})
    with pytest.raises(HomeAssistantError, match="web: refused: it must not be; do something else") as raised:
        await call(hass, "restart", {"device_id": VM})
    assert type(raised.value) is kind


@pytest.mark.parametrize("state", ["failed", "cancelled", "unknown"])
async def test_a_job_that_did_not_succeed_is_an_error(
    hass: HomeAssistant, app: FakeApp, loaded: MockConfigEntry, state: str
) -> None:
    fault = {"error": {"code": "x", "message": "no room", "hint": "make some"}} if state == "failed" else {}
    app.answer = lambda *_: (200, {"job": {"id": "j7", "state": state, **fault}})
    words = "no room; make some" if state == "failed" else state
    with pytest.raises(HomeAssistantError, match=words) as raised:
        await call(hass, "restart", {"device_id": VM})
    assert raised.value.translation_key == f"job_{state}"
    assert "j7" in str(raised.value)


async def test_a_job_that_goes_on_is_answered_with_its_id(
    hass: HomeAssistant, app: FakeApp, loaded: MockConfigEntry
) -> None:
    app.answer = lambda *_: (202, {"job": {"id": "j8", "state": "running"}})
    response = await call(hass, "restart", {"device_id": VM, "wait": 0})
    assert response == {"jobs": [{"id": "j8", "state": "running"}]}
    assert app.asked[0][1]["wait_s"] == 0
    # Whoever wants no response gets none.
    assert await hass.services.async_call("labkeeper", "restart", {"device_id": VM}, blocking=True) is None


async def test_of_many_all_are_asked_and_the_failures_told_together(
    hass: HomeAssistant, app: FakeApp, loaded: MockConfigEntry
) -> None:
    def answer(action: str, body: dict[str, Any]) -> tuple[int, Any]:
        if body["target"] == VM:
            return 409, {"code": "lifeline", "message": "no"}
        return app.done(action, body)

    app.answer = answer
    with pytest.raises(HomeAssistantError, match="1 of 2 failed: web: refused: no"):
        await call(hass, "restart", {"device_id": [VM, OTHER]})
    assert len(app.asked) == 2


async def test_a_lost_answer_is_asked_for_again_with_the_same_request_id(
    hass: HomeAssistant, app: FakeApp, loaded: MockConfigEntry
) -> None:
    app.lost = 1
    await call(hass, "restart", {"device_id": VM})
    first, second = (body["request_id"] for _, body, _ in app.asked)
    assert first == second
    app.lost = 2
    with pytest.raises(HomeAssistantError, match="Labkeeper cannot be reached"):
        await call(hass, "restart", {"device_id": VM})
    assert len(app.asked) == 4


async def test_a_token_that_is_refused_is_asked_for_anew(
    hass: HomeAssistant, app: FakeApp, loaded: MockConfigEntry
) -> None:
    app.answer = lambda *_: (401, {"code": "token_invalid", "message": "there is no such token"})
    with pytest.raises(HomeAssistantError, match="Sign in again"):
        await call(hass, "restart", {"device_id": VM})
    await hass.async_block_till_done()
    assert [flow["context"]["source"] for flow in hass.config_entries.flow.async_progress()] == ["reauth"]
