/** For those who do not know what can be asked; each is answered without a model, whatever the design. */
export const exampleQuestions = [
  "what is missing?",
  "what should I do next?",
  "which endpoints need authentication?",
  "which tables have no index?",
] as const;

/** The same with names in them, which are those of the sample. */
export const namedQuestions = [
  "where is POST /orders implemented?",
  "who may delete a product?",
  "what is missing for orders?",
  "why is ORDER_NOT_FOUND not implemented?",
] as const;
