export interface SecurityScheme {
  readonly name: string;
  readonly type: "bearer" | "apiKey" | "oauth2" | "basic" | "openIdConnect";
  /** Header, query or cookie name of an API key. */
  readonly parameter?: { readonly name: string; readonly in: "header" | "query" | "cookie" };
}

export interface SecurityRequirement {
  readonly scheme: string;
  /** Scopes or roles that the caller needs. */
  readonly scopes: readonly string[];
}
