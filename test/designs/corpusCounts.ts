/**
 * How many elements a document of the corpus has, counted by hand in the document, where the manifest
 * says otherwise or nothing. Its counts come from a prototype that counted one thing in several forms,
 * headings instead of the names under them, or missed a form. 0: what the document shows is no design
 * of this backend.
 */
export type HandCount = Readonly<Record<string, number>>;

export const endpoints: HandCount = {
  // Guidelines, and an error design: what they show are examples.
  "Alex-Korakuen/KorakuenV2/docs/api-design-principles.md": 0,
  "onelasha/Nedlia/docs/api-standards.md": 0,
  "riccardosaponi/template-backend/docs/error-model.md": 0,
  // Five endpoints in the table; the headings repeat two, and three are open questions.
  "bakufu-dev/bakufu/docs/features/agent/http-api/detailed-design.md": 5,
  // Calls inside sentences of the domain model.
  "Alex-Korakuen/KorakuenV2/docs/domain-model.md": 1,
  // 149 with the request line of an example of paging.
  "ASTINO-maker/SO.TE.CO/docs/api-design.md": 148,
  // 67 headings, of which 20 name two or three methods more.
  "AI-Kurukshetra/nextgen-clinical-trial-management-platform/docs/api-contracts.md": 87,
  // Every method of "GET/POST" and every path of a cell; four invitations answers have no path of their own.
  "falcon-Z/z0-auth/docs/data-model.md": 40,
  // 34 headings, and one that only the text of an answer names.
  "MAKF-TECH/usf-platform/docs/architecture/api-contracts.md": 35,
  // A document of the database; the sentence of an integrity rule names one call.
  "Alex-Korakuen/KorakuenV2/docs/schema-reference.md": 1,
};

/** Tables of database designs that are Markdown; those of SQL, DBML and OpenAPI files are in the manifest. */
export const tables: HandCount = {
  // DynamoDB, MySQL.
  "7-central/security-design-assistant/docs/architecture/database-schema.md": 0,
  "Kelvince01/supasoft/docs/architecture/database-schema.md": 0,
  // The blocks without the 46 enums.
  "Hopin-inc/civicship-api/docs/ERD.md": 71,
  // Names in lists.
  "gokbilge/manageCallAI/docs/design/database-schema.md": 51,
  "AI-Kurukshetra/nextgen-clinical-trial-management-platform/docs/database.md": 23,
  // Three in a list and nine in sentences.
  "BjornMelin/tripsage-ai/docs/architecture/database.md": 12,
  // CREATE TABLE with Japanese names; the diagrams draw them again under two aliases each.
  "k2works/case-study-accounting/docs/design/data-model.md": 12,
  // Seven drawn with columns, two only related; Prisma, SQL and column tables repeat them.
  "keichan110/snow-school-scheduler/docs/design/database-design.md": 9,
  // Diagram and name table share 8 names.
  "Ermolz69/localmind-rag/docs/architecture/database.md": 23,
  // Six tables; the seventh was a list of conventions.
  "PrafulSrivastava/Policy_Aggregator/docs/architecture/database-schema.md": 6,
  // Two of the five column tables were missed.
  "Hakamada-idigio/adsi-workshop-template/docs/design/database.md": 5,
  "bakufu-dev/bakufu/docs/design/domain-model/storage.md": 5,
};

