import type { GeneratedFile } from "./compilation.ts";
import type { ErrorCatalogue } from "./errorClasses.ts";
import { rowAttribute } from "./modelFiles.ts";
import type { AggregatePlan, BackendPlan, ErrorClassPlan, OrderPlan } from "./plan.ts";
import { importsFrom, pythonModule, stringLiteral } from "./python.ts";

/** Whether the repository of the aggregate sorts as it is told. */
export function isSorted({ orders, seeks }: AggregatePlan): boolean {
  return orders !== undefined || seeks === true;
}

/** `app.persistence.ordering`, and `app.api.cursors` where lists are paged by cursor. */
export function orderingFiles({ aggregates }: BackendPlan, errors: ErrorCatalogue): readonly GeneratedFile[] {
  const seeks = aggregates.some((aggregate) => aggregate.seeks);
  const error = cursorError(errors);
  return [
    ...(aggregates.some(isSorted)
      ? [{ path: "src/app/persistence/ordering.py", text: orderingText(seeks, error), step: 3 as const }]
      : []),
    ...(seeks ? [{ path: "src/app/api/cursors.py", text: cursorText(error), step: 5 as const }] : []),
  ];
}

/** The designed error for a cursor that is none of ours, else that for any other bad value. */
function cursorError({ classes, invalid }: ErrorCatalogue): ErrorClassPlan {
  return classes.find(({ code, status }) => /cursor/i.test(code) && status < 500) ?? invalid;
}

/** The table of a repository from names that requests use to orders. */
export function orderTable(aggregate: AggregatePlan): string {
  const { className, key, fields, orders = [] } = aggregate;
  const row = `${className}Row`;
  const keys = key.map(({ name }) => `${row}.${rowAttribute(name)}`);
  const created = fields.find(({ role, optional }) => role === "createdAt" && !optional);
  const newest = created ? [`${row}.${rowAttribute(created.name)}`] : [];
  const ordering = (columns: readonly string[], descending: boolean): string =>
    `Ordering((${[...new Set(columns)].join(", ")},)${descending ? ", descending=True" : ""})`;
  const rows = orders.map(
    ({ name, field, descending }: OrderPlan) =>
      `    ${stringLiteral(name)}: ${ordering([`${row}.${rowAttribute(field.name)}`, ...keys], descending)},`,
  );
  return [
    `_DEFAULT_ORDER: Final = ${ordering([...newest, ...keys], newest.length > 0)}`,
    ...(aggregate.orders ? [`_ORDERS: Final[Mapping[str, Ordering]] = {\n${rows.join("\n")}\n}`] : []),
  ].join("\n");
}

function orderingText(seeks: boolean, { className }: ErrorClassPlan): string {
  const seeking = `
    def after(self, position: Position) -> ColumnElement[bool]:
        """Match the rows behind a position; refuse one that this order cannot have."""
        if len(position) != len(self.columns):
            raise ${className}()
        try:
            values = [
                literal(_PARSERS[column.type.python_type](text), column.type)
                for column, text in zip(self.columns, position, strict=True)
            ]
        except (ArithmeticError, ValueError) as error:
            raise ${className}() from error
        here = tuple_(*self.columns)
        return here < tuple_(*values) if self.descending else here > tuple_(*values)

    def position_of(self, row: object) -> Position:
        """Return where the row stands, as text."""
        values = [getattr(row, column.key) for column in self.columns]
        return tuple(value.isoformat() if isinstance(value, date) else str(value) for value in values)`;
  const parsers = `_PARSERS: Final[Mapping[type[Any], Callable[[str], Any]]] = {
    str: str,
    int: int,
    float: float,
    UUID: UUID,
    Decimal: Decimal,
    date: date.fromisoformat,
    datetime: datetime.fromisoformat,
}`;
  const ordering = `@dataclass(frozen=True, slots=True)
class Ordering:
    """Columns that a list is sorted by; the key is last, so no two rows stand equal."""

    columns: tuple[InstrumentedAttribute[Any], ...]
    descending: bool = False

    @property
    def clauses(self) -> list[ColumnElement[Any]]:
        """Return what \`\`ORDER BY\`\` takes."""
        return [column.desc() if self.descending else column.asc() for column in self.columns]
${seeks ? seeking : ""}`;
  const imports = [
    ...importsFrom("collections.abc", "Callable", "Mapping"),
    ...importsFrom("dataclasses", "dataclass"),
    ...importsFrom("datetime", "date", "datetime"),
    ...importsFrom("decimal", "Decimal"),
    ...importsFrom("typing", "Any", "Final"),
    ...importsFrom("uuid", "UUID"),
    ...importsFrom("sqlalchemy", "ColumnElement", "literal", "tuple_"),
    ...importsFrom("sqlalchemy.orm", "InstrumentedAttribute"),
    ...importsFrom("app.core.errors", className),
    ...importsFrom("app.domain.paging", "Position"),
  ];
  return pythonModule({
    docstring: "The orders of lists.",
    imports,
    body: [...(seeks ? [parsers] : []), ordering.trimEnd()],
  });
}

function cursorText({ className }: ErrorClassPlan): string {
  const body = [
    `def next_cursor(page: CursorRequest, following: Position | None) -> str | None:
    """Return where the next page begins, opaque to clients; None behind the last."""
    if following is None:
        return None
    text = json.dumps([page.order, *following], separators=(",", ":"))
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")`,
    `def position_of(cursor: str | None, order: str) -> Position | None:
    """Read a cursor; refuse one that is none of ours or belongs to another order."""
    if cursor is None:
        return None
    try:
        text = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        named, *position = json.loads(text)
    except (TypeError, ValueError) as error:
        raise ${className}() from error
    if named != order or not all(isinstance(part, str) for part in position):
        raise ${className}()
    return tuple(position)`,
  ];
  const imports = [
    "import json",
    ...importsFrom("base64", "urlsafe_b64decode", "urlsafe_b64encode"),
    ...importsFrom("app.core.errors", className),
    ...importsFrom("app.domain.paging", "CursorRequest", "Position"),
  ];
  return pythonModule({ docstring: "Cursors: positions in a list, as clients hand them back.", imports, body });
}
