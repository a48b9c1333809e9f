import { isObject, type JsonObject, objectAt, stringAt } from "../json.ts";
import type { SecurityScheme } from "../security.ts";
import { exampleFaults } from "./exampleFaults.ts";
import { methods, readOperation } from "./operations.ts";
import { dereference, type OpenApiReader } from "./references.ts";
import { readSchema } from "./schemas.ts";

/** Reads an OpenAPI 3.0 or 3.1 document, or a Swagger 2.0 one in that form; what is missing or malformed in it is left out, the rest is read. */
export function readOpenApi(reader: OpenApiReader): void {
  const { root } = reader.source;
  if (root["swagger"] !== undefined || root["asyncapi"] !== undefined) return;
  const title = stringAt(objectAt(root, "info"), "title");
  if (title !== undefined) reader.into.titles.push(title);
  const basePath = basePathOf(reader);
  if (basePath !== "") reader.into.basePaths.push(basePath);
  readPaths(reader, basePath);
  for (const [name, schema] of Object.entries(objectAt(root, "components", "schemas"))) {
    reader.into.schemas.push({
      name,
      schema: readSchema(reader, schema),
      source: reader.source.spanOf(["components", "schemas", name]),
    });
  }
  for (const [name, value] of Object.entries(objectAt(root, "components", "securitySchemes"))) {
    const scheme = readSecurityScheme(name, dereference(reader, value)?.value ?? {});
    if (scheme) reader.into.securitySchemes.push(scheme);
  }
  reader.into.problems.push(...exampleFaults(reader.source));
}

function readPaths(reader: OpenApiReader, basePath: string): void {
  for (const [template, item] of Object.entries(objectAt(reader.source.root, "paths"))) {
    const pathItem = template.startsWith("/") ? dereference(reader, item) : undefined;
    if (!pathItem) continue;
    for (const method of methods) {
      const value = pathItem.value[method.toLowerCase()];
      if (!isObject(value)) continue;
      // An operation in a document that is missing is still an endpoint of this contract.
      const operation = dereference(pathItem.reader, value) ?? { reader: pathItem.reader, value: {}, keys: [] };
      const placed = { origin: reader, template, method, operation, pathItem };
      reader.into.endpoints.push(readOperation(placed, basePath));
    }
  }
}

/** The path that all servers share; servers that disagree leave it to the deployment. */
function basePathOf(reader: OpenApiReader): string {
  const servers = reader.source.root["servers"];
  if (!Array.isArray(servers)) return "";
  const paths = new Set(servers.filter(isObject).map(serverPath));
  const [only] = paths;
  return paths.size === 1 && only !== undefined ? only : "";
}

function serverPath(server: JsonObject): string {
  const variables = objectAt(server, "variables");
  const url = (stringAt(server, "url") ?? "").replace(
    /\{([^{}]+)\}/g,
    (_, name: string) => stringAt(objectAt(variables, name), "default") ?? "",
  );
  const path = url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, "").replace(/[?#].*$/, "");
  const trimmed = path.replace(/\/+$/, "");
  return trimmed === "" || trimmed.startsWith("/") ? trimmed : `/${trimmed}`;
}

/** Swagger 2.0 has the flow beside the type. */
function passwordFlow(value: JsonObject): Pick<SecurityScheme, "password"> {
  const flow = value["flow"] === "password" ? value : objectAt(value, "flows", "password");
  const tokenUrl = stringAt(flow, "tokenUrl");
  if (tokenUrl === undefined) return {};
  const scopes = Object.entries(objectAt(flow, "scopes")).map(([scope, text]) => [scope, String(text)] as const);
  return { password: { tokenUrl, scopes: Object.fromEntries(scopes) } };
}

function readSecurityScheme(name: string, value: JsonObject): SecurityScheme | undefined {
  switch (value["type"]) {
    case "http":
      return { name, type: String(value["scheme"]).toLowerCase() === "basic" ? "basic" : "bearer" };
    case "apiKey": {
      const place = (["header", "query", "cookie"] as const).find((candidate) => candidate === value["in"]) ?? "header";
      return { name, type: "apiKey", parameter: { name: stringAt(value, "name") ?? "X-API-Key", in: place } };
    }
    case "oauth2":
      return { name, type: "oauth2", ...passwordFlow(value) };
    case "openIdConnect":
      return { name, type: "openIdConnect" };
    default:
      return undefined;
  }
}
