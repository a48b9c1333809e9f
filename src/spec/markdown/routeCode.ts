const decorator = /(?:^|\n)\s*@\w+\.(get|post|put|patch|delete)\(\s*["']([^"']*)["']/;
const registration = /(?:^|\n)\s*(?:router|app|api|routes)\.(get|post|put|patch|delete)\(\s*["'`](\/[^"'`]*)["'`]/;
const annotation =
  /(?:^|\n)\s*@(Get|Post|Put|Patch|Delete)(?:Mapping)?\(\s*(?:(?:value|path)\s*=\s*)?(?:["'`]([^"'`]*)["'`])?/;

/** `@router.get("/orders")`, `router.post('/orders', …)`, `@PutMapping("/{id}")` as `GET /orders`. */
export function routeIn(code: string): string | undefined {
  const match = decorator.exec(code) ?? registration.exec(code) ?? annotation.exec(code);
  if (!match?.[1]) return undefined;
  const path = match[2] ?? "";
  return `${match[1].toUpperCase()} ${path.startsWith("/") ? path : `/${path}`}`;
}

/** The path that a controller or router gives to all its routes; empty when the code gives none. */
export function controllerPath(code: string): string {
  const found =
    /@(?:RequestMapping|Controller)\(\s*["']([^"']+)/.exec(code)?.[1] ??
    /\bAPIRouter\([^)]*prefix\s*=\s*["']([^"']+)/.exec(code)?.[1] ??
    "";
  return found === "" || found.startsWith("/") ? found : `/${found}`;
}
