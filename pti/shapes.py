"""Words of docs/export.schema.json (JSON Schema): the kinds of values, lists, objects that have certain keys and no other.

`pti.describing` writes the schema with them; a model says with them what its JSON columns hold (`Row.json_shapes`).
"""

TEXT = {"type": "string"}
WHOLE = {"type": "integer"}
YES_NO = {"type": "boolean"}


def kind(name, **more):
    """What the schema defines once, under `$defs`."""
    return {"$ref": f"#/$defs/{name}", **more}


UID, DAY, INSTANT, HTML, SHA256 = map(kind, ("uid", "day", "instant", "html", "sha256"))


def listing(items, **limits):
    return {"type": "array", **limits, "items": items}


def among(values, **more):
    return {"enum": list(values), **more}


def closed(properties, *, optional=(), **more):
    """An object that has these keys, the `optional` ones perhaps, and no other."""
    required = [name for name in properties if name not in optional]
    needed = {"required": required} if required else {}
    return {**more, "type": "object", "additionalProperties": False, **needed, "properties": properties}


def or_null(shape):
    """The same, or null."""
    if "$ref" in shape:
        return {**shape, "$ref": f"{shape['$ref']}_or_null"}
    if isinstance(shape.get("type"), str):
        return {**shape, "type": [shape["type"], "null"]}
    if "enum" in shape:
        return {**shape, "enum": [*shape["enum"], None]}
    return {"anyOf": [*shape["anyOf"], {"type": "null"}]}
