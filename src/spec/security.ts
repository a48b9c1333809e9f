export interface SecurityScheme {
  readonly name: string;
  readonly type: "bearer" | "apiKey" | "oauth2" | "basic" | "openIdConnect";
  /** Header, query or cookie name of an API key. */
  readonly parameter?: { readonly name: string; readonly in: "header" | "query" | "cookie" };
  /** OAuth2's password flow: where a token is given for a name and a password, and what its scopes mean. */
  readonly password?: { readonly tokenUrl: string; readonly scopes: Readonly<Record<string, string>> };
}

export interface SecurityRequirement {
  readonly scheme: string;
  /** Scopes or roles that the caller needs. */
  readonly scopes: readonly string[];
}
