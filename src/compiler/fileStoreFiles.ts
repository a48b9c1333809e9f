import type { ApiPlan, OperationPlan } from "./apiPlan.ts";
import type { GeneratedFile } from "./compilation.ts";
import type { PythonImport } from "./plan.ts";
import { importsFrom, pythonModule, stringLiteral } from "./python.ts";
import { keepsFiles } from "./uploads.ts";

/** The port of the store, the folder behind it, and what the routes do with files. */
export function fileStoreFiles(api: ApiPlan): readonly GeneratedFile[] {
  if (!keepsFiles(api)) return [];
  return [
    { path: "src/app/domain/ports/file_store.py", text: portText, step: 3 },
    { path: "src/app/persistence/local_file_store.py", text: localText, step: 3 },
    { path: "src/app/api/files.py", text: routeText(api), step: 5 },
  ];
}

/** `FileStoreDep`, for `app.api.deps`. */
export function storeDependency(api: ApiPlan): readonly string[] {
  if (!keepsFiles(api)) return [];
  return [
    `def get_file_store(settings: Annotated[Settings, Depends(get_settings)]) -> FileStore:
    """Return the store of uploaded files."""
    return LocalFileStore(settings.files_folder)


FileStoreDep = Annotated[FileStore, Depends(get_file_store)]`,
  ];
}

/** Lines of a route that takes a file: the row is written while the file is kept. */
export function uploadLines({ request }: OperationPlan, lines: readonly string[]): readonly string[] {
  const { upload } = request ?? {};
  if (!upload) return lines;
  const { attribute, most, mediaTypes, number } = upload;
  const limits = [
    ...(most === undefined ? [] : [`most=${most}`]),
    ...(mediaTypes.length === 0 ? [] : [`media_types=${tuple(mediaTypes)}`]),
  ];
  return [
    `async with ${keepers[number]}(store, body.${attribute}${limits.map((limit) => `, ${limit}`).join("")}) as ${number === "list" ? "files" : "file"}:`,
    ...lines.map((line) => `    ${line}`),
  ];
}

const keepers = { one: "kept", optional: "kept_if_sent", list: "kept_all" } as const;

function tuple(values: readonly string[]): string {
  return `(${values.map(stringLiteral).join(", ")}${values.length === 1 ? "," : ""})`;
}

/** Lines of a route that answers with a file. */
export function downloadLines({ target, endpoint }: OperationPlan, call: string): readonly string[] {
  const file = target?.file;
  if (!file) return [];
  const type = downloadType(endpoint);
  const mediaType =
    type.includes("*") && file.mediaType ? `found.${file.mediaType.name}` : stringLiteral(type.replace("*/*", octets));
  const name = file.name ? `found.${file.name.name}` : stringLiteral("file");
  const stored = (value: string, optional: boolean | undefined, fallback: string) =>
    optional ? `${value} or ${stringLiteral(fallback)}` : value;
  return [
    `found = ${call}`,
    `content = await store.open(${stored(`found.${file.key.name}`, file.key.optional, "")})`,
    `return file_answer(content, ${stored(name, file.name?.optional, "file")}, ${stored(mediaType, type.includes("*") && file.mediaType?.optional, octets)})`,
  ];
}

/** How the answer with a file is documented: an entry of the route's `responses`. */
export function downloadDocumentation({ endpoint, status }: OperationPlan): string {
  const type = stringLiteral(downloadType(endpoint));
  return `${status}: {"content": {${type}: {"schema": {"type": "string", "format": "binary"}}}}`;
}

export const storeImports: readonly PythonImport[] = [
  ...importsFrom("fastapi.responses", "StreamingResponse"),
  ...importsFrom("app.api.files", "file_answer", ...Object.values(keepers)),
];

const octets = "application/octet-stream";

function downloadType({ responses }: OperationPlan["endpoint"]): string {
  return responses.find(({ status }) => status >= 200 && status < 300)?.contentType ?? octets;
}

