import type { PythonNode } from "../pythonParser.ts";

/** `201`, `status.HTTP_201_CREATED` and `HTTPStatus.CREATED` where the number is visible. */
export function statusNumber(node: PythonNode): number | undefined {
  const digits = node.text.match(/(?:^|HTTP_)(\d{3})\b|HTTP_(\d{3})_/);
  const text = digits?.[1] ?? digits?.[2];
  return text === undefined ? namedStatuses[node.text.split(".").at(-1) ?? ""] : Number(text);
}

const namedStatuses: Readonly<Record<string, number>> = {
  OK: 200,
  CREATED: 201,
  ACCEPTED: 202,
  NO_CONTENT: 204,
  BAD_REQUEST: 400,
  UNAUTHORIZED: 401,
  PAYMENT_REQUIRED: 402,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
  GONE: 410,
  UNPROCESSABLE_ENTITY: 422,
  TOO_MANY_REQUESTS: 429,
  INTERNAL_SERVER_ERROR: 500,
  BAD_GATEWAY: 502,
  SERVICE_UNAVAILABLE: 503,
  GATEWAY_TIMEOUT: 504,
};
