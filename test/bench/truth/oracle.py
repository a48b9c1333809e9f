"""What an application has, as it says itself when it is imported: routes of FastAPI, tables of SQLAlchemy.

    OUT=facts.json python oracle.py ROOT package.main:app package.models:Base.metadata
    OUT=migrations.json python oracle.py . - reflect:postgresql+psycopg2://localhost/migrated

Runs in the environment of the application, from the folder it is imported from; places are relative to ROOT. `-` leaves a
part out, IMPORTS names modules to load before the metadata is read, STUBS packages that are replaced by mocks.
"""

import importlib
import importlib.abc
import importlib.machinery
import inspect
import json
import os
import sys
import types
from unittest.mock import MagicMock

ROOT = os.path.realpath(sys.argv[1])
STUBS = set(filter(None, os.environ.get("STUBS", "").split(",")))


class Stub(types.ModuleType):
    __path__: list[str] = []

    def __getattr__(self, name):
        if name == "__version__":
            return "9.9.9"
        if name.startswith("__"):
            raise AttributeError(name)
        setattr(self, name, MagicMock(name=name))
        return self.__dict__[name]


class StubFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path, target=None):
        if name.split(".")[0] in STUBS:
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec):
        return Stub(spec.name)

    def exec_module(self, module):
        pass


def load(path):
    module, _, attribute = path.partition(":")
    found = importlib.import_module(module)
    for part in filter(None, attribute.split(".")):
        found = getattr(found, part)
    return found


def place(function):
    function = inspect.unwrap(function)
    while hasattr(function, "func"):
        function = function.func
    code = getattr(function, "__code__", None)
    path = os.path.realpath(code.co_filename) if code else ""
    if not path.startswith(ROOT):
        return None, None
    return os.path.relpath(path, ROOT), code.co_firstlineno


def endpoints(application, schemas, prefix=""):
    from fastapi.routing import APIRoute
    from starlette.routing import Mount

    contract = contract_of(application, schemas)
    for route in routes_of(application):
        kind = getattr(route, "original_route", route)
        if isinstance(kind, Mount):
            yield from endpoints(kind.app, schemas, prefix + route.path)
        elif isinstance(kind, APIRoute):
            path, line = place(route.endpoint)
            for method in sorted(route.methods):
                operation = contract.get(route.path_format, {}).get(method.lower(), {})
                yield {
                    **bodies(operation),
                    "secured": is_secured(route.dependant),
                    "method": method,
                    "path": prefix + route.path,
                    "status": route.status_code or 200,
                    "inSchema": bool(route.include_in_schema),
                    "file": path,
                    "line": line,
                }


def routes_of(application):
    """From version 0.137 on an included router stays one route, and what is in it is asked for."""
    from fastapi import routing

    routes = getattr(application, "routes", None) or []
    return routing.iter_route_contexts(routes) if hasattr(routing, "iter_route_contexts") else routes


def contract_of(application, schemas):
    """The paths of its OpenAPI document; what they refer to is added under names of this application's own."""
    try:
        document = application.openapi()
    except Exception:
        return {}
    own = f"A{len(schemas)}_"
    text = json.dumps(document).replace('"#/components/schemas/', f'"#/components/schemas/{own}')
    document = json.loads(text)
    for name, schema in document.get("components", {}).get("schemas", {}).items():
        schemas[own + name] = schema
    return document.get("paths", {})


def bodies(operation):
    request = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    answers = [
        answer.get("content", {}).get("application/json", {}).get("schema")
        for status, answer in operation.get("responses", {}).items()
        if status.startswith("2")
    ]
    return {"request": request, "response": answers[0] if len(answers) == 1 else None}


def is_secured(dependant):
    """Whether a request without credentials is refused; None where a scheme lets it through, or the code looks itself."""
    own = getattr(dependant, "security_requirements", None)
    found = [one.security_scheme for one in own] if own is not None else schemes_of(dependant)
    states = [getattr(scheme, "auto_error", True) for scheme in found] + [is_secured(one) for one in dependant.dependencies]
    if any(state is True for state in states):
        return True
    looks = dependant.request_param_name or dependant.header_params or dependant.cookie_params
    return None if any(state is not False for state in states) or found or looks else False


def schemes_of(dependant):
    from fastapi.security.base import SecurityBase

    return [one.call for one in dependant.dependencies if isinstance(one.call, SecurityBase)]


def metadata_of(path):
    if not path.startswith("reflect:"):
        return load(path)
    from sqlalchemy import MetaData, create_engine

    metadata = MetaData()
    metadata.reflect(create_engine(path.removeprefix("reflect:")))
    return metadata


def tables(metadata):
    for table in metadata.sorted_tables:
        constraints = [constraint(one) for one in table.constraints]
        yield {
            "name": table.name,
            "schema": table.schema,
            "columns": [column(one) for one in table.columns],
            "constraints": [one for one in constraints if one],
            "indexes": [index(one) for one in sorted(table.indexes, key=lambda one: str(one.name))],
        }


def dialect():
    from sqlalchemy.dialects import postgresql

    return postgresql.dialect()


def column(one):
    from sqlalchemy import Enum

    try:
        spelled = one.type.compile(dialect=dialect())
    except Exception:
        spelled = None
    item = getattr(one.type, "item_type", one.type)
    plain = item if isinstance(item, Enum) else getattr(item, "impl", None)
    enum = None
    if isinstance(plain, Enum):
        enum = {"name": plain.name, "values": list(plain.enums), "native": plain.native_enum}
    return {"name": one.name, "type": spelled, "nullable": bool(one.nullable), "pk": bool(one.primary_key), "enum": enum}


def constraint(one):
    from sqlalchemy import CheckConstraint, ForeignKeyConstraint, PrimaryKeyConstraint, UniqueConstraint

    columns = [column.name for column in getattr(one, "columns", [])]
    base = {"name": one.name if isinstance(one.name, str) else None, "columns": columns}
    if isinstance(one, PrimaryKeyConstraint):
        return {**base, "type": "primaryKey"} if columns else None
    if isinstance(one, UniqueConstraint):
        return {**base, "type": "unique"}
    if isinstance(one, ForeignKeyConstraint):
        targets = [element.target_fullname.rsplit(".", 1) for element in one.elements]
        return {**base, "type": "foreignKey", "table": targets[0][0], "refs": [target[1] for target in targets]}
    if isinstance(one, CheckConstraint):
        return {**base, "type": "check", "expression": condition(one.sqltext)}
    return None


def condition(expression):
    try:
        return str(expression.compile(dialect=dialect(), compile_kwargs={"literal_binds": True}))
    except Exception:
        return str(expression)


def index(one):
    from sqlalchemy.schema import CreateIndex

    try:
        statement = str(CreateIndex(one).compile(dialect=dialect()))
    except Exception:
        statement = None
    columns = [getattr(part, "name", str(part)) for part in one.expressions]
    return {"name": one.name, "unique": bool(one.unique), "sql": statement, "columns": columns}


def main():
    sys.path.insert(0, os.getcwd())
    sys.meta_path.insert(0, StubFinder())
    _, _, application, metadata = sys.argv
    facts = {"endpoints": [], "tables": []}
    if application != "-":
        facts["schemas"] = {}
        facts["endpoints"] = list(endpoints(load(application), facts["schemas"]))
    if metadata != "-":
        for module in filter(None, os.environ.get("IMPORTS", "").split(",")):
            importlib.import_module(module)
        facts["tables"] = list(tables(metadata_of(metadata)))
    with open(os.environ["OUT"], "w") as file:
        json.dump(facts, file, indent=1, default=str)


main()