const portText = `"""Port of the store of uploaded files."""

from collections.abc import AsyncIterator
from typing import Protocol


class FileStore(Protocol):
    """Keeps the content of files under keys of its own; it knows no names of files."""

    async def save(self, content: AsyncIterator[bytes]) -> str:
        """Keep the content and return its key; nothing of it if it breaks off."""

    async def open(self, key: str) -> AsyncIterator[bytes]:
        """Return the content in pieces; raise \`\`FileNotFoundError\`\` without any."""

    async def delete(self, key: str) -> None:
        """Forget the content; a key without content is no error."""
`;

const localText = `"""A folder of the local file system as the store of uploaded files."""

import re
from asyncio import to_thread
from collections.abc import AsyncIterator
from pathlib import Path
from typing import BinaryIO, Final
from uuid import uuid4

_KEY: Final = re.compile(r"[0-9a-f]{32}")
_PIECE: Final = 64 * 1024


class LocalFileStore:
    """Every process that serves the API must see the same folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def save(self, content: AsyncIterator[bytes]) -> str:
        """Write it under a new key; no part of the path comes from a client."""
        key = uuid4().hex
        file = await to_thread(self._create, key)
        try:
            async for piece in content:
                await to_thread(file.write, piece)
            await to_thread(file.close)
        except BaseException:
            file.close()
            self._path(key).unlink(missing_ok=True)
            raise
        return key

    async def open(self, key: str) -> AsyncIterator[bytes]:
        """Open the file now, and read it as it is asked for."""
        return self._pieces(await to_thread(self._path(key).open, "rb"))

    async def delete(self, key: str) -> None:
        """Remove the file."""
        await to_thread(self._path(key).unlink, missing_ok=True)

    def _create(self, key: str) -> BinaryIO:
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("xb")

    def _path(self, key: str) -> Path:
        if _KEY.fullmatch(key) is None:
            raise FileNotFoundError(key)
        return self._folder / key[:2] / key

    @staticmethod
    async def _pieces(file: BinaryIO) -> AsyncIterator[bytes]:
        with file:
            while piece := await to_thread(file.read, _PIECE):
                yield piece
`;

/** Only what some table has a column for is worked out. */
function routeText(api: ApiPlan): string {
  const uploads = api.operations.filter(({ request }) => request?.upload);
  const [first] = uploads;
  const upload = first?.request?.upload;
  const values = new Set(
    uploads.flatMap(({ request }) =>
      (request?.externals ?? []).flatMap(({ source, parameter }) => (source === "file" ? (parameter ?? []) : [])),
    ),
  );
  const longest = Math.min(
    255,
    ...uploads.flatMap(({ target }) => target?.file?.name?.column.type.arguments[0] ?? []).map(Number),
  );
  const body = [
    "_PIECE: Final = 64 * 1024",
    ...(upload
      ? [keptClass(values), nameText(longest), keptText(values, upload.tooLarge.className, upload.mediaType.className)]
      : []),
    ...(uploads.some(({ request }) => request?.upload?.number === "optional") ? [keptIfSentText] : []),
    ...(uploads.some(({ request }) => request?.upload?.number === "list") ? [keptAllText] : []),
    ...(api.operations.some(({ kind }) => kind === "download") ? [answerText] : []),
  ];
  const imports = [
    ...importsFrom("collections.abc", "AsyncIterator"),
    ...importsFrom("collections.abc", "Sequence"),
    ...importsFrom("contextlib", "AsyncExitStack", "asynccontextmanager"),
    ...importsFrom("dataclasses", "dataclass"),
    ...importsFrom("fnmatch", "fnmatchcase"),
    ...importsFrom("hashlib", "sha256"),
    ...importsFrom("typing", "Final"),
    ...importsFrom("urllib.parse", "quote"),
    ...importsFrom("fastapi", "UploadFile"),
    ...importsFrom("fastapi.responses", "StreamingResponse"),
    ...importsFrom("app.core.errors", ...(upload ? [upload.tooLarge.className, upload.mediaType.className] : [])),
    ...importsFrom("app.domain.ports.file_store", "FileStore"),
  ];
  return pythonModule({ docstring: "Files of requests and answers.", imports, body });
}

