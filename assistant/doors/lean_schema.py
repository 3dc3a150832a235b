"""JSON Schemas of a tool's arguments, short enough to be read by a model before every question.

Titles, examples, bounds, defaults of null and references are left out, and below the arguments the descriptions: the
names say enough there. The values themselves are validated with the whole schema.
"""

from collections.abc import Mapping
from typing import Any

_LEFT_OUT = {"title", "examples", "$defs", "default", "pattern", "minLength", "maxLength", "minimum", "maximum"}
_LEFT_OUT |= {"minItems", "maxItems"}


def lean_schema(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return a schema of an object without what tells a model nothing."""
    definitions = schema.get("$defs", {})
    properties = {name: _lean(one, definitions) for name, one in schema.get("properties", {}).items()}
    required = {"required": schema["required"]} if schema.get("required") else {}
    return {"type": "object", "properties": properties, **required, "additionalProperties": False}


def _lean(schema: Mapping[str, Any], definitions: Mapping[str, Any], *, inner: bool = False) -> dict[str, Any]:
    described = {} if inner or "description" not in schema else {"description": schema["description"]}
    if "$ref" in schema:
        return _lean(definitions[schema["$ref"].rpartition("/")[2]], definitions, inner=True) | described
    if "anyOf" in schema:
        (first, *others) = (one for one in schema["anyOf"] if one.get("type") != "null")
        if not others:
            return _lean(first, definitions, inner=True) | described
    found = {name: value for name, value in schema.items() if name not in _LEFT_OUT | {"description"}}
    if "properties" in found:
        found["properties"] = {name: _lean(one, definitions, inner=True) for name, one in found["properties"].items()}
        found.pop("additionalProperties", None)
    if isinstance(found.get("items"), dict):
        found["items"] = _lean(found["items"], definitions, inner=True)
    if schema.get("default") not in (None, False, 0, ""):
        found["default"] = schema["default"]
    return found | described
