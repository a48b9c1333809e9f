import assert from "node:assert/strict";
import { test } from "node:test";
import { readSpec } from "../../../src/spec/readSpec.ts";

/** Titles and headers of one language: of the API, the database, and the errors. */
interface Words {
  readonly api: readonly [title: string, method: string, path: string, description: string];
  readonly table: readonly [title: string, column: string, type: string, required: string, fallback: string];
  readonly errors: readonly [title: string, code: string, status: string, message: string];
}

const languages: Readonly<Record<string, Words>> = {
  en: {
    api: ["API contract", "Method", "Path", "Description"],
    table: ["Database", "Column", "Type", "Required", "Default"],
    errors: ["Errors", "Code", "Status", "Message"],
  },
  ja: {
    api: ["API 設計", "メソッド", "パス", "説明"],
    table: ["データベース設計", "カラム名", "型", "必須", "デフォルト"],
    errors: ["エラー設計", "エラーコード", "HTTPステータス", "メッセージ"],
  },
  zh: {
    api: ["API 设计", "请求方法", "接口地址", "描述"],
    table: ["数据库设计", "字段名", "类型", "必填", "默认值"],
    errors: ["错误处理", "错误码", "HTTP状态码", "错误信息"],
  },
  ko: {
    api: ["API 설계", "메서드", "경로", "설명"],
    table: ["데이터베이스 설계", "컬럼명", "데이터 타입", "필수", "기본값"],
    errors: ["오류 처리", "오류 코드", "HTTP 상태", "메시지"],
  },
  es: {
    api: ["Contrato de la API", "Método", "Ruta", "Descripción"],
    table: ["Base de datos", "Columna", "Tipo de datos", "Obligatorio", "Valor por defecto"],
    errors: ["Errores", "Código de error", "Estado HTTP", "Mensaje"],
  },
  pt: {
    api: ["Contrato da API", "Método", "Caminho", "Descrição"],
    table: ["Banco de dados", "Coluna", "Tipo de dados", "Obrigatório", "Valor padrão"],
    errors: ["Erros", "Código de erro", "Código HTTP", "Mensagem"],
  },
  ru: {
    api: ["API", "Метод", "Путь", "Описание"],
    table: ["База данных", "Столбец", "Тип данных", "Обязательно", "По умолчанию"],
    errors: ["Ошибки", "Код ошибки", "HTTP-статус", "Сообщение"],
  },
  fr: {
    api: ["Contrat d'API", "Méthode", "Chemin", "Description"],
    table: ["Base de données", "Colonne", "Type de données", "Obligatoire", "Valeur par défaut"],
    errors: ["Erreurs", "Code d'erreur", "Statut HTTP", "Message"],
  },
};

async function reading(words: Words): Promise<unknown> {
  const [api, method, path, description] = words.api;
  const [database, column, type, required, fallback] = words.table;
  const [errors, code, status, message] = words.errors;
  const rule = (count: number): string => `|${"--|".repeat(count)}`;
  const { spec } = await readSpec([
    {
      path: "1.md",
      text: `# ${api}\n\n| ${path} | ${method} | ${description} |\n${rule(3)}\n| /books | GET | all |\n`,
    },
    {
      path: "2.md",
      text: `# ${database}\n\n## books\n\n| ${column} | ${type} | ${required} | ${fallback} |\n${rule(4)}\n| id | uuid | ✓ | |\n| note | text | ✗ | 'x' |\n`,
    },
    {
      path: "3.md",
      text: `# ${errors}\n\n| ${code} | ${status} | ${message} |\n${rule(3)}\n| BOOK_GONE | 410 | Gone |\n`,
    },
  ]);
  return {
    endpoints: spec.api.endpoints.map((endpoint) => [endpoint.name, endpoint.summary]),
    columns: spec.database.tables.flatMap((table) =>
      table.columns.map((item) => [table.name, item.name, item.type.name, item.nullable, item.default]),
    ),
    codes: spec.errors.codes.map((item) => [item.name, item.status, item.message]),
  };
}

for (const [language, words] of Object.entries(languages)) {
  test(`headers in ${language} say what they say in English`, async () => {
    assert.deepEqual(await reading(words), {
      endpoints: [["GET /books", "all"]],
      columns: [
        ["books", "id", "uuid", false, undefined],
        ["books", "note", "text", true, "'x'"],
      ],
      codes: [["BOOK_GONE", 410, "Gone"]],
    });
  });
}

test("UTF-16 that was decoded as UTF-8 is one problem that says so", async () => {
  const bytes = Buffer.from("\uFEFF# API\n\n### GET /books\n", "utf16le");
  for (const text of [bytes.toString("utf8"), bytes.swap16().toString("utf8")]) {
    const { problems, spec } = await readSpec([{ path: "api.md", text }]);
    assert.deepEqual(spec.api.endpoints, []);
    assert.deepEqual(
      problems.filter((problem) => problem.severity === "error").map(({ line, code }) => [line, code]),
      [[1, "SPEC-ENCODING"]],
    );
    assert.match(problems.map((problem) => problem.message).join("\n"), /UTF-16, .*; save it as UTF-8/);
  }
});
