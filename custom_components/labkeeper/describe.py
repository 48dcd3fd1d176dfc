"""Makes of a catalogue's entry what Home Assistant shows, and what it lets through."""

from collections.abc import Iterator
from typing import Any, Final

from homeassistant.const import ATTR_CONFIG_ENTRY_ID, ATTR_DEVICE_ID, ATTR_ENTITY_ID
from homeassistant.helpers import config_validation as cv, selector

from .catalogue import Service
from .const import vol

ATTR_CONFIRM: Final = "confirm"
ATTR_DRY_RUN: Final = "dry_run"
ATTR_REQUEST_ID: Final = "request_id"
ATTR_WAIT: Final = "wait"
MOST_TARGETS: Final = 100

_TARGETS: Final = vol.All(cv.ensure_list, [cv.string], vol.Length(max=MOST_TARGETS))

ENVELOPE: Final[dict[str, Any]] = {
    ATTR_DEVICE_ID: _TARGETS,
    ATTR_ENTITY_ID: _TARGETS,
    ATTR_CONFIRM: vol.Any(bool, cv.string),
    ATTR_DRY_RUN: cv.boolean,
    ATTR_WAIT: vol.All(vol.Coerce(float), vol.Range(min=0, max=60)),
    ATTR_REQUEST_ID: vol.All(cv.string, vol.Length(min=1, max=100)),
    ATTR_CONFIG_ENTRY_ID: cv.string,
}
"""What goes with every action, beside its input."""


def description(service: Service, language: str) -> dict[str, Any]:
    """Describe an action that has no translations here."""
    texts = service["texts"].get(language) or service["texts"]["en"]

    def described(fields: dict[str, dict[str, Any]]) -> dict[str, Any]:
        return {
            key: {**field, **texts["sections"].get(key, {}), "fields": described(field["fields"])}
            if "fields" in field
            else {**field, **texts["fields"].get(key, {})}
            for key, field in fields.items()
        }

    return {
        "name": texts["name"],
        "description": texts["description"],
        "fields": described(service["fields"]),
    }


def schema(service: Service) -> vol.Schema:
    """Let through what fits the action's fields. The app looks again, and closer."""
    own = {
        (vol.Required if field.get("required") else vol.Optional)(key): _check(field["selector"])
        for key, field in _flat(service["fields"])
        if key not in ENVELOPE
    }
    return vol.Schema({**{vol.Optional(key): check for key, check in ENVELOPE.items()}, **own})


def _flat(fields: dict[str, dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    for key, field in fields.items():
        if "fields" in field:
            yield from _flat(field["fields"])
        else:
            yield key, field


def _check(config: dict[str, Any]) -> Any:
    if "boolean" in config:
        # Home Assistant's own takes the text "false" for true.
        return cv.boolean
    try:
        check = selector.selector(config)
    except vol.Invalid:
        # One that this Home Assistant does not know yet.
        return object
    if any(options.get("multiple") for options in config.values()):
        return vol.All(cv.ensure_list, check)
    return vol.All(_on_or_off, check) if "select" in config else check


def _on_or_off(value: Any) -> Any:
    """YAML takes `on` and `off` without quotes for true and false."""
    return {True: "on", False: "off"}[value] if isinstance(value, bool) else value
