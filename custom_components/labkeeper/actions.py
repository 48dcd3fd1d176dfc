"""Home Assistant's actions: each asks the app for a job."""

import asyncio
from typing import Any, Final, cast
from urllib.parse import quote
from uuid import uuid4

from homeassistant.auth.permissions.const import POLICY_CONTROL
from homeassistant.core import (
    Context,
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError, Unauthorized, UnknownUser
from homeassistant.helpers.service import async_set_service_schema

from .api import LabkeeperError, TokenRefusedError, UnreachableError
from .catalogue import DATA_CATALOGUE, Service
from .const import DOMAIN, translated
from .describe import ATTR_CONFIRM, ATTR_DRY_RUN, ATTR_REQUEST_ID, ATTR_WAIT, ENVELOPE, description, schema
from .targets import Target, async_targets, refused

WAIT: Final = 10
"""Seconds to wait for the end of a job, where a call does not say."""

# What is wrong with the call, not with the lab.
CALLERS_FAULT: Final = ("input_", "target_", "confirm_", "administrator_", "plan_expired", "ceiling_")


class Actions:
    """Registers the catalogue's actions, and again what of it changed."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Register nothing yet."""
        self._hass = hass
        self._registered: dict[str, Service] = {}

    @callback
    def async_register(self) -> None:
        """Offer exactly the actions that count now."""
        catalogue = self._hass.data[DATA_CATALOGUE]
        for name in self._registered.keys() - catalogue.services.keys():
            self._hass.services.async_remove(DOMAIN, name)
            del self._registered[name]
        for name, service in catalogue.services.items():
            before = self._registered.get(name)
            if service == before:
                continue
            self._registered[name] = service
            self._hass.services.async_register(
                DOMAIN, name, self._async_call, schema(service), SupportsResponse.OPTIONAL
            )
            # What was shipped, services.yaml and the translations describe.
            if before is not None or service != catalogue.shipped["services"].get(name):
                language = self._hass.config.language.split("-")[0]
                async_set_service_schema(self._hass, DOMAIN, name, description(service, language))

    async def _async_call(self, call: ServiceCall) -> ServiceResponse:
        service = self._registered[call.service]
        is_dry = call.data.get(ATTR_DRY_RUN, False)
        caller = await async_caller(self._hass, call.context, "observe" if is_dry else service["risk"])
        confirm = call.data.get(ATTR_CONFIRM)
        if service["risk"] == "disrupt" and not is_dry and confirm in (None, False):
            raise refused("confirm_missing", action=service["texts"]["en"]["name"])
        targets = await async_targets(self._hass, call.data, service["kinds"])
        body = {
            "input": {key: value for key, value in call.data.items() if key not in ENVELOPE},
            **({} if confirm is None else {ATTR_CONFIRM: confirm}),
            **({ATTR_DRY_RUN: True} if is_dry else {"wait_s": call.data.get(ATTR_WAIT, WAIT)}),
        }
        request_id = call.data.get(ATTR_REQUEST_ID, uuid4().hex)
        ids = [f"{request_id}-{number}" for number in range(len(targets))] if targets[1:] else [request_id]
        answers = await asyncio.gather(
            *(
                _async_act(target, call.service, {**body, "request_id": own}, caller)
                for target, own in zip(targets, ids, strict=True)
            ),
            return_exceptions=True,
        )
        _raise_failures(answers)
        if not call.return_response:
            return None
        return cast("ServiceResponse", {"plans" if is_dry else "jobs": answers})


async def async_caller(hass: HomeAssistant, context: Context, risk: str) -> dict[str, str]:
    """Say on whose behalf the app is asked; raises where that is not for them."""
    if context.user_id is None:
        # An automation: only an administrator can have made it.
        return {"X-Labkeeper-Context": context.id}
    user = await hass.auth.async_get_user(context.user_id)
    if user is None:
        raise UnknownUser(context=context)
    may = user.permissions.access_all_entities(POLICY_CONTROL) if risk == "operate" else risk == "observe"
    if not user.is_admin and not may:
        raise Unauthorized(context=context, user_id=user.id, permission=POLICY_CONTROL)
    return {
        "X-Labkeeper-User": quote(user.name or user.id),
        "X-Labkeeper-Administrator": "true" if user.is_admin else "false",
    }


async def _async_act(target: Target, action: str, body: dict[str, Any], caller: dict[str, str]) -> Any:
    """Answer the plan or the job. Raises a translated error where the app refuses, or the job fails."""
    whole = body if target.id is None else {**body, "target": target.id}
    entry = target.entry
    try:
        answer = await entry.runtime_data.client.act(action, whole, caller)
    except TokenRefusedError as error:
        entry.async_start_reauth(entry.runtime_data.hass)
        raise translated(HomeAssistantError, "token_refused") from error
    except UnreachableError as error:
        raise translated(HomeAssistantError, "unreachable", app=entry.title, reason=str(error)) from error
    except LabkeeperError as error:
        kind = ServiceValidationError if error.code.startswith(CALLERS_FAULT) else HomeAssistantError
        raise translated(kind, "refused", target=target.name, reason=str(error)) from error
    if "plan" in answer:
        return answer["plan"]
    job = answer["job"]
    if job["state"] in ("failed", "cancelled", "unknown"):
        fault = job.get("error", {})
        reason = "; ".join(part for part in (fault.get("message"), fault.get("hint")) if part)
        about = {"target": target.name, "job": job["id"], "reason": reason or job["state"]}
        raise translated(HomeAssistantError, f"job_{job['state']}", **about)
    return job


def _raise_failures(answers: list[Any]) -> None:
    """Raise what went wrong, after all were asked."""
    failures = [one for one in answers if isinstance(one, BaseException)]
    if not failures:
        return
    first = failures[0]
    if len(answers) == 1 or not isinstance(first, HomeAssistantError):
        raise first
    raise translated(
        HomeAssistantError,
        "some_failed",
        failed=str(len(failures)),
        all=str(len(answers)),
        reasons="; ".join(str(one) for one in failures),
    ) from first
