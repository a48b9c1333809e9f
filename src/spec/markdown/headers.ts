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
  | "errors"
  | "event"
  | "payload"
  | "producer";

/**
 * Header words of the languages that design documents are written in (English, Japanese, Chinese, Korean,
 * Spanish, Portuguese, Russian, French, German); compared in lower case, whole. A word may have several roles.
 */
const vocabulary: Record<HeaderRole, string> = {
  method:
    "method|http method|verb|http verb|http|メソッド|httpメソッド|方法|请求方法|метод|método|metodo|méthode|메서드|请求方式|http方法|método http|métodos|verbo|verbe|http-метод|http метод|メソッド名|http 메서드|메소드|méthode http|methode|http-methode",
  path: "path|endpoint|route|url|uri|api|url path|パス|エンドポイント|路径|接口|接口路径|путь|эндпоинт|маршрут|ruta|rota|caminho|chemin|경로|엔드포인트|url路径|接口地址|端点|endpoint path|urlパス|адрес|endereço|punto de acceso|extremo|point d'accès|url 경로|pfad|endpunkt|adresse",
  description:
    "description|purpose|summary|notes|note|meaning|comment|comments|details|remarks|explanation|use when|when|when it occurs|cause|説明|概要|備考|用途|描述|说明|备注|описание|примечание|назначение|descripción|descrição|descrizione|설명|비고|目的|内容|意味|功能|含义|备注说明|描述信息|пояснение|комментарий|смысл|significado|propósito|comentario|observação|observações|comentário|finalidade|but|remarque|remarques|signification|rôle|용도|의미|내용|beschreibung|zweck|bedeutung|bemerkung|hinweis|anmerkung",
  auth: "auth|authentication|authorization|access|permission|permissions|role|roles|required role|auth required|who|認証|権限|認可|权限|认证|авторизация|доступ|роль|인증|권한|acceso|autenticación|autenticação|要認証|鉴权|需要认证|аутентификация|права|роли|rol|permiso|permisos|permissão|permissões|papel|autorización|autorização|authentification|droits|autorisation|인증 필요|역할|berechtigung|authentifizierung|rolle|rollen|zugriff",
  code: "code|error code|error_code|errorcode|error|errors code|error type|exception|problem type uri|type uri|problem type|name|identifier|エラーコード|コード|错误码|错误代码|код|код ошибки|código|código de error|codice|에러 코드|코드|code d'erreur|エラー名|错误|错误代号|тип ошибки|código de erro|codigo|code erreur|code de l'erreur|에러코드|오류 코드|오류코드|예외|例外|例外クラス|异常|исключение|excepción|exceção|fehlercode|fehler|ausnahme|kennung",
  status:
    "status|http status|http|http code|status code|http status code|response status|code http|ステータス|httpステータス|http ステータス|ステータスコード|状态码|http状态码|http 状态码|http-статус|статус|http статус|estado|estado http|status http|상태 코드|http 상태|http ステータスコード|状態コード|http状態|http 상태 코드|상태코드|상태|http код|код http|http-код|код состояния|código http|codigo http|código de estado|código de status|statut|statut http|code de statut|code statut|响应码|http 状态|http状态|http-status|statuscode|http-statuscode|http-code",
  message:
    "message|default message|user message|error message|title|user-facing message|client message|メッセージ|消息|提示|сообщение|mensaje|mensagem|messaggio|메시지|エラーメッセージ|错误信息|错误消息|提示信息|текст|сообщение об ошибке|mensaje de error|mensagem de erro|message d'erreur|에러 메시지|오류 메시지|meldung|nachricht|fehlermeldung",
  retryable:
    "retry|retry?|retryable|retryable?|retriable|can retry|safe to retry|再試行|リトライ|可重试|повтор|재시도|再試行可|再試行可能|是否可重试|重试|повторяемая|можно повторить|reintentable|reintento|repetível|retentável|réessayable|réessai|재시도 가능|wiederholbar|wiederholung",
  field:
    "field|field name|attribute|property|parameter|param|name|key|member|フィールド|フィールド名|属性|属性名|項目|項目名|パラメータ|名前|字段|字段名|参数|属性|поле|параметр|свойство|атрибут|campo|atributo|parámetro|propriedade|champ|필드|속성|名称|字段名称|名字|имя|название|имя поля|nombre|nombre del campo|nome|nome do campo|nom|nom du champ|attribut|propriété|이름|필드명|속성명|파라미터|매개변수|feld|feldname|eigenschaft|bezeichnung",
  column:
    "column|column name|カラム|カラム名|列|列名|столбец|колонка|columna|coluna|colonna|colonne|컬럼|컬럼명|物理名|論理名|字段名|列名称|имя столбца|nombre de columna|nome da coluna|nom de colonne|열|spalte|spaltenname",
  type: "type|data type|datatype|sql type|column type|db type|field type|python type|型|データ型|类型|数据类型|тип|тип данных|tipo|tipo de dato|타입|データ型名|字段类型|тип поля|tipo de datos|tipo de dados|type de données|데이터 타입|자료형|형식|유형|typ|datentyp",
  required:
    "required|required?|mandatory|req|req.|must|必須|必填|是否必填|обязательное|обязательно|обяз.|requerido|obligatorio|obrigatório|obligatoire|필수|必須/任意|是否必须|必选|обязательный|requerida|obligatoria|obrigatória|requis|필수 여부|필수여부|pflicht|pflichtfeld|erforderlich",
  nullable:
    "null|nullable|null?|nullable?|nulls|allow null|null許可|nullを許可|可空|允许空|允许为空|null可|是否为空|nullable 여부|может быть null|nulo|permite nulo|aceita nulo|nul|null 허용|널 허용|nullbar|null erlaubt",
  constraints:
    "constraint|constraints|modifiers|validation|validations|validation rules|rules|restrictions|attributes|flags|properties|limits|制約|約束|バリデーション|约束|校验规则|ограничения|валидация|restricciones|restrições|vincoli|제약|제약조건|制約条件|キー/制約|约束条件|限制|校验|правила|restricción|restrição|contrainte|contraintes|validación|validação|제약 조건|검증|유효성 검사|einschränkung|einschränkungen|bedingungen",
  default:
    "default|default value|defaults|デフォルト|デフォルト値|既定値|初期値|默认值|默认|по умолчанию|valor por defecto|padrão|기본값|既定|デフォルト値/備考|缺省值|缺省|значение по умолчанию|por defecto|predeterminado|valor padrão|par défaut|valeur par défaut|기본 값|디폴트|standard|standardwert|vorgabe|vorgabewert",
  key: "key|keys|pk/fk|pk|fk|キー|键|ключ|clave|chave|主キー|主键|первичный ключ|llave|clé|키|schlüssel",
  table:
    "table|table name|テーブル|テーブル名|表|表名|таблица|tabla|tabela|tabella|테이블|対象テーブル|数据表|имя таблицы|nombre de tabla|nome da tabela|nom de table|테이블명|테이블 이름|tabelle|tabellenname",
  index:
    "index|index name|インデックス|インデックス名|索引|索引名|индекс|índice|indice|인덱스|索引名称|имя индекса|índices|nombre del índice|nome do índice|인덱스명|색인|indexname",
  columns:
    "columns|column(s)|column|fields|on|definition|カラム|対象カラム|列|字段|столбцы|колонки|columnas|colunas|컬럼|対象列|索引字段|поля|campos|colonnes|대상 컬럼|열|spalten",
  unique: "unique|unique?|ユニーク|唯一|一意|是否唯一|уникальный|único|unicidad|unicité|유일|유니크|eindeutig",
  where: "where|condition|partial|predicate|filter|条件|条件式|условие|condición|condição|조건",
  from: "from|from state|current|current state|source|source state|state|現在の状態|遷移元|当前状态|из|desde|de|変更前|起始状态|из состояния|начальное состояние|estado inicial|estado actual|estado atual|état actuel|état initial|현재 상태|이전 상태|von|ausgangszustand",
  to: "to|to state|next|next state|target|target state|new state|allowed next|allowed transitions|transitions to|次の状態|遷移先|下一状态|目标状态|в|a|hasta|para|変更後|目标|в состояние|новое состояние|estado final|estado siguiente|próximo estado|état suivant|다음 상태|nach|zielzustand|folgezustand",
  trigger:
    "trigger|event|action|via|triggered by|triggered when|raised when|emitted when|published when|occurs when|emitted on|trigger condition|transition|operation|command|トリガー|イベント|触发|触发条件|событие|evento|acción|gatilho|契機|発生条件|発生タイミング|触发时机|操作|事件|действие|триггер|disparador|déclencheur|événement|이벤트|트리거|auslöser|ereignis|aktion",
  rule: "rule|invariant|business rule|statement|requirement|ルール|規則|ビジネスルール|不変条件|规则|业务规则|правило|инвариант|regla|regra|규칙|業務ルール|规则说明|бизнес-правило|regla de negocio|regra de negócio|règle|règle métier|비즈니스 규칙|regel|geschäftsregel",
  id: "id|#|no|no.|nr|rule id|ref|code|番号|编号|№",
  entity:
    "entity|aggregate|aggregate root|class|model|concept|エンティティ|集約|实体|聚合|сущность|entidad|entidade|entità|엔티티|エンティティ名|实体名|имя сущности|entité|agregado|엔티티명|개체|entität|klasse",
  policy: "policy|policy name|ポリシー|策略|политика|ポリシー名|策略名|política|politique|정책",
  command: "command|operation|operations|for|action|applies to|操作|コマンド",
  predicate:
    "using|using expression|using / with check|rule|expression|condition|predicate|with check|check|definition",
  location: "in|location|place|where",
  values:
    "values|allowed values|enum values|possible values|値|取りうる値|取值|значения|valores|列挙値|枚举值|допустимые значения|valores permitidos|valeurs|값|허용값|werte|wertebereich",
  request:
    "request|request body|body|payload|input|リクエスト|请求|リクエストボディ|请求体|запрос|тело запроса|petición|solicitud|requisição|requête|요청|anfrage",
  response:
    "response|returns|response body|success|output|レスポンス|响应|返回|レスポンスボディ|响应体|ответ|respuesta|resposta|réponse|응답|antwort",
  errors:
    "errors|error codes|error responses|failure|failures|エラー|错误|ошибки|エラーコード一覧|错误码|коды ошибок|errores|erros|erreurs|오류|에러|fehler|fehlercodes",
  event:
    "event|event name|domain event|event type|name|イベント|イベント名|ドメインイベント|事件|事件名|事件名称|领域事件|событие|имя события|evento|nombre del evento|nome do evento|événement|이벤트|이벤트명|ereignis",
  payload:
    "payload|payload fields|data|event data|fields|key fields|properties|attributes|contents|carries|ペイロード|データ|内容|項目|属性|载荷|负载|数据|字段|携带数据|данные|содержимое|поля|datos|dados|carga|campos|données|페이로드|데이터|daten|nutzlast",
  producer:
    "aggregate|producer|publisher|published by|emitted by|raised by|source|entity|owner|集約|発行元|聚合|发布者|来源|агрегат|источник|agregado|emisor|emissor|agrégat|발행자|애그리거트|aggregat|quelle",
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
  /** Every column of the role. */
  readonly all: (role: HeaderRole) => readonly number[];
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
  const all = (role: HeaderRole): number[] => roles.flatMap((known, index) => (known.includes(role) ? [index] : []));
  return { find, has: (role) => find(role) !== undefined, all };
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