/** Entities and value objects of domain models and mixed designs; tables in them count too. */
export const entities: HandCount = {
  // Names under "Entities" and a described one.
  "gokbilge/manageCallAI/docs/design/domain-model.md": 55,
  "ASTINO-maker/SO.TE.CO/docs/domain-model.md": 22,
  "2040844697/rib-sys/docs/domain-model.md": 25,
  "THAMIZH-ARASU/contextiva/docs/architecture/data-models.md": 4,
  // Five entities and three value objects, one without fields.
  "Hakamada-idigio/adsi-workshop-template/docs/design/domain-model.md": 8,
  // Eight chapters on one thing each, mostly prose.
  "Alex-Korakuen/KorakuenV2/docs/domain-model.md": 8,
  // 17 column tables, 32 in name tables, two headings with prose; one is superseded.
  "falcon-Z/z0-auth/docs/data-model.md": 51,
  // Without domain events, checkers, ids and the foreign models of adapters.
  "onelasha/Nedlia/docs/domain-model.md": 19,
  // Classes once, not again for the Java beside them and for the overview.
  "k2works/case-study-accounting/docs/design/domain-model.md": 21,
  // Eleven value objects, two entities within the aggregates, and the table of the audit log.
  "bakufu-dev/bakufu/docs/design/domain-model/value-objects.md": 13,
  // Four tables in Prisma, the four classes in SQLAlchemy; the DTOs are the API's.
  "hubaibmahmood/spec-driven-todo-app/specs/004-auth-server/data-model.md": 8,
  // The table, and the entity it stores; the Go struct is the same table.
  "sunfmin/todo2/specs/001-todo-app/data-model.md": 2,
  // Without 11 events, 2 services, 2 repositories and a strategy.
  "xeonchen/twsoftball/docs/design/domain-model.md": 17,
  // Twelve entities; the others are lists of rules.
  "AmaanHaider/claims-adjudication-api/docs/domain-model.md": 12,
  // Three models; the others are lists of what services do.
  "geekzy/user-auth-service/.kiro/specs/user-authentication/design.md": 3,
  // One entity in Java and once more in TypeScript.
  "VanshS-21/RentKar/.kiro/specs/item-management/design.md": 1,
  // The four domain events and the service interfaces are no entities.
  "gotalab/cc-sdd/.kiro/specs/customer-support-rag-backend-en/design.md": 7,
};

/** Fields of entities, counted as list items or members in the documents where they stand one by one. */
export const fields: HandCount = {
  "StantonManagement/orchestration-service/docs/architecture/data-models.md": 50,
  "PrafulSrivastava/Policy_Aggregator/docs/architecture/data-models.md": 50,
  "7-central/security-design-assistant/docs/architecture/data-models.md": 36,
  "2040844697/rib-sys/docs/domain-model.md": 205,
  "ALPE-Plaisance-du-Touch/Gestionnaire-de-Bourse-ALPE/docs/domain-model.md": 64,
  "AmaanHaider/claims-adjudication-api/docs/domain-model.md": 71,
};

/** Indexes, and constraints, that Markdown states without SQL; counted line by line. */
export const markdownIndexes: HandCount = {
  // 98 in brackets, five in a sentence about document links.
  "ASTINO-maker/SO.TE.CO/docs/database-design.md": 103,
  "Hakamada-idigio/adsi-workshop-template/docs/design/database.md": 9,
  // Eight lookups, three unique ones, and two partial ones that only prose describes.
  "falcon-Z/z0-auth/docs/data-model.md": 13,
  "fxavier/tms-africa/docs/specs/database-design.md": 42,
  "PiggyBackPanda/truebid/docs/specs/database-schema.md": 39,
  "Mangkorn999/Project_EduQas/docs/design/db-schema.md": 5,
  "hubaibmahmood/spec-driven-todo-app/specs/004-auth-server/data-model.md": 3,
};

export const markdownConstraints: HandCount = {
  // 46 keys, 147 arrows.
  "ASTINO-maker/SO.TE.CO/docs/database-design.md": 193,
  // 5 keys, 8 references, 3 unique rules, one of them over two columns.
  "Hakamada-idigio/adsi-workshop-template/docs/design/database.md": 16,
  // 14 keys, 27 references, 9 unique rules; "unique per app" is none of one column.
  "falcon-Z/z0-auth/docs/data-model.md": 50,
  // 12 keys, 11 relations, 8 unique rules.
  "PiggyBackPanda/truebid/docs/specs/database-schema.md": 31,
  // 19 keys, 34 references, 5 unique rules, 2 checks.
  "Mangkorn999/Project_EduQas/docs/design/db-schema.md": 60,
  // 7 keys, 12 references, 2 unique rules.
  "AI-Kurukshetra/CloudPACSPro/docs/database.md": 21,
  // 22 keys, 37 references, 7 unique rules, 39 checks.
  "Alex-Korakuen/KorakuenV2/docs/schema-reference.md": 105,
};

