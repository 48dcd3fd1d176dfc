"""What hassfest and HACS demand of a custom integration, as far as it can be told without them."""

from __future__ import annotations

import json
import re
import string
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import voluptuous as vol
import yaml
from awesomeversion import AwesomeVersion, AwesomeVersionStrategy

import homeassistant.components.mqtt
from homeassistant.helpers import config_validation as cv, selector
from homeassistant.util.yaml import load_yaml_dict

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "custom_components/labkeeper"
ADDRESS = re.compile(
    r"((ftps?|scp|https?|mqtts?|socket|socks5)://|www\.)[a-z0-9]+([-.][a-z0-9]+)*\.[a-z]{2,5}", re.IGNORECASE
)
KEY = re.compile(r"(?!.+[_-]{2})(?![_-])[a-z0-9_-]+(?<![_-])")
MANIFEST = vol.Schema(
    {
        vol.Required("domain"): cv.slug,
        vol.Required("name"): str,
        vol.Required("after_dependencies"): [str],
        vol.Required("codeowners"): [vol.Match("@")],
        vol.Required("config_flow"): True,
        vol.Required("dependencies"): [str],
        vol.Required("documentation"): vol.All(vol.Url(), vol.Match("https://")),
        vol.Required("integration_type"): vol.In(["device", "helper", "hub", "service"]),
        vol.Required("iot_class"): vol.In(["local_polling", "local_push"]),
        vol.Required("issue_tracker"): vol.Url(),
        vol.Required("quality_scale"): vol.In(["bronze", "silver", "gold", "platinum"]),
        vol.Required("requirements"): [str],
        vol.Required("version"): str,
    }
)


def read(name: str) -> Any:
    return json.loads((FOLDER / name).read_text("utf-8"))


def test_the_manifest_has_what_it_needs_in_its_order() -> None:
    manifest = MANIFEST(read("manifest.json"))
    keys = list(read("manifest.json"))
    assert keys == ["domain", "name", *sorted(keys[2:])]
    assert manifest["domain"] == FOLDER.name
    AwesomeVersion(manifest["version"], ensure_strategy=AwesomeVersionStrategy.SEMVER)
    assert manifest["version"] == json.loads((ROOT / "package.json").read_text("utf-8"))["version"]
    assert manifest["requirements"] == []


def test_what_the_code_imports_of_home_assistant_is_a_dependency() -> None:
    manifest = read("manifest.json")
    assert not set(manifest["dependencies"]) & set(manifest["after_dependencies"])
    named = {*manifest["dependencies"], *manifest["after_dependencies"], "diagnostics"}
    components = Path(homeassistant.components.mqtt.__file__).parents[1]
    assert all((components / one / "manifest.json").is_file() for one in named)
    assert not (components / manifest["domain"]).exists()
    for file in FOLDER.glob("*.py"):
        text = file.read_text("utf-8")
        used = set(re.findall(r"homeassistant\.components\.(\w+)", text))
        used |= set(re.findall(r"from homeassistant\.components import (\w+)", text))
        assert used <= named, file.name


def test_services_yaml_is_valid_and_no_field_is_there_twice() -> None:
    field = vol.Schema(
        {
            vol.Optional("example"): object,
            vol.Optional("default"): object,
            vol.Optional("required"): bool,
            vol.Optional("selector"): selector.validate_selector,
        }
    )
    section = vol.Schema({vol.Optional("collapsed"): bool, vol.Required("fields"): {str: field}})
    services = load_yaml_dict(str(FOLDER / "services.yaml"))
    vol.Schema({cv.slug: {vol.Optional("fields"): {str: vol.Any(field, section)}}})(services)
    for name, service in services.items():
        keys = [key for outer, one in service["fields"].items() for key in one.get("fields", [outer])]
        assert len(keys) == len(set(keys)), name


def test_every_action_and_field_has_an_icon_and_words() -> None:
    services = load_yaml_dict(str(FOLDER / "services.yaml"))
    icons = vol.Schema({"services": {str: {"service": vol.Match(r"^mdi:[a-z0-9-]+$")}}})(read("icons.json"))
    assert set(icons["services"]) == set(services)
    for language in ("en", "de"):
        texts = read(f"translations/{language}.json")["services"]
        named = {str: {vol.Required("name"): str, vol.Required("description"): str}}
        vol.Schema({str: {"name": str, "description": str, "fields": named, "sections": named}})(texts)
        assert set(texts) == set(services)
        for name, service in services.items():
            for key, field in service["fields"].items():
                if "fields" in field:
                    assert texts[name]["sections"][key]["name"]
                for inner in field.get("fields", {} if "fields" in field else {key: field}):
                    assert texts[name]["fields"][inner]["name"], (name, inner)
                    assert texts[name]["fields"][inner]["description"], (name, inner)


