import { isNode, listAt, type Node, nodeAt, resolved, shapeOf } from "./schemas.ts";

/** Where the application says something else than the contract, one line each: `GET /orders 200 data[].status: …`. */
export function contractDifferences(
  contract: Node,
  application: Node,
  isCompiled: (method: string, path: string) => boolean,
): readonly string[] {
  const served = operationsOf(application);
  return [...operationsOf(contract)].flatMap(([key, said]) => {
    const made = served.get(key);
    const [method = "", path = ""] = key.split(" ");
    if (!isCompiled(method, path)) return made ? [`${key}: served, though it needs detail`] : [];
    if (!made) return [`${key}: not served`];
    return [
      ...parameterDifferences({ contract, application, place: key }, said, made),
      ...bodyDifferences({ contract, application, place: key }, said, made),
      ...responseDifferences({ contract, application, place: key }, said, made),
    ];
  });
}

interface Comparison {
  readonly contract: Node;
  readonly application: Node;
  readonly place: string;
}

interface SchemaComparison extends Comparison {
  /** A request is held to what the contract allows; what was stored is answered without being checked again. */
  readonly direction: "request" | "response";
  /** Schemas around this one, so that one that contains itself ends. */
  readonly open?: readonly unknown[];
}

const methods = ["get", "post", "put", "patch", "delete", "head", "options"];

/** By method and full path; the parameters of a path belong to its operations. */
function operationsOf(document: Node): ReadonlyMap<string, Node> {
  const [server] = listAt(document, "servers");
  const base =
    isNode(server) && typeof server["url"] === "string" ? server["url"].replace(/^https?:\/\/[^/]+/, "") : "";
  const operations = new Map<string, Node>();
  for (const [path, value] of Object.entries(nodeAt(document, "paths"))) {
    const item = resolved(document, value);
    for (const method of methods.filter((name) => item[name] !== undefined)) {
      const operation = nodeAt(item, method);
      const own = listAt(operation, "parameters").map((parameter) => resolved(document, parameter));
      const shared = listAt(item, "parameters")
        .map((parameter) => resolved(document, parameter))
        .filter((parameter) => !own.some((other) => keyOf(other) === keyOf(parameter)));
      operations.set(`${method.toUpperCase()} ${base.replace(/\/$/, "")}${path}`, {
        ...operation,
        parameters: [...shared, ...own],
      });
    }
  }
  return operations;
}

function keyOf(parameter: Node): string {
  const name = String(parameter["name"]);
  return `${parameter["in"]} ${parameter["in"] === "header" ? name.toLowerCase() : name}`;
}

function parameterDifferences(at: Comparison, said: Node, made: Node): readonly string[] {
  const known = new Map(listAt(made, "parameters").map((value) => [keyOf(nodeAt({ value }, "value")), value]));
  const wanted = listAt(said, "parameters").map((value) => nodeAt({ value }, "value"));
  const extra = [...known.keys()].filter((key) => !wanted.some((parameter) => keyOf(parameter) === key));
  return [
    ...extra.map((key) => `${at.place} ${key}: the contract has no such parameter`),
    ...wanted.flatMap((parameter) => {
      const place = `${at.place} ${keyOf(parameter)}`;
      const own = known.get(keyOf(parameter));
      if (!isNode(own)) return [`${place}: not taken`];
      const required = (parameter["required"] === true) === (own["required"] === true) ? [] : [`${place}: required`];
      return [...required, ...differences({ ...at, place, direction: "request" }, parameter["schema"], own["schema"])];
    }),
  ];
}

function bodyDifferences(at: Comparison, said: Node, made: Node): readonly string[] {
  const place = `${at.place} body`;
  const wanted = resolved(at.contract, said["requestBody"]);
  const own = resolved(at.application, made["requestBody"]);
  const types = Object.keys(nodeAt(wanted, "content"));
  if (types.length === 0) {
    const isDescribed = Object.entries(nodeAt(said, "responses")).some(
      ([status, answer]) => status.startsWith("2") && contentOf(resolved(at.contract, answer)),
    );
    return isDescribed && Object.keys(own).length > 0 ? [`${place}: the contract has none`] : [];
  }
  const required = (wanted["required"] === true) === (own["required"] === true) ? [] : [`${place}: required`];
  const missing = types
    .filter((type) => !(type in nodeAt(own, "content")))
    .map((type) => `${place} ${type}: not taken`);
  const schemas = types
    .filter((type) => type in nodeAt(own, "content"))
    .flatMap((type) =>
      differences(
        { ...at, place, direction: "request" },
        nodeAt(wanted, "content", type)["schema"],
        nodeAt(own, "content", type)["schema"],
      ),
    );
  return [...required, ...missing, ...schemas];
}