const valueTypes = { key: "str", name: "str", media_type: "str", size: "int", sha256: "str" } as const;

function keptClass(values: ReadonlySet<string>): string {
  const fields = Object.entries(valueTypes).filter(([name]) => name === "key" || values.has(name));
  return [
    "@dataclass(frozen=True, slots=True)",
    "class KeptFile:",
    '    """A file that the store has, and what is known of it."""',
    "",
    ...fields.map(([name, type]) => `    ${name}: ${type}`),
  ].join("\n");
}

function nameText(longest: number): string {
  return `def safe_name(name: str | None) -> str:
    """Return the last part of a client's path, without what cannot be printed."""
    last = (name or "").replace("\\\\", "/").rpartition("/")[2]
    printable = "".join(letter for letter in last if letter.isprintable()).strip(" .")
    return printable[-${longest}:] or "file"`;
}

function keptText(values: ReadonlySet<string>, tooLarge: string, mediaType: string): string {
  const known = {
    key: "key",
    name: "safe_name(file.filename)",
    media_type: "media_type",
    size: "file.size or 0",
    sha256: "digest.hexdigest()",
  };
  const used = Object.entries(known).filter(([name]) => name === "key" || values.has(name));
  const hashes = values.has("sha256");
  return `@asynccontextmanager
async def kept(
    store: FileStore,
    file: UploadFile,
    *,
    most: int | None = None,
    media_types: tuple[str, ...] = (),
) -> AsyncIterator[KeptFile]:
    """Keep the file for good if the block, in which its row is written, ends well.

    The framework has received the whole request by then: how large one may be at all
    is for the proxy in front to say.
    """
    media_type = (file.content_type or "application/octet-stream").partition(";")[0].strip().lower()
    if media_types and not any(fnmatchcase(media_type, allowed) for allowed in media_types):
        raise ${mediaType}()
    if most is not None and (file.size or 0) > most:
        raise ${tooLarge}()
${hashes ? "    digest = sha256()\n" : ""}
    async def pieces() -> AsyncIterator[bytes]:
        while piece := await file.read(_PIECE):
${hashes ? "            digest.update(piece)\n" : ""}            yield piece

    key = await store.save(pieces())
    try:
        yield KeptFile(${used.map(([name, value]) => `${name}=${value}`).join(", ")})
    except BaseException:
        await store.delete(key)
        raise`;
}

const keptIfSentText = `@asynccontextmanager
async def kept_if_sent(
    store: FileStore,
    file: UploadFile | None,
    *,
    most: int | None = None,
    media_types: tuple[str, ...] = (),
) -> AsyncIterator[KeptFile | None]:
    """Keep a file that the form may have left out, or sent as an empty field."""
    if file is None or not file.filename:
        yield None
        return
    async with kept(store, file, most=most, media_types=media_types) as one:
        yield one`;

const keptAllText = `@asynccontextmanager
async def kept_all(
    store: FileStore,
    files: Sequence[UploadFile],
    *,
    most: int | None = None,
    media_types: tuple[str, ...] = (),
) -> AsyncIterator[list[KeptFile]]:
    """Keep all of them if the block, in which their rows are written, ends well."""
    async with AsyncExitStack() as stack:
        keeping = [kept(store, file, most=most, media_types=media_types) for file in files]
        yield [await stack.enter_async_context(one) for one in keeping]`;

const answerText = `def file_answer(content: AsyncIterator[bytes], name: str, media_type: str) -> StreamingResponse:
    """Answer with a file that browsers save and never run."""
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        "X-Content-Type-Options": "nosniff",
    }
    return StreamingResponse(content, media_type=media_type, headers=headers)`;
