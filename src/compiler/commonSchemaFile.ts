import type { ApiPlan } from "./apiPlan.ts";
import type { GeneratedFile } from "./compilation.ts";
import type { PythonImport } from "./plan.ts";
import { importsFrom, pythonModule } from "./python.ts";

/** What every module of schemas may take from {@link commonSchemaFile}. */
export const commonNames = ["ApiModel", "Omittable", "Omitted", "RequestModel", "dumped", "dumped_list", "or_unset"];

/** `app.api.schemas.common`: the bases of all models, and what of the rest some of the `users` imports. */
export function commonSchemaFile(api: ApiPlan, users: readonly GeneratedFile[]): GeneratedFile {
  const used = usedNames(users);
  const has = (...names: readonly string[]) => names.some((name) => used.has(name));
  const text = pythonModule({
    docstring: "What all requests and answers have in common.",
    imports: commonImports,
    body: [
      ...(has("Omittable", "Omitted", "or_unset") ? ['T = TypeVar("T")'] : []),
      baseText(api),
      ...(has("RequestModel") ? [requestText(has(sentValues))] : []),
      ...(has("dumped", "dumped_list", sentValues) ? [dumpedText] : []),
      ...(has("dumped_list") ? [dumpedListText] : []),
      ...(has(sentValues) ? [plainText] : []),
      ...(has("or_unset") ? [orUnsetText] : []),
      ...(has("Omittable", "Omitted") ? [neverNullText] : []),
      ...(has("Omitted") ? [isNullText] : []),
      ...(has("Omittable") ? [omittableText] : []),
      ...(has("Omitted") ? [omittedText] : []),
      ...parts.filter(({ names }) => has(...names)).map(({ text: part }) => part),
    ],
  });
  return { path: "src/app/api/schemas/common.py", text, step: 1 };
}

const sentValues = "sent_values";

function usedNames(users: readonly GeneratedFile[]): ReadonlySet<string> {
  const imports = users.flatMap(
    ({ text }) => text.match(/^from app\.api\.schemas\.common import (?:\([^)]*\)|.*)$/gm) ?? [],
  );
  const names = imports.flatMap((statement) => statement.replace(/^.* import /, "").match(/\w+/g) ?? []);
  const sends = users.some(({ text }) => text.includes(`.${sentValues}(`));
  return new Set([...names, ...(sends ? [sentValues] : [])]);
}

const commonImports: readonly (PythonImport | string)[] = [
  "import re",
  ...importsFrom("collections.abc", "Sequence"),
  ...importsFrom("dataclasses", "dataclass"),
  ...importsFrom("datetime", "UTC", "date", "datetime"),
  ...importsFrom("decimal", "Decimal"),
  ...importsFrom("typing", "Annotated", "Any", "TypeVar", "overload"),
  ...importsFrom("pydantic", "AfterValidator", "AwareDatetime", "BaseModel", "BeforeValidator", "ConfigDict", "Field"),
  ...importsFrom("pydantic", "GetCoreSchemaHandler", "GetJsonSchemaHandler", "NaiveDatetime", "WithJsonSchema"),
  ...importsFrom("pydantic.alias_generators", "to_camel"),
  ...importsFrom("pydantic.json_schema", "JsonSchemaValue"),
  ...importsFrom("pydantic_core", "CoreSchema", "core_schema"),
  ...importsFrom("app.domain.unset", "UNSET", "Unset"),
];