export const errorCodes: HandCount = {
  // The 17th is the web client's own.
  "vihang-hub/studyAbroad/docs/design/error-handling.md": 16,
  // No codes: names of constraints, of redacted secrets, and of a field's fault.
  "vihang-hub/studyAbroad/specs/001-mvp-uk-study-migration/data-model.md": 0,
  "bakufu-dev/bakufu/docs/design/domain-model/storage.md": 0,
  "hubaibmahmood/spec-driven-todo-app/specs/003-fastapi-rest-api/data-model.md": 0,
  "falcon-Z/z0-auth/docs/api/CONTRACTS.md": 0,
  // `ENT001` is the value of a resource's own field `code`.
  "riccardosaponi/template-backend/spec/features/entities/entities-crud.md": 0,
  // One in an error body; the other name is an abbreviation in a sentence.
  "MAKF-TECH/usf-platform/docs/architecture/api-contracts.md": 1,
  // One code stands once more, written otherwise, in an example.
  "onelasha/Nedlia/docs/api-standards.md": 8,
  // 14 types; the 15th is `about:blank`.
  "onelasha/Nedlia/docs/error-handling.md": 14,
  // Seven codes; exceptions that become one of them are none themselves.
  "riccardosaponi/template-backend/docs/error-model.md": 7,
  // The 32nd is a state.
  "fxavier/tms-africa/docs/specs/api-contracts.md": 31,
  // The 19th belongs to the example of the envelope, and no list has it.
  "Kelvince01/supasoft/docs/architecture/api-contracts.md": 19,
  // Eight exceptions, which share five codes.
  "bakufu-dev/bakufu/docs/features/agent/http-api/detailed-design.md": 5,
  // The category of an error, which stands beside its code.
  "Aygentic/Aygentic-starter-template/docs/api/error-codes.md": 12,
  "Aygentic/Aygentic-starter-template/docs/api/endpoints/entities.md": 10,
  // The catalogue has 27 rows; the others are reasons of parts that are answered with 200.
  "mabramenka/webflux/docs/error-handling-design.md": 27,
  // Missed by the prototype: codes in tables without a status, and in the examples of answers.
  "PrafulSrivastava/Policy_Aggregator/docs/architecture/api-specification.md": 6,
  "PrafulSrivastava/Policy_Aggregator/docs/architecture/error-handling-strategy.md": 12,
  "ASTINO-maker/SO.TE.CO/docs/api-design.md": 8,
  "Alex-Korakuen/KorakuenV2/docs/api-design-principles.md": 6,
  "AHILESS161/agent/docs/api-contracts.md": 10,
  "BjornMelin/tripsage-ai/docs/api/error-codes.md": 27,
  "AEPdestiny/Reiseplanungs-Agent/docs/api-contracts.md": 14,
  "PiggyBackPanda/truebid/docs/specs/api-contracts.md": 7,
  "Mangkorn999/Project_EduQas/docs/design/api-contracts.md": 9,
  // 19 in the tables, two more in an example of names and in one service's column.
  "sumin172/reelnote/docs/specs/error-handling.md": 21,
};

/** Codes for which the document says a status; the others stand in lists without any. */
export const errorCodesWithStatus: HandCount = {
  "PrafulSrivastava/Policy_Aggregator/docs/architecture/api-specification.md": 6,
  "PrafulSrivastava/Policy_Aggregator/docs/architecture/error-handling-strategy.md": 8,
  "Alex-Korakuen/KorakuenV2/docs/api-design-principles.md": 6,
  "Mangkorn999/Project_EduQas/docs/design/api-contracts.md": 9,
  "PiggyBackPanda/truebid/docs/specs/api-contracts.md": 6,
  "sumin172/reelnote/docs/specs/error-handling.md": 20,
  "riccardosaponi/template-backend/spec/features/entities/entities-crud.md": 0,
  "Kelvince01/supasoft/docs/architecture/api-contracts.md": 18,
};