function responseDifferences(at: Comparison, said: Node, made: Node): readonly string[] {
  return Object.entries(nodeAt(said, "responses"))
    .filter(([status]) => /^\d{3}$/.test(status))
    .flatMap(([status, value]) => {
      const place = `${at.place} ${status}`;
      const own = nodeAt(made, "responses")[status];
      if (own === undefined) return [`${place}: not documented`];
      const wanted = resolved(at.contract, value);
      const answered = resolved(at.application, own);
      const schema = contentOf(wanted);
      const headers = Object.keys(nodeAt(wanted, "headers"))
        .filter((name) => !(name in nodeAt(answered, "headers")))
        .map((name) => `${place} header ${name}: not documented`);
      const isError = Number(status) >= 400;
      const body =
        schema === undefined || isError
          ? []
          : differences({ ...at, place, direction: "response" }, schema, contentOf(answered));
      return [...headers, ...body];
    });
}

function contentOf(response: Node): unknown {
  const content = nodeAt(response, "content");
  const type = Object.keys(content).find((name) => /json/.test(name)) ?? Object.keys(content)[0];
  return type === undefined ? undefined : nodeAt(content, type)["schema"];
}

function differences(at: SchemaComparison, wanted: unknown, own: unknown): readonly string[] {
  const { direction, open = [] } = at;
  if (open.includes(wanted)) return [];
  const said = shapeOf(at.contract, wanted);
  const made = shapeOf(at.application, own);
  const deeper = (place: string, left: unknown, right: unknown) =>
    differences({ ...at, place: `${at.place}${place}`, open: [...open, wanted] }, left, right);
  if (said.variants.length > 1 && made.variants.length === said.variants.length) {
    return [
      ...keywordDifferences(at, said.keywords, made.keywords),
      ...said.variants.flatMap((variant, index) => deeper(` ${index}`, variant, made.variants[index])),
    ];
  }
  const names = [...said.properties.keys()].filter(
    (name) => !isHidden(at.contract, said.properties.get(name), direction),
  );
  const isTyped = said.types.length > 0 || said.properties.size > 0;
  const makes =
    made.types.length > 0 ? made.types : made.variants.flatMap((item) => shapeOf(at.application, item).types);
  const typeOf = (types: readonly string[], hasNames: boolean) => (types.length === 0 && hasNames ? ["object"] : types);
  return [
    ...(isTyped && !typeOf(said.types, said.properties.size > 0).some((type) => makes.includes(type))
      ? [`${at.place}: type ${said.types} is ${makes}`]
      : []),
    ...(isTyped && said.nullable !== made.nullable
      ? [`${at.place}: nullable ${said.nullable} is ${made.nullable}`]
      : []),
    ...keywordDifferences(at, said.keywords, made.keywords),
    ...names.flatMap((name) => {
      if (!made.properties.has(name)) return [`${at.place}.${name}: missing`];
      const required = said.required.includes(name);
      return [
        // An answer may always have what the contract leaves open.
        ...(required === made.required.includes(name) || (direction === "response" && !required)
          ? []
          : [`${at.place}.${name}: required ${required} is ${!required}`]),
        ...deeper(`.${name}`, said.properties.get(name), made.properties.get(name)),
      ];
    }),
    ...(said.items === undefined ? [] : deeper("[]", said.items, made.items)),
  ];
}

function isHidden(contract: Node, schema: unknown, direction: SchemaComparison["direction"]): boolean {
  return resolved(contract, schema)[direction === "request" ? "readOnly" : "writeOnly"] === true;
}

function keywordDifferences(
  { place, direction }: SchemaComparison,
  said: Readonly<Record<string, unknown>>,
  made: Readonly<Record<string, unknown>>,
): readonly string[] {
  const always = new Set(["enum", "format", "discriminator"]);
  return Object.entries(said)
    .filter(([name]) => direction === "request" || always.has(name))
    .filter(([name, value]) => JSON.stringify(made[name]) !== JSON.stringify(value))
    .map(([name, value]) => `${place}: ${name} ${JSON.stringify(value)} is ${JSON.stringify(made[name])}`);
}