function baseText({ camelCase, models }: ApiPlan): string {
  const generator = camelCase ? "\n        alias_generator=to_camel," : "";
  const looksAround = models.some(({ fields }) => fields.some((field) => /\(\?[=!<]/.test(field.arguments.join())));
  const engine = looksAround ? '\n        regex_engine="python-re",' : "";
  return `class ApiModel(BaseModel):
    """${camelCase ? "camelCase on the wire, immutable" : "Immutable"}; built from entities by attribute."""

    model_config = ConfigDict(${generator}${engine}
        populate_by_name=True,
        from_attributes=True,
        frozen=True,
        protected_namespaces=(),
    )`;
}

function requestText(sends: boolean): string {
  return `class RequestModel(ApiModel):
    """A request body; what the contract does not name never reaches a row."""

    model_config = ConfigDict(extra="forbid")${sends ? `\n\n${sentValuesText}` : ""}`;
}

const sentValuesText = `    def sent_values(self, *without: str) -> dict[str, Any]:
        """Return the values that the request names, by attribute."""
        known = self.model_fields_set.intersection(type(self).model_fields)
        names = known.difference(without)
        return {name: _plain(getattr(self, name)) for name in sorted(names)}`;

const dumpedText = `@overload
def dumped(model: BaseModel) -> dict[str, Any]: ...


@overload
def dumped(model: BaseModel | None) -> dict[str, Any] | None: ...


def dumped(model: BaseModel | None) -> dict[str, Any] | None:
    """Return what a JSON column holds of a model: what the request named."""
    if model is None:
        return None
    return model.model_dump(mode="json", by_alias=True, exclude_unset=True)`;

const dumpedListText = `@overload
def dumped_list(models: Sequence[BaseModel]) -> list[Any]: ...


@overload
def dumped_list(models: Sequence[BaseModel] | None) -> list[Any] | None: ...


def dumped_list(models: Sequence[BaseModel] | None) -> list[Any] | None:
    """Return what a JSON column holds of a list of models."""
    return None if models is None else [dumped(model) for model in models]`;

const plainText = `def _plain(value: object) -> object:
    if isinstance(value, BaseModel):
        return dumped(value)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value`;

const orUnsetText = `def or_unset(value: T | None) -> T | Unset:
    """Leave a column that must not be null as it is when the request has no value."""
    return UNSET if value is None else value`;

const neverNullText = `@dataclass(frozen=True, slots=True)
class _NeverNull:
    """Null is for Python only: the document of the API does not know it."""

    refused: bool

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Refuse null in a request."""
        schema = handler(source)
        if not self.refused:
            return schema
        return core_schema.no_info_before_validator_function(_refuse_null, schema)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Document the value without null."""
        described = handler(schema)
        others = [item for item in described.get("anyOf", ()) if item != {"type": "null"}]
        if not others:
            return described
        return others[0] if len(others) == 1 else {**described, "anyOf": others}


def _refuse_null(value: object) -> object:
    if value is None:
        raise ValueError("must not be null")
    return value`;

const isNullText = `def _is_null(value: object) -> bool:
    return value is None`;

const omittableText = `Omittable = Annotated[T | None, _NeverNull(refused=True)]
"""A value that a request may leave out, but not set to null."""`;

const omittedText = `Omitted = Annotated[T | None, _NeverNull(refused=False), Field(exclude_if=_is_null)]
"""A value that an answer leaves out when there is none."""`;

interface Part {
  readonly names: readonly string[];
  readonly text: string;
}

const parts: readonly Part[] = [
  {
    names: ["IsoDatetime", "IsoLocalDatetime", "IsoUtcDatetime", "IsoDate"],
    text: `_ISO_DATE = re.compile(r"\\d{4}-\\d{2}-\\d{2}")


def _refuse_number(value: object) -> object:
    """Pydantic would take a bare number for seconds since 1970."""
    is_text = isinstance(value, str) and _ISO_DATE.match(value) is not None
    if is_text or isinstance(value, date):
        return value
    raise ValueError("must be a date in the form of RFC 3339")


IsoDatetime = Annotated[AwareDatetime, BeforeValidator(_refuse_number)]
IsoLocalDatetime = Annotated[NaiveDatetime, BeforeValidator(_refuse_number)]
IsoDate = Annotated[date, BeforeValidator(_refuse_number)]`,
  },
  {
    names: ["IsoUtcDatetime"],
    text: `def _without_zone(value: datetime) -> datetime:
    return value.astimezone(UTC).replace(tzinfo=None)


IsoUtcDatetime = Annotated[IsoDatetime, AfterValidator(_without_zone)]
"""A moment for a column that keeps no offset and holds UTC."""`,
  },
  {
    names: ["UtcDatetime"],
    text: `def _in_utc(value: datetime) -> datetime:
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value


UtcDatetime = Annotated[datetime, AfterValidator(_in_utc)]
"""A moment from a column that keeps no offset and holds UTC."""`,
  },
  {
    names: ["EmailText"],
    text: `EmailText = Annotated[str, WithJsonSchema({"type": "string", "format": "email"})]
"""An address that was checked when it was stored."""`,
  },
  {
    names: ["AsText"],
    text: `@dataclass(frozen=True, slots=True)
class AsText:
    """Marks an exact number that the contract writes as text of this form."""

    pattern: str = r"^-?\\d+(\\.\\d+)?$"

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Look at the text before it becomes a number."""
        return core_schema.no_info_before_validator_function(self._checked, handler(source))

    def __get_pydantic_json_schema__(self, _: CoreSchema, __: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Document the text."""
        return {"type": "string", "pattern": self.pattern}

    def _checked(self, value: object) -> object:
        is_text = isinstance(value, str) and re.search(self.pattern, value) is not None
        if is_text or isinstance(value, Decimal):
            return value
        raise ValueError(f"must be text that matches {self.pattern}")`,
  },
  {
    names: ["AsNumber"],
    text: `@dataclass(frozen=True, slots=True)
class AsNumber:
    """Marks a number that text and booleans do not stand for."""

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Look at the value before Pydantic converts it."""
        return core_schema.no_info_before_validator_function(self._checked, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Document the number, not the text that Pydantic takes as well."""
        described = handler(schema)
        alternatives = described.get("anyOf", [described])
        return next(item for item in alternatives if item.get("type") != "string")

    @staticmethod
    def _checked(value: object) -> object:
        if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
            return value
        raise ValueError("must be a number")`,
  },
];
