/** What a column of a table says. */
export type HeaderRole =
  | "method"
  | "path"
  | "description"
  | "auth"
  | "code"
  | "status"
  | "message"
  | "retryable"
  | "field"
  | "column"
  | "type"
  | "required"
  | "nullable"
  | "constraints"
  | "default"
  | "key"
  | "table"
  | "index"
  | "columns"
  | "unique"
  | "where"
  | "from"
  | "to"
  | "trigger"
  | "rule"
  | "id"
  | "entity"
  | "policy"
  | "command"
  | "predicate"
  | "location"
  | "values"
  | "request"
  | "response"
  | "errors";

/** Header words of the languages that design documents are written in; compared in lower case, whole. */
const vocabulary: Record<HeaderRole, string> = {
  method:
    "method|http method|verb|http verb|http|メソッド|httpメソッド|方法|请求方法|метод|método|metodo|méthode|메서드",
  path: "path|endpoint|route|url|uri|api|url path|パス|エンドポイント|路径|接口|接口路径|путь|эндпоинт|маршрут|ruta|rota|caminho|chemin|경로|엔드포인트",
  description:
    "description|purpose|summary|notes|note|meaning|comment|comments|details|remarks|explanation|use when|when|when it occurs|cause|説明|概要|備考|用途|描述|说明|备注|описание|примечание|назначение|descripción|descrição|descrizione|설명|비고",
  auth: "auth|authentication|authorization|access|permission|permissions|role|roles|required role|auth required|who|認証|権限|認可|权限|认证|авторизация|доступ|роль|인증|권한|acceso|autenticación|autenticação",
  code: "code|error code|error_code|errorcode|error|errors code|error type|exception|problem type uri|type uri|problem type|name|identifier|エラーコード|コード|错误码|错误代码|код|код ошибки|código|código de error|codice|에러 코드|코드|code d'erreur",
  status:
    "status|http status|http|http code|status code|http status code|response status|code http|ステータス|httpステータス|http ステータス|ステータスコード|状态码|http状态码|http 状态码|http-статус|статус|http статус|estado|estado http|status http|상태 코드|http 상태",
  message:
    "message|default message|user message|error message|title|user-facing message|client message|メッセージ|消息|提示|сообщение|mensaje|mensagem|messaggio|메시지",
  retryable: "retry|retry?|retryable|retryable?|retriable|can retry|safe to retry|再試行|リトライ|可重试|повтор|재시도",
  field:
    "field|field name|attribute|property|parameter|param|name|key|member|フィールド|フィールド名|属性|属性名|項目|項目名|パラメータ|名前|字段|字段名|参数|属性|поле|параметр|свойство|атрибут|campo|atributo|parámetro|propriedade|champ|필드|속성",
  column: "column|column name|カラム|カラム名|列|列名|столбец|колонка|columna|coluna|colonna|colonne|컬럼|컬럼명",
  type: "type|data type|datatype|sql type|column type|db type|field type|python type|型|データ型|类型|数据类型|тип|тип данных|tipo|tipo de dato|타입",
  required:
    "required|required?|mandatory|req|req.|must|必須|必填|是否必填|обязательное|обязательно|обяз.|requerido|obligatorio|obrigatório|obligatoire|필수",
  nullable: "null|nullable|null?|nullable?|nulls|allow null|null許可|nullを許可|可空|允许空|允许为空",
  constraints:
    "constraint|constraints|modifiers|validation|validations|validation rules|rules|restrictions|attributes|flags|properties|limits|制約|約束|バリデーション|约束|校验规则|ограничения|валидация|restricciones|restrições|vincoli|제약|제약조건",
  default:
    "default|default value|defaults|デフォルト|デフォルト値|既定値|初期値|默认值|默认|по умолчанию|valor por defecto|padrão|기본값",
  key: "key|keys|pk/fk|pk|fk|キー|键|ключ|clave|chave",
  table: "table|table name|テーブル|テーブル名|表|表名|таблица|tabla|tabela|tabella|테이블",
  index: "index|index name|インデックス|インデックス名|索引|索引名|индекс|índice|indice|인덱스",
  columns:
    "columns|column(s)|column|fields|on|definition|カラム|対象カラム|列|字段|столбцы|колонки|columnas|colunas|컬럼",
  unique: "unique|unique?|ユニーク|唯一",
  where: "where|condition|partial|predicate|filter|条件",
  from: "from|from state|current|current state|source|source state|state|現在の状態|遷移元|当前状态|из|desde|de",
  to: "to|to state|next|next state|target|target state|new state|allowed next|allowed transitions|transitions to|次の状態|遷移先|下一状态|目标状态|в|a|hasta|para",
  trigger:
    "trigger|event|action|via|triggered by|transition|operation|command|トリガー|イベント|触发|触发条件|событие|evento|acción|gatilho",
  rule: "rule|invariant|business rule|statement|requirement|ルール|規則|ビジネスルール|不変条件|规则|业务规则|правило|инвариант|regla|regra|규칙",
  id: "id|#|no|no.|nr|rule id|ref|code|番号|编号|№",
  entity:
    "entity|aggregate|aggregate root|class|model|concept|エンティティ|集約|实体|聚合|сущность|entidad|entidade|entità|엔티티",
  policy: "policy|policy name|ポリシー|策略|политика",
  command: "command|operation|operations|for|action|applies to|操作|コマンド",
  predicate:
    "using|using expression|using / with check|rule|expression|condition|predicate|with check|check|definition",
  location: "in|location|place|where",
  values: "values|allowed values|enum values|possible values|値|取りうる値|取值|значения|valores",
  request: "request|request body|body|payload|input|リクエスト|请求",
  response: "response|returns|response body|success|output|レスポンス|响应|返回",
  errors: "errors|error codes|error responses|failure|failures|エラー|错误|ошибки",
};

const roleWords = Object.entries(vocabulary).flatMap(([role, words]) =>
  words.split("|").map((word): [string, HeaderRole] => [word, role as HeaderRole]),
);

const rolesByWord = new Map<string, readonly HeaderRole[]>();
for (const [word, role] of roleWords) rolesByWord.set(word, [...(rolesByWord.get(word) ?? []), role]);

/** A table's header, asked by what its columns say instead of what they are called. */
export interface Headers {
  /** Column of the first role that the header has, roles tried in the given order. */
  readonly find: (...roles: readonly HeaderRole[]) => number | undefined;
  readonly has: (role: HeaderRole) => boolean;
}

export function readHeaders(header: readonly string[]): Headers {
  const roles = header.map((title) => rolesByWord.get(normalizeHeader(title)) ?? []);
  const find = (...wanted: readonly HeaderRole[]): number | undefined => {
    for (const role of wanted) {
      const index = roles.findIndex((known) => known.includes(role));
      if (index !== -1) return index;
    }
    return undefined;
  };
  return { find, has: (role) => find(role) !== undefined };
}

function normalizeHeader(title: string): string {
  return title
    .toLowerCase()
    .replace(/\s*[(（][^)）]*[)）]\s*$/, "")
    .replace(/\s+/g, " ")
    .trim()
    .replace(
      /^(?:typical|default|usual|expected|recommended|suggested|stable|api|`) (?=http|status|error code|code)/,
      "",
    )
    .replace(/[`*]/g, "");
}
