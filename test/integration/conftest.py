"""A Home Assistant in this process, and an app that it can talk to over a real socket."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.const import CONF_TOKEN, CONF_URL

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from homeassistant.core import HomeAssistant
    from homeassistant.helpers import device_registry as dr

TOKEN = "lk_of_home_assistant"
APP_ID = "c0ffee00-0000-4000-8000-000000000000"
SHIPPED = json.loads(
    (Path(__file__).parents[2] / "custom_components/labkeeper/catalogue.json").read_text("utf-8")
)
VM = "proxmox/home/guest/101"
OTHER = "proxmox/home/guest/102"
STACK = "docker/lab/stack/media"


class FakeApp:
    """Answers as the app does, as far as the integration asks it."""

    def __init__(self) -> None:
        """Have a small lab, and take every request for done."""
        self.about: dict[str, Any] = {"id": APP_ID, "version": SHIPPED["version"], "api": 1}
        self.catalogue: dict[str, Any] = SHIPPED
        self.resources = [
            {"id": VM, "device": "labkeeper_101", "kind": "guest", "name": "web", "links": [{"type": "x"}]},
            {"id": OTHER, "device": "labkeeper_102", "kind": "guest", "name": "Docker host"},
            {"id": STACK, "device": "labkeeper_media", "kind": "stack", "name": "web", "parent": OTHER},
        ]
        self.doubts: list[dict[str, Any]] = []
        self.findings: list[dict[str, Any]] = [{"severity": "warning", "title": "Something"}]
        self.asked: list[tuple[str, dict[str, Any], dict[str, str]]] = []
        self.answer: Callable[[str, dict[str, Any]], tuple[int, Any]] = self.done
        self.wrong_door = False
        self.url = ""
        self.reads: list[str] = []
        self.lost = 0
        self._server: TestServer | None = None

    @staticmethod
    def done(action: str, body: dict[str, Any]) -> tuple[int, Any]:
        """Carry it out."""
        target = body.get("target", "labkeeper/self/app/self")
        if body.get("dry_run"):
            return 200, {"plan": {"action": action, "target": {"id": target}, "steps": []}}
        job = {"id": f"job-{body['request_id']}", "action": action, "target": target, "state": "succeeded"}
        return 200, {"job": job}

    async def start(self, port: int | None = None) -> None:
        """Listen on a port of this machine."""
        app = web.Application()
        app.router.add_route("*", "/{tail:.*}", self._handle)
        self._server = TestServer(app, port=port)
        await self._server.start_server()
        self.url = f"http://127.0.0.1:{self._server.port}"

    async def stop(self) -> None:
        """Answer nobody any more."""
        if self._server is not None:
            await self._server.close()
            self._server = None

    async def again(self) -> None:
        """Come back at the same address."""
        await self.start(int(self.url.rsplit(":", 1)[1]))

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return web.json_response(
                {"code": "token_invalid", "message": "there is no such token"}, status=401
            )
        if self.wrong_door:
            return web.json_response({"code": "user_refused", "message": "another door"}, status=403)
        self.reads.append(request.path)
        if request.method == "POST":
            action = request.path.removeprefix("/api/actions/")
            body = await request.json()
            self.asked.append((action, body, dict(request.headers)))
            if self.lost > 0:
                self.lost -= 1
                request.transport.close()
                return web.Response()
            status, answer = self.answer(action, body)
            return web.json_response(answer, status=status)
        match request.path:
            case "/api/app":
                return web.json_response({**self.about, "services": self._etag(self.catalogue)})
            case "/api/services":
                return self._tell(request, self.catalogue)
            case "/api/graph":
                graph = {"resources": self.resources, "doubts": self.doubts, "findings": self.findings}
                return self._tell(request, graph)
        query = dict(request.query)
        told: dict[str, dict[str, Any]] = {
            "/api/jobs": {"jobs": [{"id": "j1"}], "query": query},
            "/api/jobs/j1": {"job": {"id": "j1"}, "log": []},
            "/api/lab": {"resources": [{"kind": "guest", "cpu": 7}, {"kind": "pool"}]},
            "/api/build-out": {"phases": []},
            "/api/audit": {"entries": [], "query": query},
        }
        if request.path in told:
            return web.json_response(told[request.path])
        return web.json_response({"code": "route_unknown", "message": "no such route"}, status=404)

    def _tell(self, request: web.Request, value: Any) -> web.Response:
        etag = self._etag(value)
        if request.headers.get("If-None-Match") == etag:
            return web.Response(status=304)
        return web.json_response(value, headers={"ETag": etag})

    @staticmethod
    def _etag(value: Any) -> str:
        return f'"{hash(json.dumps(value, sort_keys=True))}"'


@pytest.fixture(autouse=True)
def _custom_integrations(enable_custom_integrations: None) -> None:
    """Let Home Assistant find ours."""


@pytest.fixture(autouse=True)
def _sockets(socket_enabled: None) -> None:
    """Let the app listen on loopback."""


@pytest.fixture
async def app() -> AsyncGenerator[FakeApp]:
    """Give an app that runs."""
    fake = FakeApp()
    await fake.start()
    yield fake
    await fake.stop()


@pytest.fixture
def entry(hass: HomeAssistant, app: FakeApp) -> MockConfigEntry:
    """Give the app's entry, not set up yet."""
    one = MockConfigEntry(
        domain="labkeeper",
        title="Labkeeper",
        unique_id=APP_ID,
        data={CONF_URL: app.url, CONF_TOKEN: TOKEN},
    )
    one.add_to_hass(hass)
    return one


@pytest.fixture
async def loaded(hass: HomeAssistant, entry: MockConfigEntry) -> MockConfigEntry:
    """Give the app's entry, set up."""
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    return entry


@pytest.fixture
def mqtt_entry(hass: HomeAssistant) -> MockConfigEntry:
    """Give an entry of MQTT, to which the devices belong."""
    one = MockConfigEntry(domain="mqtt", title="MQTT")
    one.add_to_hass(hass)
    return one


@pytest.fixture
def device(
    hass: HomeAssistant, mqtt_entry: MockConfigEntry, device_registry: dr.DeviceRegistry
) -> dr.DeviceEntry:
    """Give the device of the guest `web`, as it comes over MQTT."""
    return device_registry.async_get_or_create(
        config_entry_id=mqtt_entry.entry_id, identifiers={("mqtt", "labkeeper_101")}, name="web"
    )
