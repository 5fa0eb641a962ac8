"""What settings there are and when they apply, read from the JSON Schema that the program prints."""

from __future__ import annotations

import json
import os
import re
import subprocess
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

SCORESWEEP = os.environ.get("SCORESWEEP", ".build/release/scoresweep")

# Definitions that are parts of the language, not settings.
PARTS = {
    "generator", "grid", "axes", "zip", "for", "exclude", "also", "bounds", "where", "base",
    "metrics", "tables",
}  # fmt: skip


@dataclass
class Setting:
    """One dotted path: what it may be and what must hold for it to apply."""

    path: str
    schema: dict
    # The setting that decides and the variants it must name; no names: it must not be null.
    requirement: tuple[str, list[str]] | None
    is_object: bool
    is_variant: bool
    is_optional: bool
    members: list[str] = field(default_factory=list)

    @cached_property
    def defaults(self) -> dict[str, Any]:
        """The default with each variant, where they differ."""
        found = re.search(r"; by default (.+?); applies", self.schema["description"])
        groups = re.findall(r"(\S+) with (.+?)(?=, \S+ with |$)", found[1]) if found else []
        return {name: json.loads(value) for value, names in groups for name in words(names)}

    @cached_property
    def is_numeric(self) -> bool:
        """Whether values are numbers, so that generators and bounds are possible."""
        forms = self.schema.get("anyOf", [self.schema])
        return any(form.get("type") in ("integer", "number") for form in forms)

    @cached_property
    def is_whole(self) -> bool:
        """Whether only whole numbers are possible, so that generated ones are rounded."""
        forms = [form for form in self.schema.get("anyOf", [self.schema]) if form.get("type") != "null"]
        return all(form.get("type") == "integer" for form in forms)

    @cached_property
    def is_list(self) -> bool:
        """Whether a single value is itself a list."""
        forms = self.schema.get("anyOf", [self.schema])
        return any(form.get("type") == "array" for form in forms)


def words(text: str) -> list[str]:
    """Takes "esm, ism and ssm" apart."""
    return re.split(r", | and ", text)


def alternatives(definition: dict) -> list[dict]:
    """What a schema takes, each form once: variants may take different ones, null among them."""
    forms: list[dict] = []
    for form in definition.get("anyOf", [definition]):
        forms += [inner for inner in form.get("anyOf", [form]) if inner not in forms]
    return forms


def requirement(description: str) -> tuple[str, list[str]] | None:
    """When a setting applies, as the schema's description ends."""
    if found := re.search(r"; applies only to (\S+) (.+)$", description):
        assert "…" not in found[2], f"too many names to read: {description}"
        return found[1], words(found[2])
    if found := re.search(r"; applies only where (\S+) is not null$", description):
        return found[1], []
    return None


@cache
def schema() -> dict:
    """The schema that the program prints."""
    printed = subprocess.run([SCORESWEEP, "schema"], capture_output=True, check=True, text=True)
    return json.loads(printed.stdout)


@cache
def vocabulary() -> dict[str, Setting]:
    """Every setting by its dotted path, in the order of the schema."""
    settings = {}
    definitions = schema()["$defs"]
    for path, definition in definitions.items():
        if ":" in path or path in PARTS:
            continue
        forms = alternatives(definition)
        objects = [form for form in forms if form.get("type") == "object"]
        settings[path] = Setting(
            path=path,
            schema={**definition, "anyOf": forms} if len(forms) > 1 else definition,
            requirement=requirement(definition["description"]),
            is_object=bool(objects),
            is_variant=f"{path}.type" in definitions,
            is_optional={"type": "null"} in forms,
            members=[name for form in objects for name in form["properties"] if name != "type"],
        )
    return settings


def strip_comments(text: str) -> str:
    """The text without its // comments."""
    return re.sub(r'("(?:[^"\\]|\\.)*")|//[^\n]*', lambda found: found[1] or "", text)