def words(tree: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(tree, str):
        yield path, tree
    else:
        for key, value in tree.items():
            yield from words(value, f"{path}.{key}")


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_words_are_such_as_translations_may_hold(language: str) -> None:
    for path, text in words(read(f"translations/{language}.json")):
        for key in path.split(".")[1:]:
            assert KEY.fullmatch(key), path
        assert "[%" not in text, path
        assert text == text.strip(), path
        assert text != "", path
        assert ADDRESS.search(text) is None, (path, text)
        assert re.search(r"'\{\w+\}'", text) is None, path
        cv.string_with_no_html(text)
        for _, placeholder, _, _ in string.Formatter().parse(text):
            assert placeholder is None or placeholder.isidentifier(), (path, text)


@pytest.mark.parametrize("language", ["en", "de"])
def test_each_step_of_the_form_explains_each_of_its_fields(language: str) -> None:
    texts = read(f"translations/{language}.json")
    assert set(texts) == {"title", "config", "issues", "exceptions", "services"}
    for name, step in texts["config"]["step"].items():
        assert set(step) <= {"title", "description", "data", "data_description"}, name
        assert set(step.get("data", {})) == set(step.get("data_description", {})), name
    for issue in texts["issues"].values():
        assert set(issue) == {"title", "description"}


def test_what_the_code_says_has_words_and_no_words_are_left_over() -> None:
    texts = read("translations/en.json")
    assert all(set(one) == {"message"} for one in texts["exceptions"].values())
    code = "".join(file.read_text("utf-8") for file in FOLDER.glob("*.py"))
    literals = set(re.findall(r'"([a-z_]+)"', code))
    jobs = {f"job_{state}" for state in ("failed", "cancelled", "unknown")}
    made_by_home_assistant = {"already_configured", "reauth_successful", "reconfigure_successful"}
    for part in (texts["exceptions"], texts["issues"], texts["config"]["error"], texts["config"]["abort"]):
        assert set(part) - jobs - made_by_home_assistant <= literals
    assert set(re.findall(r'(?:refused\(|translation_key=)"(\w+)"', code)) <= {
        *texts["exceptions"],
        *texts["issues"],
    }


def test_the_code_has_what_hassfest_looks_for() -> None:
    init = (FOLDER / "__init__.py").read_text("utf-8")
    assert "\nCONFIG_SCHEMA = cv.config_entry_only_config_schema(" in init
    flow = (FOLDER / "config_flow.py").read_text("utf-8")
    assert "self.async_set_unique_id(" in flow
    for step in ("user", "hassio", "reauth", "reconfigure"):
        assert f"async def async_step_{step}(" in flow
    assert (FOLDER / "diagnostics.py").is_file()


def test_each_rule_of_the_quality_scale_is_answered() -> None:
    rules = yaml.safe_load((FOLDER / "quality_scale.yaml").read_text("utf-8"))["rules"]
    # One of Home Assistant's own that answers them all.
    example = Path(homeassistant.components.mqtt.__file__).parent / "quality_scale.yaml"
    assert set(yaml.safe_load(example.read_text("utf-8"))["rules"]) <= set(rules)
    for name, answer in rules.items():
        if answer == "done":
            continue
        assert answer["status"] in {"done", "exempt"}, name
        assert answer["comment"], name


def test_hacs_finds_what_it_asks_for() -> None:
    hacs = json.loads((ROOT / "hacs.json").read_text("utf-8"))
    allowed = {"name", "content_in_root", "country", "filename", "hacs", "hide_default_branch"}
    allowed |= {"homeassistant", "persistent_directory", "render_readme", "zip_release"}
    assert set(hacs) <= allowed
    assert hacs["name"]
    assert (ROOT / "README.md").is_file()
    assert hacs["zip_release"] is True
    assert hacs["filename"].endswith(".zip")
    assert [one.name for one in (ROOT / "custom_components").iterdir() if one.is_dir()] == ["labkeeper"]
    icon = (FOLDER / "brand/icon.png").read_bytes()
    assert icon.startswith(b"\x89PNG")
    assert int.from_bytes(icon[16:20]) == int.from_bytes(icon[20:24]) == 256
