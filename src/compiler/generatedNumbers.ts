import { valueType } from "../spec/sql/typeKinds.ts";
import type { GeneratedFile } from "./compilation.ts";
import type { AggregatePlan, FieldPlan } from "./plan.ts";

const longest = 20;

/** What SQLAlchemy makes of a new row where the application makes the value. */
export function applicationDefault({ column, type }: FieldPlan): readonly string[] {
  if (!column.fromApplication) return [];
  if (type.expression !== "str") return ["default=uuid4"];
  const [size = longest] = valueType(column.type).arguments;
  return [`default=lambda: new_number(${Math.min(size, longest)})`];
}

/** `app.persistence.numbers`, where a table has a column for it. */
export function numberFiles(aggregates: readonly AggregatePlan[]): readonly GeneratedFile[] {
  const makes = aggregates.some(({ fields }) =>
    fields.some(({ column, type }) => column.fromApplication && type.expression === "str"),
  );
  return makes ? [{ path: "src/app/persistence/numbers.py", text: numbersText, step: 3 }] : [];
}

const numbersText = `"""Numbers by which people know rows."""

from datetime import UTC, datetime
from secrets import choice
from typing import Final

_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_number(size: int) -> str:
    """Return the date and random characters, such as \`\`20260131-7H2K9QWERTY\`\`."""
    day = datetime.now(UTC).strftime("%Y%m%d-")
    return day + "".join(choice(_ALPHABET) for _ in range(size - len(day)))
`;
