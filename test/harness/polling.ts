/** Reads until the value is as wanted, and gives it; the error of a time-out shows the last value. */
export async function eventually<T>(
  read: () => T | Promise<T>,
  wanted: (value: T) => boolean,
  limit = 90_000,
): Promise<T> {
  const end = Date.now() + limit;
  for (;;) {
    const value = await read();
    if (wanted(value)) return value;
    if (Date.now() > end)
      throw new Error(`not within ${limit} ms; last seen: ${JSON.stringify(value)?.slice(0, 2000)}`);
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
}
