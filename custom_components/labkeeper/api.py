"""The app's HTTP API, as far as Home Assistant needs it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from aiohttp import ClientError, ClientSession, ClientTimeout

ANSWER_SECONDS: Final = 20
"""How long an answer may take, beside what it is told to wait."""


class LabkeeperError(Exception):
    """An error that the app answered with, or that kept it from answering."""

    def __init__(self, code: str, message: str, hint: str | None = None) -> None:
        """Keep what programs go by (`code`) and what people read."""
        super().__init__(message if hint is None else f"{message}; {hint}")
        self.code = code


class UnreachableError(LabkeeperError):
    """Nobody answered, or not as the app does."""

    def __init__(self, message: str) -> None:
        """Keep what happened."""
        super().__init__("unreachable", message)


class TokenRefusedError(LabkeeperError):
    """The app does not know the token."""


@dataclass(frozen=True, slots=True)
class About:
    """Which app it is."""

    id: str
    version: str
    api: int
    services: str
    """What is the same as long as the catalogue of actions is."""


class LabkeeperClient:
    """Asks one app."""

    def __init__(self, session: ClientSession, url: str, token: str) -> None:
        """Ask at `url` with the token "homeassistant"."""
        self._session = session
        self.url = url.rstrip("/")
        self._token = token
        self._known: dict[str, tuple[str, Any]] = {}

    async def about(self) -> About:
        """Tell which app this is, and find out whether it takes the token for Home Assistant's."""
        answer = await self._ask("GET", "/api/app", {"X-Labkeeper-User": "Home%20Assistant"})
        try:
            return About(answer["id"], answer["version"], answer["api"], answer["services"])
        except (KeyError, TypeError) as error:
            raise UnreachableError(f"{self.url} is not Labkeeper") from error

    async def get(self, path: str, query: Mapping[str, str] | None = None) -> Any:
        """Read something; what the app says has not changed is the same object as before."""
        etag, _ = self._known.get(path, ("", None))
        return await self._ask("GET", path, {"If-None-Match": etag} if etag else {}, params=query)

    async def act(self, action: str, body: Mapping[str, Any], caller: Mapping[str, str]) -> Any:
        """Ask for an action: its plan for a dry run, else its job.

        With the same `request_id` the app makes no second job, so it is asked again when an answer is lost.
        """
        path = f"/api/actions/{action}"
        try:
            return await self._ask("POST", path, caller, json=body)
        except UnreachableError:
            return await self._ask("POST", path, caller, json=body)

    async def _ask(self, method: str, path: str, headers: Mapping[str, str], **more: Any) -> Any:
        """Ask, with `more` of what aiohttp sends; `wait_s` of a body is waited for as well."""
        wait = more.get("json", {}).get("wait_s", 0)
        try:
            async with self._session.request(
                method,
                self.url + path,
                headers={"Authorization": f"Bearer {self._token}", **headers},
                allow_redirects=False,
                timeout=ClientTimeout(total=ANSWER_SECONDS + wait),
                **more,
            ) as response:
                if response.status == 304:
                    return self._known[path][1]
                answer = await response.json()
                etag = response.headers.get("ETag")
        except (ClientError, TimeoutError, ValueError) as error:
            reason = str(error) or "no answer in time"
            raise UnreachableError(f"{self.url}: {reason}") from error
        if response.status >= 300:
            raise _error(response.status, answer, self.url)
        if etag is not None:
            self._known[path] = (etag, answer)
        return answer


def _error(status: int, answer: Any, url: str) -> LabkeeperError:
    if not isinstance(answer, dict) or "code" not in answer:
        return UnreachableError(f"{url} answered {status}")
    known = TokenRefusedError if status == 401 or answer["code"] == "user_refused" else LabkeeperError
    return known(answer["code"], answer.get("message", ""), answer.get("hint"))
